// Networks against the peers' of the same names: filled with weights from a formula under the peers' names, they give
// the peers' logits and spikes. vectors/networks.py wrote them; snnTorch computes in f32.

import { beforeAll, describe, expect, test } from 'vitest';
import { tensor } from '../../src/core/create';
import { scope } from '../../src/core/scope';
import { noGrad } from '../../src/core/tape';
import { init } from '../../src/init';
import { permuteArray } from '../../src/interop/layout';
import { fromMap, type NameMap } from '../../src/interop/maps';
import type { SafetensorsEntry } from '../../src/interop/safetensors';
import { loadState } from '../../src/interop/state';
import type { Module } from '../../src/nn';
import {
  csnn,
  msResnet20,
  parametricLifNet,
  plif,
  sewResnet,
  spikformer,
  spikingMlp,
  vgg,
} from '../../src/snn';
import { neuronLayers } from '../../src/snn/neuron-layer';
import vectors from './vectors/networks.json';

const networks: Readonly<Record<string, (options: never) => Module>> = {
  csnn,
  msResnet20,
  parametricLifNet,
  sewResnet,
  spikformer,
  spikingMlp,
  vgg,
};

/** Neurons of the peers that are called otherwise here. */
const neuronOf = (neuron: unknown) => (neuron === 'plif' ? plif() : neuron);

beforeAll(() => init({ backend: 'cpu', precision: 'f64' }));

/** sin(Σ of the letters + 1.3·i). */
function sines(name: string, shape: readonly number[]) {
  const seed = Array.from(name).reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  const length = shape.reduce((size, n) => size * n, 1);
  return { data: Float64Array.from({ length }, (_, i) => Math.sin(seed + 1.3 * i)), shape };
}

function filledNumbers(name: string, shape: readonly number[], gain: number) {
  const { data } = sines(name, shape);
  const fan = data.length / shape[0]!;
  if (shape.length > 1) return data.map((x) => (x * gain) / Math.sqrt(fan));
  if (name.endsWith('running_var')) return data.map((x) => 1 + 0.3 * x);
  return name.endsWith('weight') ? data.map((x) => 1 + 0.2 * x) : data.map((x) => 0.1 * x);
}

describe('equal to its peer in logits and spikes', () => {
  test.each(vectors.cases.map((one) => [one.name, JSON.stringify(one.options), one] as const))(
    '%s %s',
    (name, _, { options, gain, shape, logits, spikes, state }) => {
      const network = networks[name]!({
        ...options,
        ...('neuron' in options && { neuron: neuronOf(options.neuron) }),
        timesteps: vectors.timesteps,
      } as never).evaluate();
      const entries = Object.entries(state).map(
        ([key, own]) => [key, { dtype: 'F64', shape: own, data: filledNumbers(key, own, gain) }] as const,
      );
      loadState(network, new Map(entries)); // strict: the same names, and no others
      const [count, height, width, channels] = shape as [number, number, number, number];
      const image = sines('image', [count, channels, height, width]);
      const x = permuteArray({ ...image, data: image.data.map((v) => v + 0.3) }, [0, 2, 3, 1]);
      let fired = 0;
      for (const [, layer] of neuronLayers(network))
        layer.onForward((__, y) => {
          for (const spike of y.dataSync()) fired += spike;
        });
      const got = scope(() => noGrad(() => network.call(tensor(x.data, shape))).dataSync());
      expect(fired).toBe(spikes);
      got.forEach((value, i) => {
        expect(value).toBeCloseTo(logits[i]!, 6);
      });
    },
  );
});

test('the map of snnTorch’s tutorial 6 gives its logits too', async () => {
  const { gain, shape, logits, state } = vectors.cases[0]!;
  const entries = Object.entries(state).map(
    ([key, own]) =>
      [key, { dtype: 'F64', shape: own, data: filledNumbers(key, own, gain) } as SafetensorsEntry] as const,
  );
  const [count, side] = shape as [number, number];
  const map: NameMap = {
    ...{ extends: 'snntorch-cnn', inputShape: [side, side, 1], timesteps: vectors.timesteps, output: 'mean' },
    neuron: { beta: 0.5, reset_mechanism: 'zero' },
  };
  const network = await fromMap(map, new Map(entries));
  const x = sines('image', [count, 1, side, side]).data.map((v) => v + 0.3);
  const got = scope(() => noGrad(() => network.call(tensor(x, shape))).dataSync());
  got.forEach((value, i) => {
    expect(value).toBeCloseTo(logits[i]!, 6);
  });
});
