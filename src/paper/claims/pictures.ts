// Claims as pictures: the paper's gains beside ours, the arms of the reading, gains beside their prediction.

import { type ForestRow, forest } from './forest';
import type { Claim, ClaimPart } from './index';
import { NOT_MEASURED } from './parts';
import { differenceOf } from './words';

export interface ClaimPicture {
  /** Of its file, without ending. */
  readonly name: string;
  readonly svg: string;
  readonly caption: string;
}

/** Points beyond which a difference is cut. */
const REACH = 5;
const points = (share: number) => 100 * share;

function rowOf(name: string, part: ClaimPart): ForestRow {
  const { comparison, published } = part.compared ?? {};
  const { mean, interval } = comparison?.difference ?? {};
  return {
    name,
    value: mean === undefined ? undefined : points(mean),
    interval: interval && [points(interval[0]), points(interval[1])],
    ring: published === undefined ? undefined : points(published),
    note: differenceOf(part),
  };
}

/** As far as what is shown reaches, and no farther than {@link REACH}. */
function domainOf(rows: readonly ForestRow[]): [number, number] {
  const all = rows.flatMap(({ value, interval = [], ring }) => [value ?? 0, ...(interval ?? []), ring ?? 0]);
  return [Math.max(-REACH, Math.min(-1, ...all) - 0.2), Math.min(REACH, Math.max(1, ...all) + 0.2)];
}

/** Every k against none, on one data set. */
function accuracies(claims: readonly Claim[], dataset: 'CIFAR-10' | 'CIFAR-100'): ClaimPicture[] {
  const parts = claims
    .filter(({ name }) => name === 'P1' || name === 'P5')
    .flatMap((claim) => claim.parts)
    .filter(({ what }) => what.startsWith(`${dataset},`))
    .sort((a, b) => nameOf(a).localeCompare(nameOf(b), 'en', { numeric: true }));
  if (!parts.some(({ measured }) => measured !== undefined)) return [];
  const rows = parts.map((part) => rowOf(nameOf(part), part));
  return [
    {
      name: `accuracy-${dataset.toLowerCase()}`,
      svg: forest({
        title: `MPR against none on ${dataset}`,
        subtitle: `Dots: ours, with 95 % intervals where there are pairs. Rings: the paper, its own network.`,
        xLabel: 'difference in test accuracy, points',
        domain: domainOf(rows),
        zero: 0,
        rows,
      }),
      caption: `Every k of the paper against none. Budgets stand in the tables; arrows go on beyond the axis.`,
    },
  ];
}

/** `T = 2, k = 3`. */
const nameOf = ({ what }: ClaimPart) => what.replace(/^[^,]*, (T = \d+): (.*) against none$/, '$1, $2');

function reading(claims: readonly Claim[]): ClaimPicture[] {
  const rows = claims
    .filter(({ name }) => /^R[2-5]$/.test(name))
    .flatMap(({ name, parts }) =>
      parts.map((part) => rowOf(`${name}: ${part.what.replace(/^.*?: /, '')}`, part)),
    );
  if (rows.every(({ value }) => value === undefined)) return [];
  return [
    {
      name: 'reading',
      svg: forest({
        title: 'Is MPR more than a factor on the gradient?',
        subtitle: 'The reading says: none of these differs by more than the margin.',
        xLabel: 'difference in test accuracy, points',
        domain: domainOf(rows),
        zero: 0,
        rows,
      }),
      caption:
        'R2 by SGD, R3 with factors that undo a steep k, R4 under AdamW, R5 at rates that each arm chose.',
    },
  ];
}

function gains(claims: readonly Claim[]): ClaimPicture[] {
  const rows = claims
    .filter(({ name }) => name === 'R1')
    .flatMap(({ parts }) => parts)
    .flatMap(({ what, measured, claimed, bounded }): ForestRow[] =>
      bounded === undefined
        ? []
        : [
            {
              name: what.replace('gain of a layer, ', ''),
              ...{ value: bounded.value, bounds: bounded.bounds },
              note: `${measured ?? NOT_MEASURED}, predicted ${claimed}`,
            },
          ],
    );
  if (rows.length === 0) return [];
  const all = rows.flatMap(({ value, bounds }) => [value!, ...bounds!]);
  return [
    {
      name: 'gain',
      svg: forest({
        title: 'Gain of a layer: measured, and predicted from firing rates',
        subtitle: 'Dots: measured. Bars: between the bounds of the prediction. Upright line: a gain of 1.',
        xLabel: 'gain of the gradient’s norm, mean over layers',
        domain: [Math.min(...all, 1) - 0.05, Math.max(...all, 1) + 0.05],
        zero: 1,
        rows,
      }),
      caption: 'Below 1 a gradient vanishes with depth, above 1 it explodes.',
    },
  ];
}

/** Those for which there is anything to show. */
export function claimPictures(claims: readonly Claim[]): ClaimPicture[] {
  return [
    ...accuracies(claims, 'CIFAR-10'),
    ...accuracies(claims, 'CIFAR-100'),
    ...gains(claims),
    ...reading(claims),
  ];
}
