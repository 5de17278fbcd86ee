// A checkpoint that the reader chose, as far as this page can go on with it.

import { type Checkpoint, decodeCheckpoint } from 'spikegrad';
import { misread } from './misread';

/**
 * @param hasPhotos whether the reader's CIFAR-10 files are here
 * @throws with words for the reader
 */
export async function openCheckpoint(file: File, hasPhotos: boolean): Promise<Checkpoint> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let checkpoint: Checkpoint;
  try {
    checkpoint = decodeCheckpoint(bytes);
  } catch (error) {
    throw misread(file.name, error);
  }
  const { dataset } = checkpoint.settings;
  if (dataset !== 'shapes' && dataset !== 'cifar10') {
    throw new Error(`${file.name} was trained on ${dataset}; this page has drawn shapes and CIFAR-10`);
  }
  if (dataset === 'cifar10' && !hasPhotos) {
    throw new Error(`${file.name} was trained on CIFAR-10: choose a file of it first, then the checkpoint`);
  }
  return checkpoint;
}
