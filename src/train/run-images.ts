// The content of a run's images as one short text (Node only), for its checkpoints and records: two runs with the same text
// learnt from, and were tested on, the same bytes and labels, whatever their folders are called.

import { createHash, type Hash } from 'node:crypto';
import type { Dataset } from '../data/dataset';

/** Hexadecimal digits that are kept of SHA-256. */
const DIGITS = 32;

function add(hash: Hash, { height, width, channels, length, labels, pixels }: Dataset): void {
  hash.update(`${length} images [${height},${width},${channels}]\n`).update(labels).update(pixels);
}

/** A hash of sizes, labels and pixels, in their order. The 180 MB of CIFAR-10 take half a second. */
export function contentOf(train: Dataset, test: Dataset): string {
  const hash = createHash('sha256');
  add(hash, train);
  add(hash, test);
  return hash.digest('hex').slice(0, DIGITS);
}
