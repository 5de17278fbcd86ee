// What a probe records of single neurons, and how it reaches the charts.

import { beforeAll, describe, expect, test } from 'vitest';
import { tensor } from '../../src/core/create';
import type { Tensor } from '../../src/core/tensor';
import { Linear } from '../../src/nn/layers';
import { sequential } from '../../src/nn/sequential';
import { slice } from '../../src/ops/layout';
import { rasterChart, traceChart } from '../../src/plot';
import { Lif, lifTrace, mpr, probe, spikeTimes } from '../../src/snn';
import { LayerRecorder } from '../../src/snn/probe/recording';
import { initTested } from '../support/backend';
import { expectClose, normal } from './numbers';

beforeAll(async () => {
  await initTested();
});

const currents = (shape: readonly number[], seed = 1) =>
  tensor(
    normal(
      shape.reduce((a, b) => a * b, 1),
      seed,
      0.5,
    ),
    shape,
  );
/** Numbers [t, neuron] of one image of [T,N,neurons]. */
const of = (x: Tensor, image: number, neurons: readonly number[]) => {
  const [steps, batch, count] = x.shape as [number, number, number];
  const all = x.dataSync();
  return Array.from({ length: steps }, (_, t) =>
    neurons.map((neuron) => all[(t * batch + image) * count + neuron]!),
  ).flat();
};

describe('recordings of a probe', () => {
  test.each([{ reset: 'hard', vReset: -0.2 } as const, { reset: 'soft' } as const])(
    'are X, H, Ĥ, O and V of the chosen neurons of the chosen image, step by step, with %o',
    async (neuron) => {
      const options = { rectifier: mpr(), tau: 0.7, ...neuron };
      const layer = new Lif(options);
      const looking = probe(layer, { record: { neurons: [4, 1, 99], image: 1 } });
      const x = currents([5, 2, 6]);
      layer.call(x);
      const [recording] = await looking.recordings();
      const trace = lifTrace(x, options);
      expect(recording).toMatchObject({ name: '', neurons: [4, 1], steps: 5, vth: 0.5 });
      expect(Array.from(recording!.current!)).toEqual(of(x, 1, [4, 1]));
      for (const part of ['charged', 'rectified', 'spikes', 'carried'] as const)
        expect(Array.from(recording![part]!), part).toEqual(of(trace[part], 1, [4, 1]));
    },
  );

  test('are of 32 neurons spread over each layer, or of all where there are fewer, in the last call', async () => {
    const network = sequential(new Linear(4, 100), new Lif(), new Linear(100, 10), new Lif());
    const looking = probe(network);
    network.call(currents([7, 2, 4]));
    network.call(currents([3, 2, 4], 2));
    const [wide, narrow] = await looking.recordings();
    expect(wide!.neurons).toHaveLength(32);
    expect(wide!.neurons.at(-1)).toBe(96);
    expect(narrow!.neurons).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([wide!.name, wide!.steps]).toEqual(['1', 3]);
  });

  test('go on from piece to piece of a stateful layer, up to the steps that are kept', async () => {
    const x = currents([10, 1, 3]);
    const whole = new Lif({ tau: 0.9 });
    const pieced = new Lif({ tau: 0.9, stateful: true });
    const once = probe(whole);
    whole.call(x);
    const pieces = [slice(x, [0], [4]), slice(x, [4], [5]), slice(x, [5], [10])];
    const every = probe(pieced);
    const last = probe(pieced, { record: { steps: 3 } });
    for (const piece of pieces) pieced.call(piece);
    const [recorded] = await once.recordings();
    const [joined] = await every.recordings();
    expect([joined!.steps, joined!.neurons, joined!.spikes]).toEqual([10, [0, 1, 2], recorded!.spikes]);
    // a kernel rounds V once where operators round it twice
    for (const part of ['current', 'charged', 'rectified', 'carried'] as const)
      expectClose(joined![part]!, recorded![part]!);
    expect((await last.recordings())[0]!.charged).toEqual(joined!.charged!.slice(-9));
    pieced.reset().call(pieces[0]!);
    expect((await every.recordings())[0]!.steps).toBe(4);
  });

  test('are of the last 1000 steps where nothing is said', async () => {
    const layer = new Lif({ tau: 1, vth: 1e9 });
    const looking = probe(layer);
    layer.call(tensor(new Float32Array(1002).fill(1), [1002, 1, 1]));
    const [recording] = await looking.recordings();
    expect(recording!.steps).toBe(1000);
    expect([recording!.charged![0], recording!.charged!.at(-1)]).toEqual([3, 1002]);
  });

  test('stand in the order of the calls, whenever their numbers come', () => {
    const layer = new Lif({ stateful: true });
    for (let i = 0; i < 2; i++) layer.call(currents([1, 1, 1]));
    const recorder = new LayerRecorder('lif', layer, { neurons: 1, image: 0, steps: 3 });
    const call = () => recorder.begin([2, 1, 1]);
    const come = (to: ReturnType<typeof call>, ...spikes: number[]) =>
      to({ spikes: Float32Array.from(spikes) });
    const kept = () => Array.from(recorder.recording()!.spikes);
    const [first, second, third] = [call(), call(), call()];
    come(second, 0, 1);
    come(first, 1, 1);
    expect(kept()).toEqual([1, 0, 1]);
    const fourth = call();
    const fifth = call();
    come(fifth, 0, 0);
    come(third, 1, 0);
    expect(kept()).toEqual([0, 0, 0]);
    come(fourth, 1, 1);
    expect(kept()).toEqual([1, 0, 0]);
  });

  test('have spikes alone where membranes are not probed', async () => {
    const layer = new Lif();
    const looking = probe(layer, { membranes: false });
    layer.call(currents([2, 1, 3]));
    expect(Object.keys((await looking.recordings())[0]!).sort()).toEqual([
      'name',
      'neurons',
      'spikes',
      'steps',
      'vth',
    ]);
  });

  test('of [T,N] are of N neurons', async () => {
    const layer = new Lif();
    const looking = probe(layer);
    layer.call(currents([3, 4]));
    expect((await looking.recordings())[0]!.neurons).toEqual([0, 1, 2, 3]);
  });

  test('are refused in words where nothing was recorded', async () => {
    const layer = new Lif();
    const looking = probe(layer, { record: { image: 3 } });
    await expect(looking.recordings()).rejects.toThrow('nothing was recorded');
    layer.call(currents([2, 2, 3]));
    await expect(looking.recordings()).rejects.toThrow('or none has the neurons or the image');
  });

  test('become rasters and traces as they are', async () => {
    const layer = new Lif({ rectifier: mpr() });
    const looking = probe(layer);
    layer.call(currents([20, 1, 6]));
    const recordings = await looking.recordings();
    const spikes = spikeTimes(recordings[0]!);
    expect(spikes.times).toHaveLength(recordings[0]!.spikes.filter((spike) => spike === 1).length);
    expect(spikes.times).toEqual([...spikes.times].sort((a, b) => a - b));
    const raster = rasterChart({ title: 'spikes', recordings });
    expect(raster.match(/v[\d.]+(?=[M"])/g)).toHaveLength(spikes.times.length);
    expect(traceChart({ title: 'one', recording: recordings[0]!, neuron: 5 })).toContain('neuron 5');
  });
});
