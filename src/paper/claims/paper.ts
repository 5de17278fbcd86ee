// The claims of the paper (Guo et al., AAAI 2022, table 1 and the text about it), and where its text and its table
// contradict one another.

import type { RunSettings } from '../../train';
import type { CellRecord } from '../cell';
import { short } from '../gradients/words';
import { publishedAccuracy } from '../published';
import { BY_SGD } from './evidence';
import type { ClaimPart, Stated } from './index';
import { NONE, NOT_MEASURED, partOf, signed, steep } from './parts';
import { gainsAsMuch, hasVanishedOrExploded, isAbove, isBelow, type Rule } from './rules';
import { type NamedStudy, normRatio, studyWords } from './studies';

type Dataset = RunSettings['dataset'];
const TABLE: readonly (readonly [Dataset, number])[] = (['cifar10', 'cifar100'] as const).flatMap((dataset) =>
  [2, 4, 6].map((timesteps) => [dataset, timesteps] as const),
);

/** Gains of k = 3 on CIFAR-10 as the paper's text has them, in points; its table decides between the two. */
const GAINS_IN_TEXT: readonly (readonly [timesteps: number, points: number])[] = [
  [2, 1.22],
  [4, 1.43],
  [6, 0.69],
];

/** What the paper's table has between two arms, a share. */
export function publishedDifference(
  dataset: Dataset,
  timesteps: number,
  mpr: number | null,
  against: number | null = null,
): number | undefined {
  const [a, b] = [mpr, against].map((k) => publishedAccuracy({ dataset, timesteps, mpr: k }));
  return a === undefined || b === undefined ? undefined : a - b;
}

interface ToldDifference {
  readonly at: readonly [Dataset, number];
  readonly mpr: number;
  readonly against?: number;
  readonly rule: Rule;
  readonly claimed: string;
}

function told(
  cells: readonly CellRecord[],
  { at: [dataset, timesteps], mpr, against, ...rest }: ToldDifference,
): ClaimPart {
  return partOf(cells, {
    ...{ dataset, timesteps, optimizers: BY_SGD, ...rest },
    arm: steep(mpr),
    against: against === undefined ? NONE : steep(against),
    published: publishedDifference(dataset, timesteps, mpr, against ?? null),
  });
}

/** Without any training: what the table itself says of the text. */
function contradiction(): ClaimPart[] {
  return GAINS_IN_TEXT.map(([timesteps, points]) => {
    const inTable = publishedDifference('cifar10', timesteps, 3)!;
    const other = publishedDifference('cifar10', timesteps, 5)!;
    const agrees = (100 * inTable).toFixed(2) === points.toFixed(2);
    const from = (100 * other).toFixed(2) === points.toFixed(2) ? `; ${signed(other)} is that of k = 5` : '';
    return {
      what: `CIFAR-10, T = ${timesteps}: gain of k = 3`,
      claimed: `+${points.toFixed(2)} in the text`,
      measured: `${signed(inTable)} by the table${agrees ? '' : from}`,
      budget: 'the paper’s own numbers',
      verdict: agrees ? 'holds' : 'does not hold',
    };
  });
}

function explosions(studies: readonly NamedStudy[]): ClaimPart[] {
  const parts = studies.flatMap((study): ClaimPart[] => {
    const ratio = normRatio(study, 7);
    if (ratio === undefined) return [];
    return [
      {
        what: 'gradient in the first layer at k = 7',
        claimed: 'vanishes or explodes',
        measured: `${short(ratio)} times that without MPR`,
        budget: studyWords(study),
        verdict: hasVanishedOrExploded(ratio),
      },
    ];
  });
  return parts.length > 0
    ? parts
    : [
        {
          what: 'gradient in the first layer at k = 7',
          claimed: 'vanishes or explodes',
          measured: undefined,
          budget: NOT_MEASURED,
          verdict: 'cannot be told',
        },
      ];
}

export function claimsOfPaper(cells: readonly CellRecord[], studies: readonly NamedStudy[]): Stated[] {
  return [
    {
      name: 'P1',
      of: 'paper',
      title: 'k = 1, 3 and 5 beat none, at every T and on both data sets',
      text: 'What would tell: for each data set and T the three arms against none.',
      parts: TABLE.flatMap((at) =>
        [1, 3, 5].map((mpr) => told(cells, { at, mpr, rule: isAbove, claimed: 'better' })),
      ),
    },
    {
      name: 'P2',
      of: 'paper',
      title: 'k = 3 is the best of all k, everywhere',
      text: 'What would tell: k = 3 against each other k that the paper has.',
      parts: TABLE.flatMap((at) =>
        [1, 5, 7].map((against) => told(cells, { at, mpr: 3, against, rule: isAbove, claimed: 'better' })),
      ),
    },
    {
      name: 'P3',
      of: 'paper',
      title: 'k = 3 gains 1.22, 1.43 and 1.22 points on CIFAR-10, and 3.16 on CIFAR-100 at T = 4',
      text: 'The gains as the table has them. What would tell: k = 3 against none, by how much.',
      parts: [...TABLE.slice(0, 3), TABLE[4]!].map((at) => {
        const points = publishedDifference(...at, 3)!;
        return told(cells, { at, mpr: 3, rule: gainsAsMuch(points), claimed: 'better by as much' });
      }),
    },
    {
      name: 'P4',
      of: 'paper',
      title: 'The text: the gains on CIFAR-10 are 1.22, 1.43 and 0.69 points',
      text: 'Text and table contradict one another at T = 6; the table’s accuracies decide, and nothing needs to be trained.',
      parts: contradiction(),
    },
    {
      name: 'P5',
      of: 'paper',
      title: 'k = 7 falls below none on CIFAR-10 at every T, on CIFAR-100 at T = 2 alone',
      text: 'What would tell: k = 7 against none.',
      parts: TABLE.map((at) => {
        const falls = publishedDifference(...at, 7)! < 0;
        return told(cells, {
          ...{ at, mpr: 7 },
          rule: falls ? isBelow : isAbove,
          claimed: falls ? 'worse' : 'better',
        });
      }),
    },
    {
      name: 'P6',
      of: 'paper',
      title: 'At k = 7 gradients vanish or explode, which the paper gives as the cause',
      text: 'What would tell: the norm of the gradient in the first layer, on the same weights and images, at k = 7 and without MPR. Whether that is the cause is asked by R3, which takes the growth away and leaves the shape.',
      parts: explosions(studies),
    },
  ];
}
