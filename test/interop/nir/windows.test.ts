// Nodes with windows on drawn shapes, strides, padding, dilation and groups, against the plain loops of reference.ts.

import { beforeAll, describe, expect } from 'vitest';
import { tensor } from '../../../src/core/create';
import { Random } from '../../../src/core/random';
import { noGrad } from '../../../src/core/tape';
import { init } from '../../../src/init';
import { permuteArray } from '../../../src/interop/layout';
import { floats, fromNir, integers, type NirGraph, type NirNode, nirNode } from '../../../src/interop/nir';
import { fc, test } from '../../support/properties';
import { reference } from './reference';

beforeAll(() => init({ backend: 'cpu', precision: 'f64' }));

/** What is drawn for one axis of an image. */
const axis = fc
  .record({
    kernel: fc.integer({ min: 1, max: 3 }),
    stride: fc.integer({ min: 1, max: 6 }),
    padding: fc.nat(3),
    dilation: fc.integer({ min: 1, max: 3 }),
    /** Pixels beyond those of a single window. */
    room: fc.nat(9),
  })
  .map((drawn) => {
    const extent = drawn.dilation * (drawn.kernel - 1) + 1;
    return { ...drawn, length: Math.max(1, extent - 2 * drawn.padding) + drawn.room };
  });
type Axis = typeof axis extends fc.Arbitrary<infer T> ? T : never;

const filters = fc.record({
  groups: fc.integer({ min: 1, max: 3 }),
  inPerGroup: fc.integer({ min: 1, max: 2 }),
  outPerGroup: fc.integer({ min: 1, max: 2 }),
});
const seeds = fc.nat(2 ** 20);

const drawn = (shape: readonly number[], random: Random) =>
  floats(
    Float64Array.from({ length: shape.reduce((size, length) => size * length, 1) }, () => random.normal()),
    shape,
  );
const each = (axes: readonly Axis[], key: keyof Axis) => integers(axes.map((one) => one[key]));

function convNode(axes: readonly Axis[], { groups, inPerGroup, outPerGroup }: FilterCount, random: Random) {
  const out = groups * outPerGroup;
  return nirNode(axes.length === 1 ? 'Conv1d' : 'Conv2d', {
    weight: drawn([out, inPerGroup, ...axes.map(({ kernel }) => kernel)], random),
    bias: drawn([out], random),
    stride: each(axes, 'stride'),
    padding: each(axes, 'padding'),
    dilation: each(axes, 'dilation'),
    groups: integers([groups], []),
  });
}
type FilterCount = typeof filters extends fc.Arbitrary<infer T> ? T : never;

/** Two images through one node, here and by the plain loops. `shape` is that of an image, channels first. */
function compare(node: NirNode, shape: readonly number[], random: Random): void {
  const graph: NirGraph = {
    nodes: new Map([
      ['input', nirNode('Input', { shape: integers(shape) })],
      ['node', node],
      ['output', nirNode('Output', { shape: integers([1]) })],
    ]),
    edges: [
      ['input', 'node'],
      ['node', 'output'],
    ],
    metadata: new Map(),
  };
  const images = [drawn(shape, random), drawn(shape, random)].map(({ data }) => data as Float64Array);
  const plain = reference(graph, [...graph.nodes.keys()], images, [...shape], 1).get('output')!;
  // steps as they come, one image each
  const all = Float64Array.from(images.flatMap((image) => [...image]));
  const axes = shape.slice(1).map((_, i) => i + 3);
  const x = permuteArray({ data: all, shape: [2, 1, ...shape] }, [0, 1, ...axes, 2]);
  const y = noGrad(() => fromNir(graph).call(tensor(Float64Array.from(x.data), x.shape)));
  const places = y.shape.slice(2, -1).reduce((size, length) => size * length, 1);
  const channels = y.shape.at(-1)!;
  const mine = y.dataSync();
  expect(mine.length).toBe(2 * plain[0]!.length);
  plain.forEach((values, t) => {
    values.forEach((value, i) => {
      const [channel, place] = [Math.floor(i / places), i % places];
      expect(mine[(t * places + place) * channels + channel]).toBeCloseTo(value, 10);
    });
  });
}

describe('nodes with windows give what plain loops give, with any stride', () => {
  test.prop([axis, axis, filters, seeds], { numRuns: 150 })('Conv2d', (down, across, count, seed) => {
    const random = new Random(seed);
    const channels = count.groups * count.inPerGroup;
    compare(convNode([down, across], count, random), [channels, down.length, across.length], random);
  });

  test.prop([axis, filters, seeds], { numRuns: 100 })('Conv1d', (along, count, seed) => {
    const random = new Random(seed);
    compare(convNode([along], count, random), [count.groups * count.inPerGroup, along.length], random);
  });

  test.prop([fc.constantFrom('SumPool2d', 'AvgPool2d'), axis, axis, fc.integer({ min: 1, max: 3 }), seeds], {
    numRuns: 100,
  })('SumPool2d and AvgPool2d', (type, down, across, channels, seed) => {
    const node = nirNode(type, {
      kernel_size: each([down, across], 'kernel'),
      stride: each([down, across], 'stride'),
      padding: each([down, across], 'padding'),
    });
    compare(node, [channels, down.length, across.length], new Random(seed));
  });
});
