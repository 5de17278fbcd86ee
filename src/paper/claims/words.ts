// Claims in words: the tables of parts, a sentence of what was measured, every other pair of arms that was trained.

import { settingIn } from '../../train/settings/defaults';
import { neuronInWords } from '../../train/settings/neuron';
import { armWords, isReference } from '../arm';
import type { CellRecord } from '../cell';
import { conditionOf } from '../cell';
import { mean } from '../statistics';
import { table1 } from '../table1';
import { budgetWords, conditionTitle, differenceWords, points } from '../table1/words';
import { judgedCells } from './evidence';
import type { Claim, Part } from './index';
import { NOT_MEASURED, signed } from './parts';
import type { Verdict } from './rules';

export const PARTS_HEAD = ['what', 'claimed', 'measured, points', 'verdict', 'measured on'] as const;

export function partsRows({ parts }: Claim): string[][] {
  return parts.map(({ what, claimed, measured, budget, verdict }) => [
    what,
    claimed,
    measured ?? NOT_MEASURED,
    verdict,
    measured === undefined ? '–' : budget,
  ]);
}

export const CLAIMS_HEAD = ['claim', 'verdict', 'parts measured', 'what it says'] as const;

export function claimsRows(claims: readonly Claim[]): string[][] {
  return claims.map(({ name, verdict, parts, title }) => [name, verdict, measuredOf(parts), title]);
}

const isMeasured = ({ measured }: Part) => measured !== undefined;

/** `1 of 18`. */
function measuredOf(parts: readonly Part[]): string {
  return `${parts.filter(isMeasured).length} of ${parts.length}`;
}

/** What a claim's parts came to, in one sentence. */
export function claimSentence({ verdict, parts }: Claim): string {
  const measured = parts.filter(isMeasured);
  if (measured.length === 0) return 'Cannot be told: nothing of it is measured yet.';
  const counted = (wanted: Verdict) => measured.filter((part) => part.verdict === wanted).length;
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
export const differenceOf = ({ compared }: Part): string =>
  compared?.comparison === undefined
    ? compared?.published === undefined
      ? NOT_MEASURED
      : `${NOT_MEASURED}; paper ${signed(compared.published)}`
    : differenceWords(compared.comparison.difference);

export const PAIRS_HEAD = [
  'network and budget',
  'arm',
  'accuracy, %',
  'seeds',
  'difference to none, points',
] as const;

/** Every arm of every condition that was trained, whatever a claim asks. */
export function everyArm(cells: readonly CellRecord[]): string[][] {
  return table1(judgedCells(cells)).flatMap(({ settings, rows }) =>
    rows.map(({ arm, lr, accuracy, spread, cells: own, difference }) => [
      `${conditionTitle({ settings })}; ${budgetWords(settings)}`,
      `${armWords(arm)}${settings.rateRule == null ? '' : ` at ${lr}`}`,
      accuracy === undefined
        ? '–'
        : `${points(accuracy)}${spread === undefined ? '' : ` ± ${points(spread)}`}`,
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
  'network and budget',
] as const;

/** Other neurons beside the LIF that was trained with the same settings. */
export function otherNeurons(cells: readonly CellRecord[]): string[][] {
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
      `${conditionTitle({ settings })}; ${budgetWords(settings)}`,
    ];
  });
}
