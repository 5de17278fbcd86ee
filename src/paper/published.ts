// What Guo et al. (AAAI 2022) print: accuracies of table 1, and the quantization error of figure 3. They are of the
// paper's own networks, far wider and longer trained than ours, and stand beside what we measure, whatever it is.

import type { RunSettings } from '../train';

/** Average quantization error (eq. 7: the squared distance to the spike) in figure 3, last layer of the first block. */
export const PUBLISHED_QUANTIZATION_ERROR = { baseline: 0.216, mpr: 0.053 } as const;

/** Accuracy in the paper's table, in [0, 1]. */
export interface PublishedAccuracy {
  readonly dataset: RunSettings['dataset'];
  readonly timesteps: number;
  readonly mpr: number | null;
  readonly accuracy: number;
}

type Row = readonly [dataset: RunSettings['dataset'], timesteps: number, accuracies: readonly number[]];

/** Table 1, top-1 test accuracy in percent, as printed: a row for each data set and T, a column for each k. */
const TABLE_1: readonly Row[] = [
  ['cifar10', 2, [89.29, 90.26, 90.51, 89.8, 87.21]],
  ['cifar10', 4, [90.81, 92.13, 92.24, 91.65, 90.56]],
  ['cifar10', 6, [91.62, 92.69, 92.84, 92.31, 91.33]],
  ['cifar100', 2, [62.59, 63.03, 63.29, 63.14, 60.58]],
  ['cifar100', 4, [63.57, 66.03, 66.73, 66.38, 64.65]],
  ['cifar100', 6, [65.09, 67.43, 67.61, 67.57, 65.21]],
];
const COLUMNS = [null, 1, 3, 5, 7] as const;

export const PUBLISHED_ACCURACIES: readonly PublishedAccuracy[] = TABLE_1.flatMap(
  ([dataset, timesteps, accuracies]) =>
    COLUMNS.map((mpr, i) => ({ dataset, timesteps, mpr, accuracy: accuracies[i]! / 100 })),
);

/** What the paper says of its networks, and what it leaves open. */
export const PUBLISHED_NETWORK =
  'a ResNet20 of width 64 (11.25 million parameters), learning rate 0.01 along a cosine, batch 128; ' +
  'it states neither epochs, nor weight decay, nor augmentation, nor seeds';

/** The paper's accuracy for its own network ({@link PUBLISHED_NETWORK}); undefined where it has none. */
export function publishedAccuracy(
  {
    dataset,
    timesteps,
    mpr,
    gradientScale = 1,
  }: Pick<RunSettings, 'dataset' | 'timesteps' | 'mpr' | 'gradientScale'>,
  published: readonly PublishedAccuracy[] = PUBLISHED_ACCURACIES,
): number | undefined {
  if (gradientScale !== 1) return undefined;
  return published.find(
    (entry) => entry.dataset === dataset && entry.timesteps === timesteps && entry.mpr === mpr,
  )?.accuracy;
}
