// Optimisers, clipping and schedules against PyTorch's in f64 (vectors/optimizers.py).

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/backends/cpu';
import { tensor } from '../../src/core/create';
import { setActiveBackend } from '../../src/core/engine';
import type { Tensor } from '../../src/core/tensor';
import { fromFileLayout, toFileLayout } from '../../src/interop/layout';
import {
  Adam,
  AdamW,
  clipGradNorm,
  cosine,
  Lion,
  linearDecay,
  Muon,
  type Optimizer,
  oneCycle,
  RmsProp,
  type Schedule,
  Sgd,
  stepDecay,
} from '../../src/optim';

interface Run {
  readonly shapes: number[][];
  readonly kept: number[];
  readonly parameters: number[][][];
}

interface Vectors {
  readonly torch: string;
  readonly cases: (Run & { readonly optimizer: string; readonly options: { lr: number } })[];
  readonly groups: Run;
  readonly clips: { readonly most: number; readonly norm: number; readonly gradients: number[][] }[];
  readonly schedules: Record<string, number[]>;
}

const path = fileURLToPath(new URL('./vectors/optimizers.json', import.meta.url));
const vectors = JSON.parse(readFileSync(path, 'utf8')) as Vectors;

const optimizers: Readonly<Record<string, (parameters: Tensor[], options: { lr: number }) => Optimizer>> = {
  Sgd: (parameters, options) => new Sgd(parameters, options),
  Adam: (parameters, options) => new Adam(parameters, options),
  AdamW: (parameters, options) => new AdamW(parameters, options),
  RmsProp: (parameters, options) => new RmsProp(parameters, options),
  Lion: (parameters, options) => new Lion(parameters, options),
  Muon: (parameters, options) => new Muon(parameters, options),
};

/** PyTorch's matrices [out,in] are [in,out] here. */
const layoutOf = (shape: readonly number[]) => (shape.length === 2 ? 'linear' : 'plain');

function placed(numbers: number[], shape: number[]): Tensor {
  const turned = fromFileLayout({ data: Float64Array.from(numbers), shape }, layoutOf(shape));
  return tensor(turned.data, turned.shape, { requiresGrad: true });
}

/** In PyTorch's order. */
const numbersOf = (p: Tensor): number[] =>
  Array.from(toFileLayout({ data: p.dataSync(), shape: p.shape }, layoutOf(p.shape)).data);

/** The start and the gradients that vectors/optimizers.py has. */
const begin = (shape: number[]): Tensor => {
  const size = shape.reduce((a, b) => a * b);
  return placed(
    Array.from({ length: size }, (_, i) => Math.cos(0.7 * i)),
    shape,
  );
};

function giveGradient(p: Tensor, shape: number[], t: number): void {
  const g = numbersOf(p).map((value, i) => 0.1 * ((i % 3) + 1) * value + Math.sin(0.1 * t * (i + 1)));
  p.grad = placed(g, shape);
}

function expectRun({ shapes, kept, parameters: wanted }: Run, make: (p: Tensor[]) => Optimizer): void {
  const parameters = shapes.map(begin);
  const optimizer = make(parameters);
  for (let t = 1; t <= kept.at(-1)!; t++) {
    for (const [i, p] of parameters.entries()) giveGradient(p, shapes[i]!, t);
    optimizer.step();
    const at = kept.indexOf(t);
    if (at < 0) continue;
    for (const [i, p] of parameters.entries())
      for (const [j, value] of numbersOf(p).entries())
        expect(Math.abs(value - wanted[at]![i]![j]!), `step ${t}, number ${j}`).toBeLessThan(1e-11);
  }
}

beforeAll(() => setActiveBackend(cpuBackend('f64')));

describe(`as torch ${vectors.torch}, in f64, over 100 steps`, () => {
  for (const { optimizer, options, ...run } of vectors.cases)
    test(`${optimizer} ${JSON.stringify(options)}`, () => {
      expectRun(run, (parameters) => optimizers[optimizer]!(parameters, options));
    });

  test('groups with rates, decays and betas of their own', () => {
    expectRun(
      vectors.groups,
      ([first, ...others]) =>
        new AdamW(
          [{ parameters: [first!] }, { parameters: others, lr: 0.002, weightDecay: 0.5, betas: [0.5, 0.9] }],
          { lr: 0.01, weightDecay: 0.01 },
        ),
    );
  });

  test.each(vectors.clips)('gradients of norm $norm clipped to $most', ({ most, norm, gradients }) => {
    const { shapes } = vectors.groups;
    const parameters = shapes.map(begin);
    for (const [i, p] of parameters.entries()) giveGradient(p, shapes[i]!, 3);
    expect(clipGradNorm(parameters, most).itemSync()).toBeCloseTo(norm, 11);
    for (const [i, p] of parameters.entries())
      for (const [j, g] of numbersOf(p.grad!).entries()) expect(g).toBeCloseTo(gradients[i]![j]!, 11);
  });

  test.each<[string, Schedule]>([
    ['cosine', cosine()],
    ['linear', linearDecay({ to: 0.1 })],
    ['oneCycle', oneCycle()],
    ['step', stepDecay()],
    ['warmUp', cosine().warmUp(10)],
  ])('the learning rates of %s', (name, schedule) => {
    const wanted = vectors.schedules[name]!;
    const found = schedule.list(wanted.length);
    for (const [i, rate] of wanted.entries())
      expect(Math.abs(found[i]! - rate), `step ${i}`).toBeLessThan(1e-12);
  });
});
