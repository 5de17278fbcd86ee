// How wide a surrogate is where nobody said: membranes may be in millivolts, and a slope that ends one unit from a
// threshold twenty away from rest would let nothing be learnt.

import { madeOf } from '../built-in';
import { div, type Expr, formulaIn, type NumberFunction, withFormula } from '../graph/expression';
import { valueAt } from '../graph/value';
import { startOf } from '../parts';
import type { LinearSystem } from './methods';

/** The same over another width: value(u/width), derivative(u/width)/width. */
export function widened(f: NumberFunction, width: number): NumberFunction {
  if (width === 1) return f;
  const { name, parameters } = f;
  const made = {
    name,
    ...(parameters !== undefined && { parameters }),
    value: (u: number) => f.value(u / width),
    derivative: (u: number) => f.derivative(u / width) / width,
  };
  const formula = formulaIn(f);
  if (formula === undefined) return made;
  return withFormula(made, {
    value: (u) => formula.value(div(u, width)),
    derivative: (u) => div(formula.derivative(div(u, width)), width),
  });
}

/** Whether a surrogate is as wide as it is by default, so that it may be made as wide as the neuron needs. */
export const hasOwnWidth = (f: NumberFunction): boolean => madeOf(f)?.isPlain !== true;

/** What the distance from rest to threshold is measured with. */
interface Resting {
  readonly line: LinearSystem | undefined;
  readonly start: Readonly<Record<string, number>>;
  readonly states: readonly string[];
  readonly leaves: readonly Expr[];
  readonly starts: ReadonlyMap<Expr, number>;
  readonly x: Expr;
  readonly counter: Expr;
}

/** How far the threshold is from rest, and the membrane at which it is. */
export interface Distance {
  readonly distance: number;
  readonly level: number;
}

/**
 * How far the threshold is from rest: from where the states start, or where nobody said and the equations are linear,
 * from where they come to rest without input. undefined: it is no number above 0.
 */
export function distanceOf(margin: Expr, membrane: number, resting: Resting): Distance | undefined {
  const { line, start, states, leaves, starts, x, counter } = resting;
  const found = Object.keys(start).length === 0 && line !== undefined ? restOf(line, starts, x) : undefined;
  const at = new Map([...starts, [x, 0] as const, [counter, 0] as const]);
  for (const [k, leaf] of leaves.entries()) at.set(leaf, found?.[k] ?? startOf(start, states[k]!));
  const above = valueAt(margin, at);
  const distance = Math.abs(above);
  if (!(distance > 0 && Number.isFinite(distance))) return undefined;
  return { distance, level: at.get(leaves[membrane]!)! - above };
}

/** Where linear equations with numbers come to rest without input; undefined where they do not, or not at one point. */
function restOf(
  { matrix, rest }: LinearSystem,
  starts: ReadonlyMap<Expr, number>,
  x: Expr,
): number[] | undefined {
  const at = new Map([...starts, [x, 0]]);
  // Gauss with the largest pivot, on [matrix | -rest]
  const rows = matrix.map((row, i) => [...row.map((e) => valueAt(e, at)), -valueAt(rest[i]!, at)]);
  const n = rows.length;
  for (let k = 0; k < n; k++) {
    const pivot = rows.slice(k).reduce((best, row) => (Math.abs(row[k]!) > Math.abs(best[k]!) ? row : best));
    if (!(Math.abs(pivot[k]!) > 0)) return undefined;
    const from = rows.indexOf(pivot);
    [rows[k], rows[from]] = [pivot, rows[k]!];
    for (const row of rows) {
      if (row === pivot) continue;
      const factor = row[k]! / pivot[k]!;
      for (let j = k; j <= n; j++) row[j]! -= factor * pivot[j]!;
    }
  }
  const found = rows.map((row, k) => row[n]! / row[k]!);
  return found.every(Number.isFinite) ? found : undefined;
}
