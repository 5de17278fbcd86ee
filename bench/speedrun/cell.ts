// One run of the screening in a file of its own: it goes on where it was stopped, and is judged once, at its end.

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { batchCount } from '../../src/data/batches';
import type { Dataset } from '../../src/data/dataset';
import { init } from '../../src/init';
import {
  buildNetwork,
  decodeCheckpoint,
  encodeCheckpoint,
  evaluate,
  type GivenSettings,
  type RunSettings,
  restoreTrainer,
  runSettings,
  Trainer,
  trainingSettings,
} from '../../src/train';
import { timestepsAt } from '../../src/train/continuation';

const SAVE_EVERY = 200;

/** What is kept of a finished run. */
export interface Cell {
  readonly arm: string;
  readonly seed: number;
  readonly settings: RunSettings;
  readonly images: { readonly train: number; readonly judged: number };
  readonly accuracy: number;
  readonly loss: number;
  readonly trainLosses: readonly number[];
  /** Steps by time steps: `{ 1: 800, 2: 130 }`. */
  readonly steps: Readonly<Record<string, number>>;
  /** Processor time of the processes that worked on it, judging included. */
  readonly processorSeconds: number;
}

export interface Wanted {
  readonly arm: string;
  readonly seed: number;
  readonly given: GivenSettings;
  readonly train: Dataset;
  readonly judged: Dataset;
}

const processorSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** The cell that is kept, or is trained now. */
export async function cellOf(folder: string, { arm, seed, given, train, judged }: Wanted): Promise<Cell> {
  mkdirSync(folder, { recursive: true });
  const settings = runSettings({ ...given, seed }, train);
  const name = `${arm}-${settings.epochs}x${train.length}-s${seed}`;
  const [kept, partial] = [join(folder, `${name}.json`), join(folder, `${name}.safetensors`)];
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, 'utf8')) as Cell;
  await init({ backend: 'wasm', threads: 1, seed });
  const network = buildNetwork(settings);
  const trainer = new Trainer(network, train, trainingSettings(settings));
  const began = processorSeconds();
  let before = 0;
  if (existsSync(partial)) {
    const checkpoint = decodeCheckpoint(readFileSync(partial));
    restoreTrainer(trainer, checkpoint);
    before = checkpoint.seconds ?? 0;
  }
  const seconds = () => before + processorSeconds() - began;
  const save = async () => {
    writeFileSync(`${partial}.new`, await encodeCheckpoint(trainer, settings, { seconds: seconds() }));
    renameSync(`${partial}.new`, partial);
  };
  await trainer.run({
    async onStep({ step, steps, loss }) {
      if (step % SAVE_EVERY !== 0) return;
      console.error(`${name}: step ${step} of ${steps}, loss ${loss.toFixed(3)}`);
      await save();
    },
  });
  const { accuracy, loss } = await evaluate(network, judged, { batchSize: 100 });
  const cell: Cell = {
    ...{ arm, seed, settings, images: { train: train.length, judged: judged.length }, accuracy, loss },
    trainLosses: trainer.progress.history.map(({ trainLoss }) => trainLoss),
    steps: stepsOf(settings, train.length),
    processorSeconds: seconds(),
  };
  writeFileSync(kept, `${JSON.stringify(cell, null, 2)}\n`);
  rmSync(partial, { force: true });
  network.dispose();
  return cell;
}

function stepsOf(settings: RunSettings, images: number): Record<string, number> {
  const perEpoch = batchCount(images, settings.batch);
  const counted: Record<string, number> = {};
  for (let step = 0; step < settings.epochs * perEpoch; step++) {
    const timesteps = timestepsAt(settings, step, perEpoch) ?? settings.timesteps;
    counted[timesteps] = (counted[timesteps] ?? 0) + 1;
  }
  return counted;
}
