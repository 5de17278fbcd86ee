// The trained network that speed and accuracy are measured on, where the shared folder has it: a resnet20-small, T = 2,
// 3 epochs of CIFAR-10.

import { fileURLToPath } from 'node:url';

export const SHARED =
  process.env.SPIKEGRAD_SHARED ?? fileURLToPath(new URL('../../../shared', import.meta.url));

export const TRAINED = `${SHARED}/prototypes/integer-inference/model/resnet20-small-T2.safetensors`;
