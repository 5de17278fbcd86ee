// What a trained network gains in integers, measured there and then: the last line that `train` says of a long run.

import type { Backend } from '../../backends/backend';
import { tensor } from '../../core/create';
import { scope } from '../../core/scope';
import { noGrad } from '../../core/tape';
import { firstBatch } from '../../data/batches/first';
import type { TrainingData } from '../../data/stream/dataset';
import { SpikegradError } from '../../errors';
import { compile } from '../../integer';
import type { Module } from '../../nn';
import { buildNetwork, restoreModel } from '../../train';
import { readCheckpoint } from '../../train/node/run/files';

/** Seconds of training from which on a second of measuring does not count. */
const LONG = 10;
const IMAGES = 32;
const ROUNDS = 7;

/** What is measured, and of how long a run. */
export interface MeasuredRun {
  readonly backend: Backend;
  readonly test: TrainingData;
  readonly model: string;
  readonly seconds: number;
}

/** @returns a line for the user; undefined where there is nothing to tell */
export async function compiledInWords({
  backend,
  test,
  model,
  seconds,
}: MeasuredRun): Promise<string | undefined> {
  if (seconds < LONG || backend.name !== 'wasm') return undefined;
  let network: Module | undefined;
  try {
    const checkpoint = await readCheckpoint(model);
    network = buildNetwork(checkpoint.settings);
    restoreModel(network, checkpoint);
    network.evaluate();
    const { images, shape, labels } = await firstBatch(test, IMAGES);
    const hasTime = 'sequences' in test && test.sequences;
    const inputShape = shape.slice(hasTime ? 2 : 1);
    const fast = await compile(network, hasTime ? { inputShape, timesteps: shape[0]! } : { inputShape });
    const times = alternately([fast, network], images, shape);
    fast.dispose();
    const [integers, floats] = times.map((time) => time / labels.length) as [number, number];
    const { sameBits } = fast.report();
    return `compiled: ${integers.toFixed(2)} ms an image, ${(floats / integers).toFixed(1)} times${sameBits ? ', the same bits everywhere' : ''}: spikegrad compile ${model} --out net.spk`;
  } catch (error) {
    if (error instanceof SpikegradError) return undefined; // a network of the user's own, or no layer can be integer
    throw error;
  } finally {
    network?.dispose();
  }
}

/** Milliseconds of the quickest pass of each: the others on a machine only add to it. */
function alternately(networks: readonly Module[], images: Float32Array, shape: readonly number[]): number[] {
  const best = networks.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < ROUNDS; round++)
    networks.forEach((network, i) => {
      const begin = performance.now();
      noGrad(() => scope(() => network.call(tensor(images, [...shape])).dataSync()));
      best[i] = Math.min(best[i]!, performance.now() - begin);
    });
  return best;
}
