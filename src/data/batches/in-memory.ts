// Batches of a data set in memory: each made here, or handed over as a job with copies of its records.

import { type AnyDataset, batchShape, type PictureForm, type Pictures, picturesOf } from '../float-dataset';
import type { Batch, BatchOptions } from '.';
import { epochOrder } from './epoch-order';
import type { Job } from './job';
import { imagesFrom, makingOf } from './make';

export class BatchesInMemory {
  readonly #from: Pictures;
  readonly #order: Uint32Array;

  /** @param count of batches in the epoch */
  constructor(
    readonly dataset: AnyDataset,
    readonly options: Required<BatchOptions>,
    readonly count: number,
  ) {
    const { seed, epoch, shuffle } = options;
    this.#from = picturesOf(dataset);
    this.#order = epochOrder(dataset.length, seed, epoch, shuffle);
  }

  /** Records of a batch. */
  #indices(index: number): Uint32Array {
    const { batchSize } = this.options;
    return this.#order.slice(index * batchSize, (index + 1) * batchSize);
  }

  /** Made on the calling thread. */
  batch(index: number): Batch {
    const indices = this.#indices(index);
    const images = imagesFrom(this.#from, (i) => indices[i]!, indices, this.options);
    return this.#around(index, indices, images);
  }

  /** Made by somebody else. */
  async batchBy(make: (job: Job) => Promise<Float32Array>, index: number): Promise<Batch> {
    const indices = this.#indices(index);
    const { pixels, ...form } = this.#from;
    const raw = this.#gathered(pixels, form, indices);
    return this.#around(index, indices, await make({ form, raw, indices, making: makingOf(this.options) }));
  }

  #around(index: number, indices: Uint32Array, images: Float32Array): Batch {
    const { dataset, count } = this;
    const labels = Int32Array.from(indices, (record) => dataset.labels[record]!);
    return { images, shape: batchShape(dataset, indices.length), labels, indices, index, count };
  }

  /** Copies of some records. */
  #gathered<A extends Uint8Array | Float32Array>(
    pixels: A,
    { frames, height, width, channels }: PictureForm,
    records: Uint32Array,
  ): A {
    const size = frames * height * width * channels;
    const raw = new (pixels.constructor as new (length: number) => A)(records.length * size);
    records.forEach((record, i) => {
      raw.set(pixels.subarray(record * size, (record + 1) * size), i * size);
    });
    return raw;
  }
}
