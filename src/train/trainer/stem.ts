// The first convolution's filters as the main directions of the training images' patches, each with its negative, since
// a neuron tells one side of a direction alone (Page, "How to train your ResNet", 2019; Jordan, 2024). Norms behind it
// make variances equal, which whitens. The filters stay trainable.

import { type Batch, batchOptions } from '../../data/batches';
import { batchesAhead } from '../../data/batches/ahead';
import type { TrainingData } from '../../data/stream/dataset';
import { check } from '../../errors';
import { Conv2d } from '../../nn/conv';
import type { Module } from '../../nn/module';
import { eigenvectors } from './eigen';

/** Images that patches are taken of: the directions of more are the same to a percent. */
const IMAGES = 512;
/** From one patch to the next, down and across. */
const STRIDE = 2;

/**
 * Gives the first convolution such filters, of the norm that drawn ones have; those beyond two for each direction stay.
 * @throws unless the first convolution takes the images
 */
export async function whitenStem(network: Module, train: TrainingData, seed: number): Promise<void> {
  const stem = [...network.modules()].map(([, module]) => module).find((module) => module instanceof Conv2d);
  const drawn = batchOptions.read('Trainer', {
    batchSize: Math.min(IMAGES, train.length),
    seed,
    shuffle: true,
  });
  const first = await batchesAhead(train, drawn, 1, () => undefined).next();
  const { images, shape } = first.value as Batch;
  check(
    stem !== undefined && stem.groups === 1 && shape.length === 4 && stem.weight.shape[2] === shape[3],
    'Trainer',
    () => `the stem whitened is for a network whose first layer is a convolution of the images [${shape}]`,
  );
  const [height, width, channels, filters] = stem.weight.shape as [number, number, number, number];
  check(
    height <= shape[1]! && width <= shape[2]!,
    'Trainer',
    () => `the stem whitened takes patches of ${height}x${width}, the images are [${shape}]`,
  );
  const size = height * width * channels;
  const directions = eigenvectors(patchMoments(images, shape, height, width), size);
  const weights = Float64Array.from(await stem.weight.data());
  const norm = Math.sqrt((2 * size) / (height * width * filters));
  for (let f = 0; f < Math.min(filters, 2 * size); f++) {
    const direction = directions[f >> 1]!;
    for (let i = 0; i < size; i++) weights[i * filters + f] = (f % 2 === 0 ? norm : -norm) * direction[i]!;
  }
  stem.weight.overwrite(weights);
}

/** Sums of products of a patch's numbers, [size,size]; the images' mean is 0. */
function patchMoments(
  images: Float32Array,
  shape: readonly number[],
  height: number,
  width: number,
): Float64Array {
  const [count, rows, columns, channels] = shape as [number, number, number, number];
  const size = height * width * channels;
  const moments = new Float64Array(size * size);
  const patch = new Float64Array(size);
  for (let n = 0; n < count; n++)
    for (let top = 0; top + height <= rows; top += STRIDE)
      for (let left = 0; left + width <= columns; left += STRIDE) {
        for (let row = 0, i = 0; row < height; row++) {
          const at = ((n * rows + top + row) * columns + left) * channels;
          for (let k = 0; k < width * channels; k++) patch[i++] = images[at + k]!;
        }
        for (let i = 0; i < size; i++) {
          const value = patch[i]!;
          for (let j = i; j < size; j++) moments[i * size + j]! += value * patch[j]!;
        }
      }
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) moments[i * size + j] = moments[j * size + i]!;
  return moments;
}
