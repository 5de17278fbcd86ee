// Claims in words: the tables of parts, a sentence of what was measured, every other pair of arms that was trained.

import { settingIn } from '../../train/settings/defaults';
import { neuronInWords } from '../../train/settings/neuron';
import { armWords, isReference } from '../arm';
import type { CellRecord } from '../cell';
import { conditionOf } from '../cell';
import { mean } from '../statistics';
import { table1 } from '../table1';
import { differenceWords, points } from '../table1/words';
import { judgedCells } from './evidence';
import type { Claim, ClaimPart } from './index';
import { conditionBudget, NOT_MEASURED, signed } from './parts';
import type { ClaimVerdict } from './rules';

export const PARTS_HEAD = ['what', 'claimed', 'measured', 'verdict', 'on'] as const;

/** Letters for what things were measured on, in the order in which they are met: long words stand once on a page. */
export class Budgets {
  readonly #letters = new Map<string, string>();

  letterOf(budget: string): string {
    const known = this.#letters.get(budget);
    if (known !== undefined) return known;
    const at = this.#letters.size;
    const letter = String.fromCharCode(97 + (at % 26)).repeat(1 + Math.floor(at / 26));
    this.#letters.set(budget, letter);
    return letter;
  }

  /** `a: resnet20-small of width 16, …`. */
  get words(): string[] {
    return [...this.#letters].map(([budget, letter]) => `${letter}: ${budget}`);
  }
}

/** The parts that were measured; the others are named by {@link notMeasured}. */
export function partsRows({ parts }: Claim, budgets: Budgets): string[][] {
  return parts
    .filter(isMeasured)
    .map(({ what, claimed, measured, budget, verdict }) => [
      ...[what, claimed, measured!, verdict, budgets.letterOf(budget)],
    ]);
}

/** `Not measured yet: k = 1, k = 3, k = 5 against none (CIFAR-10, T = 4; CIFAR-10, T = 6).` */
export function notMeasured({ parts }: Claim): string[] {
  const byPlace = new Map<string, string[][]>();
  for (const { what } of parts.filter((part) => !isMeasured(part))) {
    const [place, arms = what] = what.split(': ') as [string, string?];
    byPlace.set(place, [...(byPlace.get(place) ?? []), arms.split(' against ')]);
  }
  const byArms = new Map<string, string[]>();
  for (const [place, pairs] of byPlace) {
    const [arms, against] = [0, 1].map((side) => [...new Set(pairs.flatMap((pair) => pair[side] ?? []))]) as [
      string[],
      string[],
    ];
    const said = arms.join(', ') + (against.length === 0 ? '' : ` against ${against.join(', ')}`);
    byArms.set(said, [...(byArms.get(said) ?? []), place]);
  }
  const said = [...byArms].map(([arms, places]) =>
    arms === places[0] ? arms : `${arms} (${places.join('; ')})`,
  );
  return said.length === 0 ? [] : [`Not measured yet: ${said.join('; ')}.`];
}

export const CLAIMS_HEAD = ['claim', 'verdict', 'parts measured', 'what it says'] as const;

export function claimsRows(claims: readonly Claim[]): string[][] {
  return claims.map(({ name, verdict, parts, title }) => [name, verdict, measuredOf(parts), title]);
}

const isMeasured = ({ measured }: ClaimPart) => measured !== undefined;

/** `1 of 18`. */
function measuredOf(parts: readonly ClaimPart[]): string {
  return `${parts.filter(isMeasured).length} of ${parts.length}`;
}

/** What a claim's parts came to, in one sentence. */
export function claimSentence({ verdict, parts }: Claim): string {
  const measured = parts.filter(isMeasured);
  if (measured.length === 0) return 'Cannot be told: nothing of it is measured yet.';
  const counted = (wanted: ClaimVerdict) => measured.filter((part) => part.verdict === wanted).length;
  const [holds, fails, open] = [counted('holds'), counted('does not hold'), counted('cannot be told')];
  const said = [
    ...(holds > 0 ? [`${holds} hold${holds === 1 ? 's' : ''}`] : []),
    ...(fails > 0 ? [`${fails} do${fails === 1 ? 'es' : ''} not`] : []),
    ...(open > 0 ? [`of ${open} it cannot be told`] : []),
  ];
  const verdictWords = verdict.charAt(0).toUpperCase() + verdict.slice(1);
  return `${verdictWords}: of ${parts.length} part${parts.length === 1 ? '' : 's'} ${measured.length} ${measured.length === 1 ? 'is' : 'are'} measured; ${said.join(', ')}.`;
}

/** Each part of a claim with a difference, as a sentence for who reads only these. */
export const differenceOf = ({ compared }: ClaimPart): string =>
  compared?.comparison === undefined
    ? compared?.published === undefined
      ? NOT_MEASURED
      : `${NOT_MEASURED}; paper ${signed(compared.published)}`
    : differenceWords(compared.comparison.difference);

export const PAIRS_HEAD = ['arm', 'on', 'accuracy, %', 'seeds', 'difference to none, points'] as const;

/** Every arm of every condition that was trained, whatever a claim asks. */
export function everyArm(cells: readonly CellRecord[], budgets: Budgets): string[][] {
  return table1(judgedCells(cells)).flatMap(({ settings, rows }) =>
    rows.map(({ arm, lr, accuracy, deviation, cells: own, difference }) => [
      `${armWords(arm)}${settings.rateRule == null ? '' : ` at ${lr}`}`,
      budgets.letterOf(conditionBudget(settings)),
      accuracy === undefined
        ? '–'
        : `${points(accuracy)}${deviation === undefined ? '' : ` ± ${points(deviation)}`}`,
      String(own.length),
      difference === undefined ? '–' : differenceWords(difference),
    ]),
  );
}

export const NEURONS_HEAD = [
  'neuron',
  'accuracy, %',
  'LIF without MPR, %',
  'LIF with k = 3, %',
  'seeds',
  'on',
] as const;

/** Other neurons beside the LIF that was trained with the same settings. */
export function otherNeurons(cells: readonly CellRecord[], budgets: Budgets): string[][] {
  const judged = judgedCells(cells);
  const withoutNeuron = ({ settings }: CellRecord) =>
    conditionOf({ ...settings, neuron: undefined, rateRule: undefined });
  const isOther = ({ settings }: CellRecord) => settingIn(settings, 'neuron') !== 'lif';
  const groups = new Map<string, CellRecord[]>();
  for (const cell of judged.filter(isOther)) {
    const key = conditionOf(cell.settings);
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  return [...groups.values()].map((own) => {
    const { settings } = own[0]!;
    const beside = (mpr: number | null) => {
      const found = judged.filter(
        (cell) =>
          !isOther(cell) &&
          withoutNeuron(cell) === withoutNeuron(own[0]!) &&
          (mpr === null
            ? isReference({ mpr: cell.settings.mpr, scale: cell.settings.gradientScale ?? 1 })
            : cell.settings.mpr === mpr) &&
          own.some((one) => one.settings.seed === cell.settings.seed),
      );
      return found.length === 0
        ? NOT_MEASURED
        : points(mean(found.map(({ summary }) => summary.testAccuracy)));
    };
    return [
      neuronInWords(settings.neuron),
      points(mean(own.map(({ summary }) => summary.testAccuracy))),
      beside(null),
      beside(3),
      own.map((cell) => cell.settings.seed).join(', '),
      budgets.letterOf(conditionBudget(settings)),
    ];
  });
}
