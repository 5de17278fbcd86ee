// What a model file says of its images and classes, in words.

import type { ModelMetadata } from '../../interop/metadata';

/** Class names that are shown; the others are counted. */
const MOST_NAMES = 20;

/** One line for each thing that is known. */
export function metadataInWords({ classes, mean, deviation, inputShape }: ModelMetadata): string[] {
  const lines: string[] = [];
  if (inputShape?.length === 3)
    lines.push(`images [N,${inputShape}], channels last (height, width, channels)`);
  else if (inputShape !== undefined) lines.push(`vectors [N,${inputShape}]`);
  if (mean !== undefined && deviation !== undefined)
    lines.push(
      `normalised: (pixel - mean)/deviation of pixels from 0 to 1, mean ${mean.join(', ')}, deviation ${deviation.join(', ')}`,
    );
  if (classes !== undefined) {
    const more = classes.length - MOST_NAMES;
    lines.push(`classes: ${classes.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`);
  }
  return lines;
}
