// Which values of a plan must be images in files too, and which layers over a whole image are linear ones.

import type { ConvStep, IntegerPlan, PlaneShape } from '../backends/integer';

/** Values that windows are taken of, and what those are made of: they must stay images. */
export function imagesIn({ steps, inputs }: IntegerPlan): Set<string> {
  const shapes = new Map([...inputs, ...steps].map(({ name, shape }) => [name, shape]));
  const images = new Set<string>();
  for (const step of steps.toReversed()) {
    const windows = step.op === 'count' || step.op === 'max';
    const keeps = step.op !== 'conv' && images.has(step.name);
    const isConv = step.op === 'conv' && !isWhole(step, shapes.get(step.from[0]!)!);
    if (windows || keeps || isConv) for (const name of step.from) images.add(name);
  }
  return images;
}

/** Whether a convolution is a linear layer: one window over all. */
export const isWhole = (step: ConvStep, [, height, width]: PlaneShape): boolean =>
  step.groups === 1 &&
  step.shape[1] * step.shape[2] === 1 &&
  Math.max(...step.padding) === 0 &&
  step.window[0] === height &&
  step.window[1] === width;
