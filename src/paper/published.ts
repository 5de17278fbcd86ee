// What Guo et al. (AAAI 2022) print, where it is known to us. We could not read the paper's own tables, so accuracies are
// absent rather than guessed; whoever has the paper at hand fills them in here.

import type { RunSettings } from '../train';

/** Average quantization error in figure 3, last layer of the first block. */
export const PUBLISHED_QUANTIZATION_ERROR = { before: 0.216, after: 0.053 } as const;

/** Accuracy in the paper's table, in [0, 1]. */
export interface PublishedAccuracy {
  readonly dataset: RunSettings['dataset'];
  readonly timesteps: number;
  readonly mpr: number | null;
  readonly accuracy: number;
}

export const PUBLISHED_ACCURACIES: readonly PublishedAccuracy[] = [];

/** The paper's accuracy for its own network (`resnet20` of width 64); undefined where it is not known. */
export function publishedAccuracy(
  { dataset, timesteps, mpr }: Pick<RunSettings, 'dataset' | 'timesteps' | 'mpr'>,
  published: readonly PublishedAccuracy[] = PUBLISHED_ACCURACIES,
): number | undefined {
  return published.find(
    (entry) => entry.dataset === dataset && entry.timesteps === timesteps && entry.mpr === mpr,
  )?.accuracy;
}
