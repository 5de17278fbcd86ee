// Graphs with several inputs and outputs, with an edge that stands twice, and with notes that say nothing of use.

import { beforeAll, describe, expect, test } from 'vitest';
import { tensor } from '../../../src/core/create';
import { init } from '../../../src/init';
import {
  floats,
  fromNir,
  integers,
  type NirGraph,
  type NirNode,
  nirNode,
  nirWarnings,
  readNir,
  writeNir,
} from '../../../src/interop/nir';
import { Faults } from '../../../src/interop/nir/faults';
import { tryNir } from '../../../src/interop/nir/trial';
import { tellNotices } from '../../../src/notices';

const vector = (...values: number[]) => floats(Float64Array.from(values), [values.length]);
const input = (...shape: number[]) => nirNode('Input', { shape: integers(shape) });
const output = (...shape: number[]) => nirNode('Output', { shape: integers(shape) });
const graphOf = (nodes: Record<string, NirNode>, edges: [string, string][]): NirGraph => ({
  nodes: new Map(Object.entries(nodes)),
  edges,
  metadata: new Map(),
});
const x = (shape: number[], ...values: number[]) => tensor(Float64Array.from(values), shape);

beforeAll(() => init({ backend: 'cpu', precision: 'f64' }));

/** Two streams that meet in an integrator, each seen at an output of its own too. */
const two = (back: [string, string][] = []) =>
  graphOf(
    {
      left: input(1),
      right: input(2),
      twice: nirNode('Scale', { scale: vector(2) }),
      join: nirNode('Linear', { weight: floats(Float64Array.of(1, 10), [1, 2]) }),
      sum: nirNode('I', { r: vector(1) }),
      total: output(1),
      seen: output(1),
    },
    [
      ['left', 'twice'],
      ['right', 'join'],
      ['twice', 'sum'],
      ['join', 'sum'],
      ['sum', 'total'],
      ['twice', 'seen'],
      ...back,
    ],
  );
const given = () => ({ left: x([2, 1, 1], 1, 3), right: x([2, 1, 2], 1, 1, 0, 2) });

describe('a graph with several inputs and outputs', () => {
  test('takes and gives them by name, after a file too', async () => {
    const network = fromNir(await readNir(await writeNir(two())), { dt: 1 });
    expect([...network.inputs]).toEqual([
      ['left', [1]],
      ['right', [2]],
    ]);
    expect(network.outputs.toSorted()).toEqual(['seen', 'total']);
    const { total, seen } = network.run(given());
    expect(Array.from(seen!.dataSync())).toEqual([2, 6]);
    expect(Array.from(total!.dataSync())).toEqual([13, 13 + 26]);
    expect(tryNir(two(), 1, new Faults()).get('join')).toEqual([1]);
  });

  test('runs step by step where there is feedback', () => {
    const { total, seen } = fromNir(two([['sum', 'twice']]), { dt: 1 }).run(given());
    // at the second step the first total, 13, comes back
    expect(Array.from(seen!.dataSync())).toEqual([2, 32]);
    expect(Array.from(total!.dataSync())).toEqual([13, 13 + 32 + 20]);
  });

  test('has the bias of a map on the way back from the first step on, through other maps too', () => {
    const one = (value: number) => floats(Float64Array.of(value), [1, 1]);
    const graph = graphOf(
      {
        in: input(1),
        sum: nirNode('IF', { r: vector(1), v_threshold: vector(10), v_reset: vector(0) }),
        back: nirNode('Affine', { weight: one(5), bias: vector(2) }),
        twice: nirNode('Linear', { weight: one(2) }),
        shown: output(1),
        out: output(1),
      },
      [
        ['in', 'sum'],
        ['sum', 'back'],
        ['back', 'twice'],
        ['twice', 'sum'],
        ['twice', 'shown'],
        ['sum', 'out'],
      ],
    );
    const { shown, out } = fromNir(graph, { dt: 1 }).run({ in: x([4, 1, 1], 5, 3, 0, 0) });
    // 5 + 4 and 9 + 3 + 4 > 10, then 0 + 14 > 10, and again
    expect(Array.from(out!.dataSync())).toEqual([0, 1, 1, 1]);
    expect(Array.from(shown!.dataSync())).toEqual([4, 14, 14, 14]);
  });

  test('is not called with one tensor, with one missing, or with sequences of other lengths', () => {
    const network = fromNir(two(), { dt: 1 });
    expect(() => network.call(x([1, 1, 1], 0))).toThrow(
      /the inputs left, right and the outputs total, seen: run\(\{ "left": …, "right": … \}\)/,
    );
    expect(() => network.run({ left: given().left } as never)).toThrow(/right/);
    expect(() => network.run({ ...given(), left: x([1, 1, 1], 0) })).toThrow(
      /have T and N in common, got \[1,1,1\], \[2,1,2\]/,
    );
  });
});

test('a node that is fed what does not go together is named', () => {
  const graph = graphOf(
    {
      in: input(2),
      join: nirNode('Linear', { weight: floats(Float64Array.of(1, 1), [1, 2]) }),
      three: nirNode('Scale', { scale: vector(1, 1, 1) }),
      out: output(1),
    },
    [
      ['in', 'join'],
      ['join', 'three'],
      ['three', 'out'],
      ['in', 'out'],
    ],
  );
  expect(() => fromNir(graph).call(x([1, 1, 2], 1, 2))).toThrow(
    /node "out" is fed the sum of \[3\] and \[2\] \(channels last\), which do not go together/,
  );
});

describe('what nir itself writes never stops a graph', () => {
  test('an edge that stands twice counts once, with a notice', () => {
    const told: string[] = [];
    tellNotices((text) => told.push(text));
    const graph = graphOf({ in: input(1), scale: nirNode('Scale', { scale: vector(3) }), out: output(1) }, [
      ['in', 'scale'],
      ['in', 'scale'],
      ['scale', 'out'],
      ['scale', 'out'],
    ]);
    try {
      expect(
        Array.from(
          fromNir(graph)
            .call(x([1, 1, 1], 2))
            .dataSync(),
        ),
      ).toEqual([6]);
    } finally {
      tellNotices(undefined);
    }
    expect(told).toEqual([
      'fromNir: the edge ["in","scale"] stands 2 times in the graph; it counts once',
      'fromNir: the edge ["scale","out"] stands 2 times in the graph; it counts once',
    ]);
    expect(nirWarnings(graph)).toHaveLength(2);
  });

  test('a dt that is no step is left alone, with a notice', () => {
    const told: string[] = [];
    tellNotices((text) => told.push(text));
    const graph = { ...two(), metadata: new Map([['dt', vector(0)]]) };
    try {
      expect(fromNir(graph).dt).toBe(1e-4);
      expect(fromNir(graph, { convention: 'sinabs' }).dt).toBe(1);
    } finally {
      tellNotices(undefined);
    }
    expect(told).toEqual([expect.stringContaining('dt = 0, which is no step')]);
  });
});
