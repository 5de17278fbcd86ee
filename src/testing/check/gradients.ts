// The gradient of every differentiable operator on the backend, against that on the reference.

import type { Backend } from '../../backends/backend';
import type { Shape } from '../../backends/shape';
import { tensor } from '../../core/create';
import { withBackend } from '../../core/engine';
import { Random } from '../../core/random';
import { scope } from '../../core/scope';
import type { Tensor } from '../../core/tensor';
import { check } from '../../errors';
import * as ops from '../../ops';
import { lif } from '../../snn/lif';
import { mpr } from '../../snn/rectifier';
import { type ConformanceCase, Draw } from '../probe';
import { againstReference, type CheckedBackend, type Finding, holds } from './finding';

/** Rounding grows over the kernels that an operator runs. */
const TOLERANCE = { f32: 2e-4, f64: 1e-9 };

type Operator = readonly [name: string, shapes: readonly Shape[], fn: (...inputs: Tensor[]) => Tensor];

const labels = [2, 0, 1];

/** Drawn from [0.3, 1.3]: away from the kinks of these, and inside of where the others have a value. */
const OPERATORS: readonly Operator[] = [
  ['add', [[3, 5], [5]], (a, b) => ops.add(a!, b!)],
  [
    'sub',
    [
      [3, 5],
      [3, 1],
    ],
    (a, b) => ops.sub(a!, b!),
  ],
  ['mul', [[3, 5], [5]], (a, b) => ops.mul(a!, b!)],
  ['div', [[3, 5], []], (a, b) => ops.div(a!, b!)],
  ['pow', [[3, 5], [5]], (a, b) => ops.pow(a!, b!)],
  ['maximum', [[3, 5], [5]], (a, b) => ops.maximum(a!, b!)],
  ['minimum', [[3, 5], [5]], (a, b) => ops.minimum(a!, b!)],
  ['neg', [[7]], (x) => ops.neg(x!)],
  ['exp', [[7]], (x) => ops.exp(x!)],
  ['log', [[7]], (x) => ops.log(x!)],
  ['sqrt', [[7]], (x) => ops.sqrt(x!)],
  ['tanh', [[7]], (x) => ops.tanh(x!)],
  ['sigmoid', [[7]], (x) => ops.sigmoid(x!)],
  ['relu', [[7]], (x) => ops.relu(ops.sub(x!, 0.8))],
  ['abs', [[7]], (x) => ops.abs(ops.sub(x!, 0.8))],
  ['clamp', [[7]], (x) => ops.clamp(x!, 0.5, 1)],
  ['where', [[3, 5], [5]], (a, b) => ops.where(ops.greater(a!, 0.8), a!, b!)],
  ['sum', [[3, 5]], (x) => ops.sum(x!, 0)],
  ['mean', [[3, 5]], (x) => ops.mean(x!, 1)],
  ['max', [[3, 5]], (x) => ops.max(x!, 1)],
  ['min', [[3, 5]], (x) => ops.min(x!, 0)],
  ['variance', [[3, 5]], (x) => ops.variance(x!, 0)],
  ['softmax', [[3, 5]], (x) => ops.softmax(x!)],
  ['logSoftmax', [[3, 5]], (x) => ops.logSoftmax(x!)],
  ['crossEntropy', [[3, 4]], (x) => ops.crossEntropy(x!, labels)],
  [
    'matmul',
    [
      [3, 5],
      [5, 2],
    ],
    (a, b) => ops.matmul(a!, b!),
  ],
  ['linear', [[3, 5], [5, 2], [2]], (x, w, b) => ops.linear(x!, w!, b)],
  [
    'conv2d',
    [
      [2, 5, 4, 3],
      [3, 3, 3, 2],
    ],
    (x, w) => ops.conv2d(x!, w!, { padding: 1, stride: 2 }),
  ],
  ['avgPool2d', [[2, 5, 4, 3]], (x) => ops.avgPool2d(x!, { window: 2 })],
  [
    'conv2d in groups',
    [[2, 5, 4, 4], [3, 2, 2, 6], [6]],
    (x, w, bias) =>
      ops.conv2d(x!, w!, { padding: [1, 0], stride: [2, 1], dilation: [1, 2], groups: 2, bias: bias! }),
  ],
  [
    'convTranspose2d',
    [
      [2, 3, 4, 4],
      [3, 3, 1, 4],
    ],
    (x, w) => ops.convTranspose2d(x!, w!, { stride: 2, padding: 1, outputPadding: 1, groups: 2 }),
  ],
  ['maxPool2d', [[2, 5, 4, 3]], (x) => ops.maxPool2d(x!, { window: 3, stride: 2, padding: 1 })],
  ['globalAvgPool', [[2, 5, 4, 3]], (x) => ops.globalAvgPool(x!)],
  ['im2col', [[4, 4, 2]], (x) => ops.im2col(x!, { window: 2 })],
  ['reshape', [[3, 5]], (x) => ops.reshape(x!, [5, 3])],
  ['transpose', [[3, 5]], (x) => ops.transpose(x!, [1, 0])],
  ['slice', [[3, 5]], (x) => ops.slice(x!, [1, 1], [3, 4])],
  ['select', [[3, 5]], (x) => ops.select(x!, 1, 2)],
  [
    'concat',
    [
      [3, 5],
      [3, 2],
    ],
    (a, b) => ops.concat([a!, b!], 1),
  ],
  ['stack', [[5], [5]], (a, b) => ops.stack([a!, b!])],
  [
    'pad',
    [[3, 5]],
    (x) =>
      ops.pad(x!, [
        [1, 0],
        [0, 2],
      ]),
  ],
  ['gather', [[3, 5]], (x) => ops.gather(x!, [2, 0, 2])],
  ['repeat', [[3, 5]], (x) => ops.repeat(x!, [2, 1])],
  ['broadcastTo', [[5]], (x) => ops.broadcastTo(x!, [3, 5])],
  ['lif', [[4, 5]], (x) => lif(x!, { rectifier: mpr({ k: 3 }) })],
];

/** @param kernels the cases of the kernels that compute gradients */
export async function checkGradients(
  subject: CheckedBackend,
  kernels: readonly ConformanceCase[],
): Promise<Finding> {
  await againstReference(kernels, subject);
  for (const operator of OPERATORS) {
    const expected = await gradients(subject.reference, operator);
    const got = await gradients(subject.backend, operator);
    for (const [i, numbers] of expected.entries())
      compare(
        `the gradient of ${operator[0]} for input ${i}`,
        got[i]!,
        numbers,
        TOLERANCE[subject.backend.precision],
      );
  }
  return holds(`${OPERATORS.length} operators, ${kernels.length} gradients of kernels`);
}

/** Those of the operator's inputs, from one drawn gradient of its output. */
async function gradients(backend: Backend, [name, shapes, fn]: Operator): Promise<ArrayLike<number>[]> {
  const draw = new Draw(new Random(name.length, ...Array.from(name, (letter) => letter.codePointAt(0)!)));
  const inputs = withBackend(backend, () => {
    const leaves = shapes.map((shape) =>
      tensor(draw.numbers(shape, 0.3, 1.3), shape, { requiresGrad: true }),
    );
    scope(() => {
      const output = fn(...leaves);
      output.backward(tensor(draw.numbers(output.shape), output.shape));
    });
    return leaves;
  });
  const found = await Promise.all(inputs.map(({ grad }) => grad!.data()));
  for (const input of inputs) {
    input.grad?.dispose();
    input.dispose();
  }
  return found;
}

function compare(
  where: string,
  got: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): void {
  check(got.length === expected.length, where, () => `${got.length} numbers instead of ${expected.length}`);
  for (let i = 0; i < expected.length; i++) {
    const [x, y] = [got[i]!, expected[i]!];
    check(
      Math.abs(x - y) <= tolerance * (1 + Math.abs(y)),
      where,
      () => `[${i}] is ${x}, the reference gives ${y}`,
    );
  }
}
