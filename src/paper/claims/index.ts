// What the paper claims, and the reading that MPR sets the gradient's gain, each taken apart into what can be measured,
// with what was measured and the verdict of rules.ts. Cells and gradients come from whoever read them; where there
// are none yet a part says so.

import type { CellRecord } from '../cell';
import type { Comparison } from './evidence';
import { claimsOfPaper } from './paper';
import { claimsOfReading } from './reading';
import { allOf, type ClaimVerdict } from './rules';
import type { NamedStudy } from './studies';

/** One thing that can be measured. */
export interface ClaimPart {
  /** `CIFAR-10, T = 2: k = 3 against none`. */
  readonly what: string;
  /** `better; +1.22 in the paper`. */
  readonly claimed: string;
  /** Undefined where it is not measured yet. */
  readonly measured: string | undefined;
  /** What it was measured on, and for how long. */
  readonly budget: string;
  readonly verdict: ClaimVerdict;
  /** Where it is a difference of two arms: what a picture shows, as shares. */
  readonly compared?: {
    readonly comparison: Comparison | undefined;
    readonly published: number | undefined;
  };
  /** Where it is a number with bounds of its prediction. */
  readonly bounded?: { readonly value: number; readonly bounds: readonly [number, number] };
}

export interface Claim {
  /** `P1`, `R2`: for people who point at it. */
  readonly name: string;
  readonly of: 'paper' | 'reading';
  readonly title: string;
  /** What it says, and what would tell. */
  readonly text: string;
  readonly parts: readonly ClaimPart[];
  readonly verdict: ClaimVerdict;
}

/** A claim before it is judged. */
export type Stated = Omit<Claim, 'verdict'>;

export function claims(cells: readonly CellRecord[], studies: readonly NamedStudy[]): Claim[] {
  return [...claimsOfPaper(cells, studies), ...claimsOfReading(cells, studies)].map((claim) => ({
    ...claim,
    verdict: allOf(claim.parts.map(({ verdict }) => verdict)),
  }));
}
