// A checkpoint that the reader chose, as far as this page can go on with it; or weights of another tool, whose
// network is then trained with the settings of the page.

import { type Checkpoint, decodeCheckpoint, readPyTorch, weightsSettings } from 'spikegrad';
import { misread } from './misread';
import { trainingOf } from './settings';
import type { ResNetState } from './state';

/** Files of PyTorch; what lies in them is told by their first bytes. */
const PYTORCH = /\.(pt|pth)$/i;

/**
 * @param hasPhotos whether the reader's CIFAR-10 files are here
 * @throws with words for the reader
 */
export async function openCheckpoint(
  file: File,
  hasPhotos: boolean,
  state: ResNetState,
): Promise<Checkpoint> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let checkpoint: Checkpoint;
  try {
    checkpoint = PYTORCH.test(file.name)
      ? await fromPyTorch(bytes, hasPhotos, state)
      : decodeCheckpoint(bytes);
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

/** The ResNet20 that the weights are of, at its first step. */
async function fromPyTorch(bytes: Uint8Array, hasPhotos: boolean, state: ResNetState): Promise<Checkpoint> {
  const { tensors } = await readPyTorch(bytes);
  const given = { ...trainingOf(state), dataset: hasPhotos ? ('cifar10' as const) : ('shapes' as const) };
  const settings = weightsSettings(tensors, given);
  if (settings === undefined)
    throw new Error(
      `its tensors (${[...tensors.keys()].slice(0, 3).join(', ')}, …) are not called as those of the ResNet20 here; \`spikegrad eval\` with --map takes other networks`,
    );
  return { tensors, settings };
}
