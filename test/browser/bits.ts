// One short run that passes through whatever decides bits: drawn weights, order and augmentation (AutoAugment with
// its turns), the cosine, tdBN, LIF with MPR under every surrogate, cross-entropy, clipping, SGD with momentum and
// decay. Runs in Node and on a page: it is told which spikegrad to train with, and imports nothing but types.

import type * as Spikegrad from '../../src/index';

/** The bits of every weight, loss and learning rate of the run, as text: f32 and f64 in hexadecimal. */
export async function bitsOfShortRun(
  spikegrad: typeof Spikegrad,
  options: Spikegrad.InitOptions,
): Promise<string> {
  await spikegrad.init({ seed: 3, ...options });
  const train = spikegrad.shapes({ count: 24, seed: 5, split: 'train' });
  const texts: string[] = [];
  const note = (values: ArrayLike<number>) => {
    const bytes = new Uint8Array(Float64Array.from(values).buffer);
    texts.push(Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(''));
  };
  const { arctan, fastSigmoid, mpr, rectangular, sigmoidal, triangular } = spikegrad;
  const surrogates = [rectangular(), triangular(), sigmoidal(), arctan(), fastSigmoid()];
  const neurons = surrogates.flatMap((surrogate, i) => [
    new spikegrad.Conv2d(i === 0 ? 3 : 4, 4, { stride: i % 2 === 0 ? 2 : 1 }),
    ...(i === 0 ? [new spikegrad.Direct(2)] : []),
    new spikegrad.TdBatchNorm(4),
    new spikegrad.Lif({ rectifier: i % 2 === 0 ? mpr({ k: 1 + i }) : null, surrogate, tau: 0.3 }),
  ]);
  const network = spikegrad.sequential(
    ...neurons,
    new spikegrad.GlobalAvgPool(),
    new spikegrad.Linear(4, 10),
    new spikegrad.TimeMean(),
  );
  const trainer = new spikegrad.Trainer(network, train, {
    epochs: 2,
    batch: 8,
    lr: 0.1,
    momentum: 0.9,
    weightDecay: 1e-4,
    clip: 1,
    augment: ['crop', 'flip', 'autoaugment', 'cutout'],
    seed: 3,
  });
  await trainer.run({ onStep: ({ loss, lr, gradientNorm }) => note([loss, lr, gradientNorm ?? 0]) });
  for (const { tensor } of network.state().values()) note(await tensor.data());
  // functions of the operators, over numbers that no run may meet
  const x = spikegrad.uniform([500], 0, 1, { random: new spikegrad.Random(8) });
  const scaled = spikegrad.mul(x, 8);
  for (const y of [
    spikegrad.exp(scaled),
    spikegrad.log(x),
    spikegrad.tanh(scaled),
    spikegrad.sigmoid(scaled),
    spikegrad.pow(scaled, 1.7),
    spikegrad.softmax(spikegrad.reshape(scaled, [50, 10])),
  ])
    note(await y.data());
  return texts.join('\n');
}
