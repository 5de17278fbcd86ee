// The common start of a comparison of networks: one file with a batch of images and initial weights, in PyTorch's names
// and layouts. Entrants that read it must report the same first loss, which shows that they do the same work.

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../../../src/core/random';
import { init } from '../../../src/init';
import { readSafetensors, writeSafetensors } from '../../../src/interop/safetensors';
import { loadState, stateOf } from '../../../src/interop/state';
import type { Module } from '../../../src/nn/module';
import { type ResNetVariant, resnet20 } from '../../../src/snn/resnet20';
import { type ImageBatch, imageBatch } from './images';

const STATE = 'state.';

/** Writes one into a new folder of the system's temporary one. @returns its path */
export async function writeStart(variant: ResNetVariant, batch: number): Promise<string> {
  await init({ backend: 'cpu' });
  const { source, images, labels } = await imageBatch(batch);
  const network = resnet20({ variant, random: new Random(1) });
  const file = writeSafetensors(
    [
      ['images', { dtype: 'F32', shape: [batch, 32, 32, 3], data: images }],
      ['labels', { dtype: 'I32', shape: [batch], data: labels }],
      ...(await stateOf(network, STATE)),
    ],
    { source },
  );
  const path = join(mkdtempSync(join(tmpdir(), 'spikegrad-peers-')), `${variant}-${batch}.safetensors`);
  writeFileSync(path, file);
  return path;
}

/** Reads it, filling `network` with the weights. */
export function readStart(path: string, network: Module): ImageBatch {
  const { tensors, metadata } = readSafetensors(readFileSync(path));
  const state = new Map([...tensors].filter(([name]) => name.startsWith(STATE)));
  loadState(network, state, STATE);
  return {
    source: metadata.source!,
    images: tensors.get('images')!.data as Float32Array,
    labels: tensors.get('labels')!.data as Int32Array,
  };
}
