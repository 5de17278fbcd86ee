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

/**
 * The logits of a small network in integers, as text: weights, norms and images of a generator in whole numbers. Of
 * any backend, flavour and number of threads the same.
 */
export async function bitsOfIntegers(
  spikegrad: typeof Spikegrad,
  options: Spikegrad.InitOptions,
): Promise<string> {
  await spikegrad.init(options);
  const { AvgPool2d, Conv2d, Lif, MaxPool2d, TdBatchNorm } = spikegrad;
  const norm = (channels: number) => new TdBatchNorm(channels, { vth: 2 });
  const block = () =>
    spikegrad.sequential(new Conv2d(16, 16), norm(16), new Lif(), new Conv2d(16, 16), norm(16));
  const network = spikegrad.sequential(
    new Conv2d(3, 16, { bias: true }),
    new spikegrad.Direct(3),
    new Lif(),
    new spikegrad.Residual(block()),
    new Lif({ tau: 0.3, reset: 'soft' }),
    new Conv2d(16, 40, { stride: 2 }),
    norm(40),
    new Lif({ vReset: -0.25 }),
    new AvgPool2d(2),
    new Conv2d(40, 72, { kernel: 1, padding: 0 }),
    norm(72),
    new Lif(),
    new Conv2d(72, 24, { dilation: 2, padding: 2, groups: 4 }),
    new MaxPool2d(2),
    new spikegrad.Spiking(spikegrad.ifNeuron()),
    new spikegrad.Flatten(3),
    new spikegrad.Linear(96, 10),
    new spikegrad.TimeMean(),
  );
  let drawn = 1;
  /** From -1 to 1, of 24 bits. */
  const number = () => {
    drawn = (Math.imul(drawn, 1664525) + 1013904223) >>> 0;
    return (drawn >>> 8) / 2 ** 23 - 1;
  };
  for (const [name, { tensor }] of network.state()) {
    const isVector = tensor.shape.length === 1;
    const isScale = name.endsWith('running_var') || (isVector && name.endsWith('weight'));
    const reach = isVector ? 0.5 : 4 / Math.sqrt(tensor.size / tensor.shape[0]!);
    tensor.overwrite(
      Float32Array.from({ length: tensor.size }, () => (isScale ? 1 + number() / 4 : reach * number())),
    );
  }
  const images = Float32Array.from({ length: 6 * 16 * 16 * 3 }, () => 2 * number());
  const fast = await spikegrad.compile(network.evaluate(), { weights: 8, inputShape: [16, 16, 3] });
  // twice: once its firing rates are known it goes other ways
  const texts: string[] = [String(fast.report().sameBits)];
  for (const _ of [1, 2]) {
    const logits = await fast.call(spikegrad.tensor(images, [6, 16, 16, 3])).data();
    texts.push(
      Array.from(new Uint32Array(Float32Array.from(logits).buffer), (bits) => bits.toString(16)).join(),
    );
  }
  return texts.join('\n');
}
