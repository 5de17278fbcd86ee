// `npm run flavours`: the same run of CIFAR-10 under plain and under relaxed SIMD, three epochs each, and how far
// apart they end: losses, weights, predictions. Says what a fused multiply-add changes, and what it saves.
//
//   --limit N    images for training, and at most so many for testing; default all
//   --epochs N   default 3
//   --threads N  default 1
//   --dry        write nothing; without it the outcome goes to bench/results/flavours.json

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadDataset } from '../../src/data/node/files';
import { init } from '../../src/init';
import { buildNetwork, predict, runSettings, Trainer, trainingSettings } from '../../src/train';
import { contentOf } from '../../src/train/node/run/images';
import { record } from '../record';

const { values } = parseArgs({
  options: {
    limit: { type: 'string' },
    epochs: { type: 'string', default: '3' },
    threads: { type: 'string', default: '1' },
    dry: { type: 'boolean', default: false },
  },
});
const limit = values.limit === undefined ? undefined : Number(values.limit);
const folder = resolve(process.env.SPIKEGRAD_SHARED ?? '../shared', 'data/cifar10');
const read = (split: 'train' | 'test') => loadDataset('cifar10', split, folder, { limit });
const [train, test] = [await read('train'), await read('test')];
const settings = runSettings(
  { dataset: 'cifar10', limit: limit ?? null, epochs: Number(values.epochs), timesteps: 2 },
  train,
);

interface Outcome {
  readonly losses: number[];
  readonly accuracies: number[];
  readonly predictions: number[];
  readonly weights: number[];
  readonly secondsOfProcessor: number;
}

async function trained(simd: 'plain' | 'relaxed'): Promise<Outcome> {
  await init({ backend: 'wasm', simd, threads: Number(values.threads), seed: settings.seed });
  const network = buildNetwork(settings);
  const trainer = new Trainer(network, train, { ...trainingSettings(settings), test });
  const losses: number[] = [];
  const accuracies: number[] = [];
  const before = process.cpuUsage();
  await trainer.run({
    onStep: ({ loss, step }) => {
      losses.push(loss);
      if (step % 100 === 0) console.log(`${simd}: step ${step} of ${trainer.steps}`);
    },
    onEpoch: ({ testAccuracy, epoch }) => {
      accuracies.push(testAccuracy!);
      console.log(`${simd}: epoch ${epoch + 1}, test accuracy ${testAccuracy}`);
    },
  });
  const { user, system } = process.cpuUsage(before);
  const weights: number[] = [];
  for (const { tensor } of network.state().values()) weights.push(...(await tensor.data()));
  const predictions = (await predict(network, test)).map(({ index }) => index);
  return {
    losses,
    accuracies,
    predictions,
    weights,
    secondsOfProcessor: (user + system) / 1e6,
  };
}

const plain = await trained('plain');
const relaxed = await trained('relaxed');

const norm = (values: readonly number[]) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0));
const distance = norm(plain.weights.map((w, i) => w - relaxed.weights[i]!));
const size = norm(plain.weights);
const firstOther = plain.losses.findIndex((loss, i) => loss !== relaxed.losses[i]);
const apart = plain.losses.map((loss, i) => Math.abs(loss - relaxed.losses[i]!));
const outcome = {
  settings: {
    ...settings,
    images: { train: train.length, test: test.length, content: contentOf(train, test) },
  },
  threads: Number(values.threads),
  steps: plain.losses.length,
  /** From 1; 0 where all losses are equal. */
  firstStepWithAnotherLoss: firstOther + 1,
  lossDifferenceAtSteps: Object.fromEntries(
    [1, 10, 100, 1000, plain.losses.length]
      .filter((step) => step <= plain.losses.length)
      .map((step) => [step, apart[step - 1]]),
  ),
  testAccuracy: { plain: plain.accuracies, relaxed: relaxed.accuracies },
  /** Share of the test images that the two networks take for different classes. */
  otherPredictions:
    plain.predictions.filter((index, i) => index !== relaxed.predictions[i]).length / test.length,
  /** Norm of the difference of all weights and statistics over their norm. */
  weightDistance: distance / size,
  secondsOfProcessor: { plain: plain.secondsOfProcessor, relaxed: relaxed.secondsOfProcessor },
};
console.log(JSON.stringify(outcome, null, 2));
if (!values.dry) record('flavours', outcome);
process.exit(0);
