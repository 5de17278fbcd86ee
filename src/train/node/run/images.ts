// The content of a run's images as one short text (Node only), for its checkpoints and records: two runs with the
// same text learnt from, and were tested on, the same bytes and labels, whatever their folders are called.

import { createHash, type Hash } from 'node:crypto';
import { isFloats } from '../../../data/float-dataset';
import { isStreamed, type TrainingData } from '../../../data/stream/dataset';

/** Hexadecimal digits that are kept of SHA-256. */
const DIGITS = 32;

/** The bytes of numbers as they lie in memory. */
const bytesOf = (numbers: ArrayBufferView) =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

function add(hash: Hash, dataset: TrainingData): void {
  if (isStreamed(dataset)) {
    hash.update(`${dataset.length} records [${dataset.shape}] in parts\n${dataset.content}\n`);
    return;
  }
  if (isFloats(dataset)) {
    const { length, shape, values, labels } = dataset;
    hash.update(`${length} records [${shape}]\n`).update(bytesOf(labels)).update(bytesOf(values));
    return;
  }
  const { height, width, channels, length, labels, pixels } = dataset;
  hash.update(`${length} images [${height},${width},${channels}]\n`).update(labels).update(pixels);
}

/**
 * A hash of sizes, labels and pixels or values, in their order; of what is read in parts, of names and sizes of files.
 * The 180 MB of CIFAR-10 take half a second.
 */
export function contentOf(train: TrainingData, test: TrainingData): string {
  const hash = createHash('sha256');
  add(hash, train);
  add(hash, test);
  return hash.digest('hex').slice(0, DIGITS);
}
