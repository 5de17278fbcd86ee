// A spiking multilayer perceptron that reads digits, trained with the library's own loop. Give it a folder with
// MNIST's four files (`npx spikegrad data download mnist --dir mnist`); without one it draws easier digits itself.
//
// Run: npx tsx examples/07-mlp.ts, or: npx tsx examples/07-mlp.ts ./mnist

import {
  Direct,
  evaluate,
  Flatten,
  init,
  Lif,
  Linear,
  mpr,
  sequential,
  TdBatchNorm,
  TimeMean,
  Trainer,
} from 'spikegrad';
import { loadDataset } from 'spikegrad/node';
import { digits } from './digits';

await init({ seed: 1 }); // the fastest backend that works here

const folder = process.argv[2];
const train =
  folder === undefined ? digits(1000, 1) : await loadDataset('mnist', 'train', folder, { limit: 10_000 });
const test =
  folder === undefined ? digits(500, 2) : await loadDataset('mnist', 'test', folder, { limit: 2000 });
const source = folder === undefined ? 'drawn (give a folder with MNIST for the real ones)' : `from ${folder}`;
console.log(`digits ${source}: ${train.length} to learn, ${test.length} to be asked about`);
// → digits drawn (give a folder with MNIST for the real ones): 1000 to learn, 500 to be asked about

const neuron = { rectifier: mpr({ k: 3 }) };
const network = sequential(
  new Flatten(), // [N,28,28,1] to [N,784]
  new Linear(28 * 28, 64, { bias: false, deviation: 1 / 28 }),
  new Direct(4), // [T,N,64]: the same current at each of T = 4 time steps
  new TdBatchNorm(64), // scaled to the threshold
  new Lif(neuron), // spikes
  new Linear(64, 10), // each spike votes for each digit with a weight
  new TimeMean(), // [N,10]: the mean over the time steps
);
console.log(network.parameterCount(), 'numbers to train'); // → 50954 numbers to train

// Cross-entropy of the mean votes; SGD with momentum; the learning rate falls to 0 along a cosine
const trainer = new Trainer(network, train, { epochs: 3, batch: 50, lr: 0.1, seed: 1, test });
const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
await trainer.run({
  onEpoch: ({ epoch, testAccuracy }) => console.log(`epoch ${epoch + 1}: ${percent(testAccuracy!)} right`),
});
// → epoch 1: 63 % right
//   epoch 2: 90 % right
//   epoch 3: 92 % right
// On 10,000 images of MNIST it ends at 91 %, on all 60,000 (take the limit away) at 97 %.

// Confusion: which digits are taken for which
const { confusion } = await evaluate(network, test, { batchSize: 100 });
const mistakes = confusion.flatMap((row, label) =>
  row.map((count, answer) => ({ label, answer, count: label === answer ? 0 : count })),
);
const worst = mistakes.reduce((a, b) => (b.count > a.count ? b : a));
console.log(`most often ${worst.label} was taken for ${worst.answer}, ${worst.count} times`);
// → most often 6 was taken for 5, 5 times
