// What an operator says to shapes that do not fit: the function, what it got, what it wanted.

import { beforeAll, describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/backends/cpu';
import { tensor, zeros } from '../../src/core/create';
import { setActiveBackend } from '../../src/core/engine';
import type { TensorLike } from '../../src/core/tensor';
import { SpikegradError } from '../../src/errors';
import * as ops from '../../src/ops';

beforeAll(() => setActiveBackend(cpuBackend('f32')));

const cases: readonly (readonly [string, () => unknown])[] = [
  ['add: [2,3] and [4,3] do not broadcast: axis -2 has 2 and 4', () => ops.add(zeros([2, 3]), zeros([4, 3]))],
  ['mul: expects at least one tensor', () => ops.mul(1, 2)],
  [
    "sub: each operand must be a Tensor or a number, got 'x'",
    () => ops.sub(zeros([1]), 'x' as unknown as TensorLike),
  ],
  ['less: [2] and [3] do not broadcast: axis -1 has 2 and 3', () => ops.less(zeros([2]), zeros([3]))],
  ['where: [2] and [3] do not broadcast', () => ops.where(zeros([2]), zeros([3]), 0)],
  [
    'conv2d: weight expects 16 input channels, input [2,8,8,3] has 3',
    () => ops.conv2d(zeros([2, 8, 8, 3]), zeros([3, 3, 16, 4])),
  ],
  [
    'conv2d: kernel 5x5 is larger than input [4,4,1] with padding 0',
    () => ops.conv2d(zeros([4, 4, 1]), zeros([5, 5, 1, 1])),
  ],
  ['im2col: input must be [...,H,W,C], got [4,4]', () => ops.im2col(zeros([4, 4]), { window: 2 })],
  [
    'col2im: columns [3,4] should be [9,4] for an image [4,4,1]',
    () => ops.col2im(zeros([3, 4]), [4, 4, 1], { window: 2 }),
  ],
  ['dropout: p must be a number >= 0 and below 1, got 1', () => ops.dropout(zeros([2]), 1)],
  ['clamp: low 1 is above high 0', () => ops.clamp(zeros([2]), 1, 0)],
  ['reshape: [2,3] has 6 elements and does not fit [4,-1]', () => ops.reshape(zeros([2, 3]), [4, -1])],
  ['reshape: [-1,-1] leaves more than one length open', () => ops.reshape(zeros([2, 3]), [-1, -1])],
  ['transpose: order [0,0] must name each of the 2 axes once', () => ops.transpose(zeros([2, 3]), [0, 0])],
  ['broadcastTo: [2,3] does not broadcast to [2,4]', () => ops.broadcastTo(zeros([2, 3]), [2, 4])],
  ['slice: position 4 is outside axis 0 of length 3', () => ops.slice(zeros([3]), [0], [4])],
  ['slice: begin [2] lies behind end [1]', () => ops.slice(zeros([3]), [2], [1])],
  ['slice: begin [0,0] and end [] have more entries than [3] has axes', () => ops.slice(zeros([3]), [0, 0])],
  ['select: index 3 is outside axis 0 of length 3', () => ops.select(zeros([3, 2]), 0, 3)],
  ['select: axis 2 is out of range for 2 axes', () => ops.select(zeros([3, 2]), 2, 0)],
  ['concat: expects at least one tensor', () => ops.concat([])],
  ['concat: [2,4] and [2,3] differ outside axis 0', () => ops.concat([zeros([2, 3]), zeros([2, 4])])],
  ['stack: shapes [4] and [3] differ', () => ops.stack([zeros([3]), zeros([4])])],
  [
    'repeat: times [2] must give a whole number >= 0 for each axis of [2,3]',
    () => ops.repeat(zeros([2, 3]), [2]),
  ],
  ['logSoftmax: last axis of [2,0] has no classes', () => ops.logSoftmax(zeros([2, 0]))],
  ['crossEntropy: logits must be [N,classes], got [3]', () => ops.crossEntropy(zeros([3]), [0])],
  ['crossEntropy: the batch is empty', () => ops.crossEntropy(zeros([0, 3]), [])],
  ['crossEntropy: 1 labels for 2 rows of logits', () => ops.crossEntropy(zeros([2, 3]), [0])],
  [
    'crossEntropy: label 3 at row 1 is not a class from 0 to 2',
    () => ops.crossEntropy(zeros([2, 3]), [0, 3]),
  ],
  ['crossEntropy: label 0.5 at row 0', () => ops.crossEntropy(zeros([1, 3]), [0.5])],
  ['matmul: expects matrices, got [3] and [3,2]', () => ops.matmul(zeros([3]), zeros([3, 2]))],
  ['matmul: inner sizes differ: [2,3] has 3, [4,2] has 4', () => ops.matmul(zeros([2, 3]), zeros([4, 2]))],
  [
    'matmul: inner sizes differ: [2,3]ᵀ has 2, [3,2] has 3',
    () => ops.matmul(zeros([2, 3]), zeros([3, 2]), { transposeA: true }),
  ],
  ['linear: weight expects 4 inputs, x is [2,3]', () => ops.linear(zeros([2, 3]), zeros([4, 5]))],
  ['linear: bias must be [5], got [4]', () => ops.linear(zeros([2, 3]), zeros([3, 5]), zeros([4]))],
  [
    'avgPool2d: window must be a whole number >= 1, or [height, width] of them, got 0',
    () => ops.avgPool2d(zeros([4, 4, 1]), { window: 0 }),
  ],
  ['globalAvgPool: input must be [...,H,W,C], got [4,4]', () => ops.globalAvgPool(zeros([4, 4]))],
  ['mean: axes [0] of [0,3] hold no elements', () => ops.mean(zeros([0, 3]), 0)],
  ['variance: axes [0] of [0,3] hold no elements', () => ops.variance(zeros([0, 3]), 0)],
  ['max: axes [0,1] of [0,3] hold no elements', () => ops.max(zeros([0, 3]))],
  ['min: axes [0,1] of [0,3] hold no elements', () => ops.min(zeros([0, 3]))],
  ['softmax: axis 1 of [2,0] holds no elements', () => ops.softmax(zeros([2, 0]))],
  ['softmax: axis 2 is out of range for 2 axes', () => ops.softmax(zeros([2, 3]), 2)],
  [
    'softmax: takes no further argument',
    () => [zeros([2])].map(ops.softmax as unknown as (x: unknown) => unknown),
  ],
  ['argMax: axes [0] of [0,3] hold no elements', () => ops.argMax(zeros([0, 3]), 0)],
  [
    'argMax: an axis must be a whole number, got { keepAxes }; options come last',
    () => ops.argMax(zeros([2]), { keepAxes: true } as unknown as number),
  ],
  ['argMax: axis 3 is out of range for 2 axes', () => ops.argMax(zeros([2, 3]), 3)],
  ['oneHot: label 3 at row 1 is not a class from 0 to 2', () => ops.oneHot([0, 3], 3)],
  ['oneHot: label 3 at row 1 is not a class from 0 to 2', () => ops.oneHot(tensor([[0, 3]]), 3)],
  ['oneHot: classes must be a whole number >= 1, got 0', () => ops.oneHot([0], 0)],
  ['gather: index 3 at 1 is outside axis 0 of length 3', () => ops.gather(zeros([3, 2]), [0, 3])],
  ['gather: index 0.5 at 0 is outside axis 0 of length 3', () => ops.gather(zeros([3, 2]), [0.5])],
  [
    'gather: index [2,2,2] must have one axis, or as many as x [3,2]',
    () => ops.gather(zeros([3, 2]), zeros([2, 2, 2])),
  ],
  ['gather: index [4,1] must have one axis', () => ops.gather(zeros([3, 2]), zeros([4, 1]), 1)],
  ['tensor(index) makes one', () => ops.gather(zeros([3, 2]), [[0, 1]] as unknown as number[])],
  ['pad: 1 pairs of widths for the 2 axes of [3,2]', () => ops.pad(zeros([3, 2]), [[1, 1]])],
  ['pad: widths must be a list of [before, after]', () => ops.pad(zeros([3]), [[-1, 1]])],
  ['sum: axis -3 is out of range for 2 axes', () => ops.sum(zeros([2, 3]), -3)],
];

describe('an operator refuses', () => {
  test.each(cases)('%s', (message, act) => {
    expect(act).toThrow(SpikegradError);
    expect(act).toThrow(message);
  });

  test('operands of two backends, naming both', () => {
    const other = tensor([1, 2], [2], { backend: cpuBackend('f64') });
    expect(() => ops.add(zeros([2]), other)).toThrow(
      'add: operands live on different backends (cpu f32 and cpu f64)',
    );
  });

  test('nothing that only has no elements: empty batches pass through', () => {
    expect(ops.conv2d(zeros([0, 4, 4, 1]), zeros([3, 3, 1, 2])).shape).toEqual([0, 2, 2, 2]);
    expect(ops.matmul(zeros([0, 3]), zeros([3, 2])).shape).toEqual([0, 2]);
    expect(ops.sum(zeros([0, 3]), 0).dataSync()).toEqual(new Float32Array(3));
    expect(ops.add(zeros([0, 3]), zeros([3])).shape).toEqual([0, 3]);
  });
});
