// The content of a run's images as one short text (Node only), for its checkpoints and records: two runs with the
// same text learnt from, and were tested on, the same bytes and labels, whatever their folders are called.

import { createHash, type Hash } from 'node:crypto';
import { type AnyDataset, isFloats } from '../../../data/float-dataset';

/** Hexadecimal digits that are kept of SHA-256. */
const DIGITS = 32;

/** The bytes of numbers as they lie in memory. */
const bytesOf = (numbers: ArrayBufferView) =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

function add(hash: Hash, dataset: AnyDataset): void {
  if (isFloats(dataset)) {
    const { length, shape, values, labels } = dataset;
    hash.update(`${length} records [${shape}]\n`).update(bytesOf(labels)).update(bytesOf(values));
    return;
  }
  const { height, width, channels, length, labels, pixels } = dataset;
  hash.update(`${length} images [${height},${width},${channels}]\n`).update(labels).update(pixels);
}

/** A hash of sizes, labels and pixels or values, in their order. The 180 MB of CIFAR-10 take half a second. */
export function contentOf(train: AnyDataset, test: AnyDataset): string {
  const hash = createHash('sha256');
  add(hash, train);
  add(hash, test);
  return hash.digest('hex').slice(0, DIGITS);
}
