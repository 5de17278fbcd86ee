// Sizes and shapes that make no sense: told at once, by the function that was called, with what to do. None of these
// may take memory or time.

import { beforeAll, describe, expect, test } from 'vitest';
import { SpikegradError } from '../../src/errors';
import * as sg from '../../src/index';

beforeAll(async () => {
  await sg.init({ backend: 'cpu' });
});

const unknown = (value: unknown) => value as never;
const itself = (...before: unknown[]) => {
  const list: unknown[] = [...before];
  list.push(list);
  return unknown(list);
};
const deep = (depth: number) => {
  let list: unknown = 1;
  for (let i = 0; i < depth; i++) list = [list];
  return unknown(list);
};
const doubled = (times: number) => {
  let list: unknown = 1;
  for (let i = 0; i < times; i++) list = [list, list];
  return unknown(list);
};

const refused: readonly (readonly [string, () => unknown, string])[] = [
  ['a list that holds itself first', () => sg.tensor(itself()), 'tensor: the list at depth 0 holds itself'],
  ['a list that holds itself last', () => sg.tensor(itself(1)), 'tensor: the list at depth 0 holds itself'],
  [
    'records that hold themselves',
    () => sg.datasetOf(itself(), [0]),
    'datasetOf: the list at depth 0 holds itself',
  ],
  [
    'lists a hundred thousand deep',
    () => sg.tensor(deep(100_000)),
    'tensor: lists of more than 64 in one another',
  ],
  ['lists of few that are 2^40 numbers', () => sg.tensor(doubled(40)), '2^31 elements or more'],
  ['zeros of 2^31', () => sg.zeros([2 ** 31]), 'zeros: shape [2147483648] has 2^31 elements or more. Take'],
  ['lengths whose product is infinite', () => sg.randn(new Array(60).fill(2 ** 52)), 'randn: shape'],
  ['a length beside none', () => sg.ones([2 ** 52, 0]), 'ones: shape [4503599627370496,0] has'],
  ['arange', () => sg.arange(0, 1e15), 'arange: shape [1000000000000000] has'],
  ['add', () => sg.add(sg.ones([2 ** 16, 1]), sg.ones([1, 2 ** 16])), 'add: shape [65536,65536] has'],
  ['matmul', () => sg.matmul(sg.ones([2 ** 16, 1]), sg.ones([1, 2 ** 16])), 'matmul: shape [65536,65536]'],
  [
    'conv2d',
    () => sg.conv2d(sg.ones([1, 4, 4, 1]), sg.ones([1, 1, 1, 1]), { padding: 2 ** 20 }),
    'conv2d: shape [1,',
  ],
  ['im2col', () => sg.im2col(sg.ones([1, 4, 4, 1]), { window: 1, padding: 2 ** 20 }), 'im2col: shape ['],
  ['pad', () => sg.pad(sg.ones([1]), [[2 ** 40, 0]]), 'pad: shape [1099511627777] has'],
  ['repeat', () => sg.repeat(sg.ones([2]), [2 ** 31]), 'repeat: shape [4294967296] has'],
  ['oneHot', () => sg.oneHot([0], 2 ** 40), 'oneHot: shape [1,1099511627776] has'],
  ['poisson', () => sg.poisson(sg.ones([2]), 2 ** 40), 'poisson: shape ['],
  ['latency', () => sg.latency(sg.ones([2]), 2 ** 40), 'latency: shape ['],
  ['Direct', () => new sg.Direct(2 ** 40).call(sg.ones([2])), 'direct: shape ['],
  ['Linear', () => new sg.Linear(2 ** 20, 2 ** 20), 'initial weights: shape [1048576,1048576] has'],
  [
    'resnet20',
    () => sg.resnet20({ width: 1e6 }),
    'resnet20 of width 1000000: shape [3,3,4000000,4000000] has',
  ],
  ['shapes', () => sg.shapes({ count: 2 ** 31 }), 'shapes: JavaScript has no room'],
  ['65 axes', () => sg.reshape(sg.ones([1]), new Array(65).fill(1)), 'reshape: shape of more than 64 axes'],
  ['no channels', () => new sg.Conv2d(0, 3), 'Conv2d: cin must be a whole number >= 1, got 0'],
  ['no inputs', () => new sg.Linear(0, 3), 'Linear: inputs must be a whole number >= 1, got 0'],
  ['no width', () => sg.resnet20({ width: 0 }), 'resnet20: width must be a whole number >= 1, got 0'],
  ['no norm', () => new sg.TdBatchNorm(0), 'TdBatchNorm: channels must be a whole number >= 1, got 0'],
  [
    'a weight of no inputs',
    () => sg.linear(sg.ones([2, 0]), sg.ones([0, 3])),
    'linear: weight [0,3] has no inputs',
  ],
  [
    'a weight of no outputs',
    () => sg.linear(sg.ones([2, 3]), sg.ones([3, 0])),
    'linear: weight [3,0] has no outputs',
  ],
  [
    'a kernel of no channels',
    () => sg.conv2d(sg.ones([1, 4, 4, 0]), sg.ones([3, 3, 0, 2])),
    'conv2d: weight [3,3,0,2] has no channels: give it at least 1',
  ],
  [
    'a kernel of no rows',
    () => sg.conv2d(sg.ones([4, 4, 2]), sg.ones([0, 3, 2, 2])),
    'has no rows in its kernel',
  ],
  ['no classes', () => sg.crossEntropy(sg.ones([1, 0]), [0]), 'crossEntropy: logits [1,0] have no classes'],
];

describe('is refused at once:', () => {
  test.each(refused)('%s', (_, act, words) => {
    const before = process.cpuUsage();
    expect(act).toThrow(SpikegradError);
    expect(act).toThrow(words);
    const { user, system } = process.cpuUsage(before); // of a busy machine's time others have most
    expect(user + system).toBeLessThan(2e6);
  });
});

test('a scope looks into lists that hold themselves, and into the deepest', () => {
  const [list, inner] = sg.scope(() => {
    const made = sg.ones([1]);
    const around: unknown[] = [made];
    around.push(around);
    return [around, made] as const;
  });
  expect([list.length, inner.disposed]).toEqual([2, false]);
  const kept = sg.scope(() => {
    const made = sg.ones([1]);
    let around: unknown = made;
    for (let i = 0; i < 50_000; i++) around = [around];
    return { made, around };
  });
  expect(kept.made.disposed).toBe(false);
});

test('sixty-four axes are a tensor, there and back', () => {
  const shape = new Array<number>(64).fill(1);
  expect(sg.tensor(sg.ones(shape).toArraySync()).shape).toEqual(shape);
});
