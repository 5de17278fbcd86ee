// What a speed run is made of, each against its own definition.

import { beforeAll, describe, expect, test } from 'vitest';
import { tensor } from '../../src/core/create';
import { Random } from '../../src/core/random';
import { batches, shapes } from '../../src/data';
import { init } from '../../src/init';
import { Conv2d, Flatten, Linear, sequential } from '../../src/nn';
import { crossEntropy } from '../../src/ops';
import { Lif, plif, resnet20, Spiking, TdBatchNorm } from '../../src/snn';
import { buildNetwork, Trainer } from '../../src/train';
import { optimizerOf } from '../../src/train/settings/descent';
import { eigenvectors } from '../../src/train/trainer/eigen';
import { forwardAndBackward } from '../../src/train/trainer/pass';
import { whitenStem } from '../../src/train/trainer/stem';
import { SETTINGS } from '../support/records';

beforeAll(() => init({ backend: 'wasm', threads: 1, seed: 0 }));

const images = shapes({ count: 12, seed: 1 });
const [batch] = batches(images, { batchSize: 6 });
const network = (timesteps = 2) => resnet20({ width: 1, timesteps, random: new Random(4), neuron: {} });

describe('the loss of each time step (TET)', () => {
  test('is the mean of their cross-entropies, beside the logits of their mean', () => {
    const steps: number[][] = [];
    const made = network();
    made.fc.onForward((_, output) => void steps.push([...output.dataSync()]));
    const { loss, logits } = forwardAndBackward(made, batch!, images, { loss: 'tet' });
    const [scores] = steps;
    const half = scores!.length / 2;
    const losses = [scores!.slice(0, half), scores!.slice(half)].map((values) =>
      crossEntropy(tensor(values, [6, 10]), batch!.labels).itemSync(),
    );
    expect(loss.itemSync()).toBeCloseTo((losses[0]! + losses[1]!) / 2, 5);
    for (const [i, value] of logits.dataSync().entries())
      expect(value).toBeCloseTo((scores![i]! + scores![half + i]!) / 2, 5);
    expect(Math.hypot(...made.fc.weight.grad!.dataSync())).toBeGreaterThan(0);
  });

  test('at one time step is that of the mean', () => {
    const [a, b] = (['tet', 'mean'] as const).map((loss) =>
      forwardAndBackward(network(1), batch!, images, { loss }).loss.itemSync(),
    );
    expect(a).toBe(b);
  });

  test('is refused where the network takes no mean over time', () => {
    const flat = sequential(new Flatten(), new Linear(32 * 32 * 3, 10));
    expect(() => forwardAndBackward(flat, batch!, images, { loss: 'tet' })).toThrow(
      /^Trainer: the loss tet is of each time step's logits, and the network has no TimeMean/,
    );
  });
});

test('label smoothing is that of crossEntropy, in training alone', () => {
  const { loss, logits } = forwardAndBackward(network(), batch!, images, { labelSmoothing: 0.2 });
  const own = crossEntropy(logits, batch!.labels, { labelSmoothing: 0.2 });
  expect(loss.itemSync()).toBeCloseTo(own.itemSync(), 6);
});

describe('the whitened stem', () => {
  test('eigenvectors are orthonormal, turn the matrix into its eigenvalues, the largest first', () => {
    const random = new Random(3);
    const size = 12;
    const half = Array.from({ length: size * size }, () => random.uniform() - 0.5);
    const matrix = Float64Array.from({ length: size * size }, (_, at) => {
      const [i, j] = [Math.floor(at / size), at % size];
      let sum = 0;
      for (let k = 0; k < size; k++) sum += half[i * size + k]! * half[j * size + k]!;
      return sum;
    });
    const vectors = eigenvectors(matrix.slice(), size);
    const times = (v: Float64Array) =>
      Array.from({ length: size }, (_, i) => v.reduce((sum, x, j) => sum + matrix[i * size + j]! * x, 0));
    const dot = (a: ArrayLike<number>, b: Float64Array) => b.reduce((sum, x, i) => sum + x * a[i]!, 0);
    const values = vectors.map((v) => dot(times(v), v));
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    for (const [k, v] of vectors.entries()) {
      for (const [l, other] of vectors.entries()) expect(dot(v, other)).toBeCloseTo(k === l ? 1 : 0, 12);
      for (const [i, x] of times(v).entries()) expect(x).toBeCloseTo(values[k]! * v[i]!, 12);
    }
  });

  const convOf = (filters: number) => new Conv2d(3, filters, { random: new Random(4) });

  test('has the directions of the patches and their negatives, of equal norm, whose answers do not go together', async () => {
    const conv = convOf(4);
    await whitenStem(sequential(conv), images, 0);
    const weight = conv.weight.dataSync();
    const filter = (f: number) => Array.from({ length: 27 }, (_, i) => weight[4 * i + f]!);
    for (const f of [0, 2]) expect(filter(f + 1)).toEqual(filter(f).map((x) => -x));
    for (const f of [0, 2]) expect(Math.hypot(...filter(f))).toBeCloseTo(Math.sqrt((2 * 27) / (9 * 4)), 5);
    const answers = conv.call(tensor(batch!.images, batch!.shape)).dataSync();
    const [one, other] = [0, 2].map((f) => Array.from(answers).filter((_, i) => i % 4 === f));
    const dot = (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
    expect(dot(one!, one!)).toBeGreaterThan(dot(other!, other!));
    expect(Math.abs(dot(one!, other!))).toBeLessThan(0.05 * Math.sqrt(dot(one!, one!) * dot(other!, other!)));
  });

  test('filters beyond two for each direction stay as they were drawn', async () => {
    const [whitened, drawn] = [convOf(56), convOf(56)];
    await whitenStem(sequential(whitened), images, 0);
    const [had, has] = [drawn, whitened].map(({ weight }) => weight.dataSync());
    const same = Array.from(has!, (value, i) => value === had![i]);
    expect(same.map((is, i) => is === i % 56 >= 54)).not.toContain(false);
  });

  test('is refused where no convolution takes the images', async () => {
    const flat = sequential(new Flatten(), new Linear(32 * 32 * 3, 10));
    const trainer = new Trainer(flat, images, { epochs: 1, stem: 'whitened' });
    await expect(trainer.run()).rejects.toThrow(
      'Trainer: the stem whitened is for a network whose first layer is a convolution of the images [12,32,32,3]',
    );
  });
});

describe("the rate of norms' biases", () => {
  test.each(['sgd', 'adamw', 'muon'] as const)(
    'is a multiple of that of the other norms by %s',
    (optimizer) => {
      const made = network();
      const built = optimizerOf(made, { ...SETTINGS, optimizer, lr: 0.1, decay: 'weights', normBiasRate: 8 });
      const norm = [...made.modules()].map(([, module]) => module).find((one) => one instanceof TdBatchNorm)!;
      const rateOf = (parameter: unknown) =>
        built.groups.find(({ parameters }) => parameters.some((one) => one === parameter))!.lr;
      expect(rateOf(norm.bias)).toBeCloseTo(8 * rateOf(norm.weight), 12);
    },
  );

  test("is refused beside an optimiser of one's own", () => {
    const made = network();
    const optimizer = optimizerOf(made, SETTINGS);
    expect(() => new Trainer(made, images, { optimizer, normBiasRate: 8 })).toThrow(
      "Trainer: normBiasRate is the optimiser's own",
    );
  });
});

test.each(['sgd', 'adamw', 'muon'] as const)(
  'what neurons learn has a rate of its own by %s',
  (optimizer) => {
    const made = resnet20({ width: 1, timesteps: 2, neuron: plif() });
    const settings = { ...SETTINGS, optimizer, lr: 0.1, normBiasRate: 4, neuronRate: 8 };
    const { groups } = optimizerOf(made, settings);
    const modules = [...made.modules()].map(([, module]) => module);
    const norm = modules.find((one) => one instanceof TdBatchNorm)!;
    const neurons = modules.find((one) => one instanceof Spiking)!;
    const rateOf = (parameter: unknown) =>
      groups.find(({ parameters }) => parameters.some((one) => one === parameter))!.lr;
    expect(rateOf(neurons.learned.w)).toBeCloseTo(8 * rateOf(norm.weight), 12);
    expect(rateOf(norm.bias)).toBeCloseTo(4 * rateOf(norm.weight), 12);
  },
);

test("the surrogate's window has the width that was asked for", () => {
  for (const surrogateWidth of [undefined, 0.5, 2]) {
    const made = buildNetwork({ ...SETTINGS, surrogateWidth });
    const lifs = [...made.modules()].map(([, module]) => module).filter((module) => module instanceof Lif);
    expect(lifs.length).toBe(19);
    for (const { options } of lifs)
      expect(options.surrogate?.parameters).toEqual({ window: surrogateWidth ?? 1, scale: 1 });
  }
});

test('phases are refused for what brings time steps of its own', () => {
  const phases = [
    { timesteps: 1, parts: 1, from: 1, to: 0.5 },
    { parts: 1, from: 0.5, to: 0 },
  ];
  const flat = sequential(new Flatten(), new Linear(32 * 32 * 3, 10));
  expect(() => new Trainer(flat, images, { phases })).toThrow(
    /^Trainer: phases change the time steps of images.* goes into a network that repeats nothing/,
  );
});
