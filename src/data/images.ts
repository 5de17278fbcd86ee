// Images in containers, for everybody: Parquet tables and NumPy's archives. What opens them is loaded when they are.

import { type OptionsOf, oneOf, option } from '../options';
import type { ByteSource } from './bytes';
import { type Dataset, type ReadOptions, readOptions } from './dataset';
import type { PictureSet } from './picture/list';

/**
 * Reads a Parquet table of pictures (PNG or JPEG) and labels, as Hugging Face has CIFAR-10, MNIST and others: images
 * [n,H,W,C].
 * @throws SpikegradError where it is no such table, naming its columns, or is damaged
 */
export async function readParquetImages(source: ByteSource, options: ReadOptions = {}): Promise<Dataset> {
  const where = 'readParquetImages';
  const { limit } = readOptions.read(where, options);
  const { imagesOfTable } = await import('./parquet');
  return imagesOfTable(source, limit, where);
}

/** Which images of a file. */
export interface ImageArraysOptions extends ReadOptions {
  /** Of two splits, which. A file with one is shared out, 4 to 1, the same way each time. Default `train`. */
  readonly split?: 'train' | 'test';
  /** Which set it is, for its classes' names and its normalisation. Default `images`. */
  readonly name?: PictureSet;
}

export const imageArraysOptions = /* @__PURE__ */ readOptions.with({
  split: option(oneOf(['train', 'test']), 'train'),
  name: option(oneOf(['cifar10', 'cifar100', 'mnist', 'fashion-mnist', 'images']), 'images'),
} satisfies OptionsOf<Omit<ImageArraysOptions, 'limit'>>);

/**
 * Reads images and labels from one .npz: `x_train`, `y_train`, `x_test`, `y_test`; `images`, `labels`; `arr_0`,
 * `arr_1`, and others. Images are [n,H,W], [n,H,W,C] or [n,C,H,W]: bytes, or floats from 0 to 1.
 * @throws SpikegradError naming the arrays that are there, where none fit, or a value that is no pixel
 */
export async function readImageArrays(
  source: ByteSource,
  options: ImageArraysOptions = {},
): Promise<Dataset> {
  const read = imageArraysOptions.read('readImageArrays', options);
  const { imagesOfArrays } = await import('./image-arrays');
  return imagesOfArrays(source, read);
}
