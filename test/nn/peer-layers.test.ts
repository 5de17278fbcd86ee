// Layers against what PyTorch's give, forward and backward: vectors/layers.py wrote the numbers.

import { beforeAll, describe, expect, test } from 'vitest';
import { tensor } from '../../src/core/create';
import type { Tensor } from '../../src/core/tensor';
import { init } from '../../src/init';
import { avgPool2d, conv2d, convTranspose2d, maxPool2d } from '../../src/ops';
import { BatchNorm2d } from '../../src/snn';
import vectors from './vectors/layers.json';

interface Numbers {
  readonly shape: readonly number[];
  readonly data: readonly (number | string)[];
}

interface Case {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly x: Numbers;
  readonly weight?: Numbers;
  readonly bias?: Numbers;
  readonly y: Numbers;
  readonly gradY: Numbers;
  readonly gradX: Numbers;
  readonly gradWeight?: Numbers;
  readonly gradBias?: Numbers;
}

const WORDS: Readonly<Record<string, number>> = {
  inf: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
};
const numbersOf = ({ data }: Numbers) => data.map((x) => WORDS[x] ?? Number(x));
const leaf = (given: Numbers) => tensor(numbersOf(given), given.shape, { requiresGrad: true });

function expectNumbers(got: Tensor, wanted: Numbers): void {
  expect(got.shape).toEqual(wanted.shape);
  const numbers = numbersOf(wanted);
  got.dataSync().forEach((value, i) => {
    if (Number.isFinite(numbers[i])) expect(value).toBeCloseTo(numbers[i]!, 10);
    else expect(value).toBe(numbers[i]);
  });
}

const operators: Readonly<Record<string, (x: Tensor, w: Tensor, options: never) => Tensor>> = {
  conv2d,
  convTranspose2d,
  maxPool2d: (x, _, options) => maxPool2d(x, options),
  avgPool2d: (x, _, options) => avgPool2d(x, options),
};

const cases = vectors.cases as unknown as readonly Case[];

beforeAll(() => init({ backend: 'cpu', precision: 'f64' }));

describe('equal to PyTorch, forward and backward', () => {
  test.each(cases.map((one, i) => [i, one.name, JSON.stringify(one.options), one] as const))(
    '%i: %s %s',
    (_, name, __, one) => {
      const [x, w, bias] = [one.x, one.weight, one.bias].map((given) => given && leaf(given));
      const y = operators[name]!(x!, w!, { ...one.options, ...(bias && { bias }) } as never);
      expectNumbers(y, one.y);
      y.backward(leaf(one.gradY));
      expectNumbers(x!.grad!, one.gradX);
      if (w !== undefined) expectNumbers(w.grad!, one.gradWeight!);
      if (bias !== undefined) expectNumbers(bias.grad!, one.gradBias!);
    },
  );

  test('BatchNorm2d: two steps, their running statistics, and evaluation', () => {
    const { first, after, ...given } = vectors.batchNorm as unknown as Readonly<Record<string, Numbers>> & {
      readonly first: Readonly<Record<string, Numbers>>;
      readonly after: Readonly<Record<string, Numbers>>;
    };
    const layer = new BatchNorm2d(3);
    for (const [name, { tensor: own }] of layer.state())
      own.backend.overwrite(own.handle, numbersOf(first[name]!));
    const x = leaf(given.x!);
    const y = layer.call(x);
    expectNumbers(y, given.y!);
    y.backward(leaf(given.gradY!));
    expectNumbers(x.grad!, given.gradX!);
    expectNumbers(layer.weight.grad!, given.gradWeight!);
    expectNumbers(layer.bias.grad!, given.gradBias!);
    for (const [name, { tensor: own }] of layer.state()) expectNumbers(own, after[name]!);
    expectNumbers(layer.evaluate().call(x), given.evaluated!);
    expect([...layer.state().keys()].sort()).toEqual(['bias', 'running_mean', 'running_var', 'weight']);
  });
});
