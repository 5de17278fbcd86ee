// The common start of a comparison of networks: one file with a batch of images and initial weights, in PyTorch's
// names and layouts. Entrants that read it must report the same loss of its first image, which shows that they do the
// same work.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  init,
  loadState,
  type Module,
  noGrad,
  Random,
  type ResNetVariant,
  readSafetensors,
  resnet20,
  scope,
  stateOf,
  tensor,
  writeSafetensors,
} from 'spikegrad';
import { type ImageBatch, imageBatch } from './images';

const STATE = 'state.';

/**
 * Writes one of a ResNet20 into a new folder of the system's temporary one, which goes when the process ends.
 * @param passes of the batch before it is written, which bring the running statistics to what the network sees: without
 * them it hardly fires in evaluation
 * @param trained a model file whose weights it takes instead
 * @returns its path
 */
export async function writeStart(
  variant: ResNetVariant,
  timesteps: number,
  batch: number,
  passes: number,
  trained?: string,
): Promise<string> {
  return writeStartOf(
    () => {
      const network = resnet20({ variant, timesteps, random: new Random(1) });
      if (trained !== undefined) loadState(network, readSafetensors(readFileSync(trained)).tensors);
      return network;
    },
    batch,
    passes,
  );
}

/** The same of any network for images of 32x32 pixels. @param build makes it on the engine that is chosen here */
export async function writeStartOf(build: () => Module, batch: number, passes = 0): Promise<string> {
  await init({ backend: 'wasm', threads: 1 });
  const { source, images, labels } = await imageBatch(batch);
  const network = build();
  for (let pass = 0; pass < passes; pass++) {
    noGrad(() => scope(() => void network.call(tensor(images, [batch, 32, 32, 3]))));
  }
  const file = writeSafetensors(
    [
      ['images', { dtype: 'F32', shape: [batch, 32, 32, 3], data: images }],
      ['labels', { dtype: 'I32', shape: [batch], data: labels }],
      ...(await stateOf(network, STATE)),
    ],
    { source },
  );
  const folder = mkdtempSync(join(tmpdir(), 'spikegrad-peers-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'start.safetensors');
  writeFileSync(path, file);
  return path;
}

/** Reads it, filling `network` with the weights. */
export function readStart(path: string, network: Module): ImageBatch {
  const { tensors, metadata } = readSafetensors(readFileSync(path));
  // the prefix is taken off here, since builds differ in how loadState is told of it
  const state = new Map(
    [...tensors].flatMap(([name, entry]) =>
      name.startsWith(STATE) ? [[name.slice(STATE.length), entry] as const] : [],
    ),
  );
  loadState(network, state);
  return {
    source: metadata.source!,
    images: tensors.get('images')!.data as Float32Array,
    labels: tensors.get('labels')!.data as Int32Array,
  };
}
