// What a step of dt does to a graph's neurons: shown, warned of, refused.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { tensor } from '../../../src/core/create';
import { scope } from '../../../src/core/scope';
import { noGrad } from '../../../src/core/tape';
import type { Tensor } from '../../../src/core/tensor';
import { eventFrames, readNMnist } from '../../../src/data';
import { init } from '../../../src/init';
import {
  describeNir,
  floats,
  fromNir,
  integers,
  type NirGraph,
  type NirNode,
  nirNode,
  nirWarnings,
  readNir,
} from '../../../src/interop/nir';
import { sharedFolder } from '../../support/shared';

const vector = (...values: number[]) => floats(Float64Array.from(values), [values.length]);
const constants = (values: Record<string, number | number[]>) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, vector(...[value].flat())]));

/** Input, weights, a neuron of three. */
const graphOf = (type: string, values: Record<string, number | number[]>, weight = 1): NirGraph => {
  const nodes: [string, NirNode][] = [
    ['input', nirNode('Input', { shape: integers([3]) })],
    ['weights', nirNode('Linear', { weight: floats(new Float64Array(9).fill(weight / 3), [3, 3]) })],
    ['neuron', nirNode(type, constants(values))],
    ['output', nirNode('Output', { shape: integers([3]) })],
  ];
  const names = nodes.map(([name]) => name);
  return {
    nodes: new Map(nodes),
    edges: names.slice(1).map((name, i) => [names[i]!, name] as [string, string]),
    metadata: new Map(),
  };
};

const integrator = { r: 1, v_threshold: 1 };
const leaky = { r: 1, tau: 0.001, v_leak: 0, v_threshold: 0.5 };
const stepOf = (graph: NirGraph, dt?: number) =>
  describeNir(graph, { dt }).find(({ name }) => name === 'neuron')!.step;

let warn: ReturnType<typeof vi.spyOn>;
beforeAll(() => init({ backend: 'cpu', precision: 'f64' }));
beforeEach(() => {
  warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => warn.mockRestore());

describe('what an input of 1 does in a step', () => {
  test.each([
    ['IF', integrator, 1e-4, 'keeps 1, adds 0.0001, fires after 10001 steps'],
    ['IF', { r: [1, 2, 4], v_threshold: 3 }, 1, 'keeps 1, adds 1 to 4, fires after 1 step'],
    ['LIF', leaky, 1e-4, 'keeps 0.9, adds 0.1, fires after 7 steps'],
    ['LIF', { ...leaky, v_threshold: 2 }, 1e-4, 'keeps 0.9, adds 0.1, never fires on it'],
    ['LI', { r: 2, tau: 0.001, v_leak: 0 }, 1e-4, 'keeps 0.9, adds 0.2'],
    [
      'CubaLIF',
      { r: 1, tau_mem: 0.002, tau_syn: 0.001, w_in: 3, v_leak: 0, v_threshold: 9 },
      1e-3,
      'keeps 0.5, adds 1.5, never fires on it',
    ],
    ['LIF', { ...leaky, tau: -0.1 }, 1e-4, 'does not run at this dt'],
  ] as const)('%s %o at dt = %d: %s', (type, values, dt, words) => {
    expect(stepOf(graphOf(type, values as Record<string, number>), dt)).toBe(words);
  });

  test('the steps to the first spike are those that a run takes', () => {
    for (const [type, values, dt] of [
      ['IF', { r: 3, v_threshold: 1 }, 0.125],
      ['LIF', { ...leaky, v_leak: 0.25 }, 1e-4],
      ['LIF', { r: 4, tau: 0.01, v_leak: 0, v_threshold: 1 }, 1e-3],
    ] as const) {
      const graph = graphOf(type, values);
      const spikes = fromNir(graph, { dt }).call(tensor(new Float64Array(300).fill(1), [100, 1, 3]));
      const first = spikes.dataSync().indexOf(1) / 3 + 1;
      expect(stepOf(graph, dt)).toContain(`fires after ${first} steps`);
    }
  });

  test('dt is the one given, else that of the metadata, else 1e-4', () => {
    const graph = graphOf('IF', integrator);
    expect(stepOf(graph)).toContain('adds 0.0001');
    const noted = { ...graph, metadata: new Map([['dt', vector(0.5)]]) };
    expect(stepOf(noted)).toContain('adds 0.5');
    expect(stepOf(noted, 0.25)).toContain('adds 0.25');
  });
});

describe('a neuron that can hardly reach its threshold', () => {
  test('is warned of once, by node, with the dt to pass', () => {
    const network = fromNir(graphOf('IF', integrator));
    expect(network.warnings).toHaveLength(1);
    expect(warn.mock.calls).toEqual([
      [
        'fromNir: node "neuron" (IF) can hardly fire at dt = 0.0001: an input of 1 adds 0.0001 in a step, so that even the strongest input that its weights can make of inputs up to 1, 1, takes 10000 steps to the threshold; it seems to count time in steps, as graphs of Sinabs and snnTorch do: pass dt: 1',
      ],
    ]);
  });

  test.each([
    ['at the right dt', graphOf('IF', integrator), 1],
    ['with weights that make up for it', graphOf('IF', integrator, 500), 1e-4],
    ['of a leaky neuron in seconds', graphOf('LIF', { ...leaky, tau: 0.02, v_threshold: 1 }, 10), 1e-4],
    ['one neuron of which fires', graphOf('IF', { r: [1, 1, 1e4], v_threshold: 1 }), 1e-4],
    ['that does not fire', graphOf('I', { r: 1 }), 1e-4],
  ])('not %s', (_, graph, dt) => {
    expect(nirWarnings(graph, { dt })).toEqual([]);
    fromNir(graph, { dt });
    expect(warn).not.toHaveBeenCalled();
  });

  test.each([
    ['IF', { r: 1000, v_threshold: 1 }, 1e-7, /perhaps dt: 0\.001$/],
    ['LIF', { r: 1, tau: 20, v_leak: 0, v_threshold: 1 }, 1e-4, /count time in steps.*pass dt: 1$/],
    ['LIF', { r: 1, tau: 0.02, v_leak: 0, v_threshold: 1 }, 1e-6, /perhaps dt: 0\.002$/],
    ['LIF', { r: 0, tau: 0.02, v_leak: 0, v_threshold: 1 }, 1e-3, /takes for ever to the threshold/],
  ])('%s %o at %d says what to pass', (type, values, dt, message) => {
    expect(nirWarnings(graphOf(type, values), { dt })).toEqual([expect.stringMatching(message)]);
  });
});

describe('a neuron that diverges', () => {
  test.each([
    [
      'LIF',
      { ...leaky, tau: [1, 0.02, 1] },
      1,
      /node "neuron" \(LIF\): a step of dt = 1 is too long for "tau" 0\.02 at neuron 1, .* at most 0\.04/,
    ],
    [
      'CubaLIF',
      { r: 1, tau_mem: 1, tau_syn: 0.1, v_leak: 0, v_threshold: 1 },
      1,
      /too long for "tau_syn" 0\.1, .* at most 0\.2/,
    ],
    [
      'LIF',
      { ...leaky, tau: [0.1, -0.002, 0.1] },
      1e-4,
      /node "neuron" \(LIF\): every "tau" must be above 0, got -0\.002 at neuron 1; a decay that was trained above 1/,
    ],
    ['LIF', { ...leaky, tau: Number.NaN }, 1e-4, /every "tau" must be above 0, got NaN/],
  ])('%s %o at dt = %d is refused by node and value', (type, values, dt, message) => {
    const graph = graphOf(type, values as Record<string, number>);
    expect(() => fromNir(graph, { dt })).toThrow(message);
    expect(nirWarnings(graph, { dt })).toEqual([expect.stringMatching(message)]);
  });

  test('not at a tau of dt/2, where it just swings', () => {
    const y = fromNir(graphOf('LI', { r: 1, tau: 0.5, v_leak: 0 }), { dt: 1 }).call(
      tensor([1, 1, 1, 0, 0, 0, 0, 0, 0], [3, 1, 3]),
    );
    expect(Array.from(y.dataSync())).toEqual([2, 2, 2, -2, -2, -2, 2, 2, 2]);
  });
});

const { path, missing, note } = sharedFolder('files');

describe.skipIf(missing)(`a real graph${note}`, () => {
  const open = () => readNir(readFileSync(join(path, 'nir/spyx--docs--examples--nir--scnn--scnn_mnist.nir')));

  test('of Sinabs never fires at 1e-4, of which fromNir warns, and finds the digit at dt = 1', async () => {
    const graph = await open();
    const events = await readNMnist([readFileSync(join(path, 'nmnist-sample.bin'))]);
    const steps = Math.ceil((Math.max(...events.time) - Math.min(...events.time)) / 1000) + 1;
    const frames = eventFrames([events], { timesteps: steps, height: 34, width: 34, span: 1000 });
    const counts = (dt?: number) =>
      noGrad(() =>
        scope((): number[] => {
          const y: Tensor = fromNir(graph, { dt }).call(frames);
          const data = Array.from(y.dataSync());
          return Array.from({ length: 10 }, (_, k) =>
            data.reduce((sum, x, i) => sum + (i % 10 === k ? x : 0), 0),
          );
        }),
      );
    const silent = counts();
    expect(silent).toEqual(new Array(10).fill(0));
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/node "1" \(IF\).*pass dt: 1/)]]);
    warn.mockClear();
    const spikes = counts(1);
    expect([spikes[4], spikes.reduce((a, b) => a + b)]).toEqual([146, 149]);
    expect(warn).not.toHaveBeenCalled();
  });
});
