// What gains are predicted to be: against integrals done elsewhere, by hand, and against what real networks do.

import { beforeAll, describe, expect, test } from 'vitest';
import { manualSeed } from '../../src/core/engine';
import { shapes } from '../../src/data/shapes';
import { init } from '../../src/init';
import { gradientProfile, layerGain, spikeRatio } from '../../src/paper/gradients';
import { type NeuronSlope, neuronGain, predictGains } from '../../src/paper/gradients/predicted-gain';
import { mpr, rectangular, resnet20 } from '../../src/snn';

beforeAll(async () => {
  await init({ backend: 'wasm', threads: 1 });
});

function slopeOf(k: number | null, scale = 1): NeuronSlope {
  const [phi, surrogate] = [k === null ? undefined : mpr({ k }), rectangular({ scale })];
  const slope = (h: number) => surrogate.derivative((phi?.value(h) ?? h) - 0.5) * (phi?.derivative(h) ?? 1);
  return { vth: 0.5, squared: (h) => slope(h) ** 2 };
}

describe("a neuron's gain", () => {
  // H ~ N(0, 0.5²) spikes with P(H > 0.5) = 0.158655; the integrals over (0, 1) by an independent quadrature
  test.each([
    [null, 0.47725],
    [1, 0.481],
    [3, 0.581],
    [5, 0.828],
    [7, 1.133],
  ])('of k = %s has the square %f where tdBN starts', (k, square) => {
    expect(neuronGain(slopeOf(k), 0.158655, 0.5) ** 2).toBeCloseTo(square, 2);
  });

  test('grows with the factor, and is that of the window for a rate of one half', () => {
    expect(neuronGain(slopeOf(null, 3), 0.3, 0.5)).toBeCloseTo(3 * neuronGain(slopeOf(null), 0.3, 0.5), 9);
    // half of the membranes above vth: m = vth, and P(|H - 0.5| < 0.5) = P(|U| < 1) = 0.682689
    expect(neuronGain(slopeOf(null), 0.5, 0.5) ** 2).toBeCloseTo(0.682689, 2);
    expect(neuronGain(slopeOf(null), 0, 0.01)).toBeLessThan(1); // no rate is no reason to fail
  });
});

describe('gains of layers', () => {
  const path = { name: 'conv', behind: 'b', before: 'a', pooled: 1, scale: 0.5, gain: 0.9 };
  const neurons = [
    { name: 'a', rate: 0.16, norm: 3, shortcuts: [] },
    { name: 'b', rate: 0.158655, norm: 2, shortcuts: [] },
  ];
  const slopes = new Map([
    ['a', slopeOf(null)],
    ['b', slopeOf(null)],
  ]);

  test('lie between those of the two moments of the spikes that are read', () => {
    const { paths, neurons: seen } = predictGains({ neurons, paths: [path] }, slopes);
    const squares = paths[0]!.predicted!.map((gain) => gain ** 2);
    expect(squares[0]).toBeCloseTo((0.25 * 0.47725) / 0.16, 2);
    expect(squares[1]).toBeCloseTo((0.25 * 0.47725) / (0.16 * 0.84), 2);
    expect(paths[0]!.rates).toEqual([0.16, 0.158655]);
    expect(seen[0]).toMatchObject({ measured: 1.5, predicted: paths[0]!.predicted });
    expect(seen[1]).toMatchObject({ measured: 1, predicted: [1, 1] });
  });

  test('of pooled spikes have less variance to divide by, and a quarter of the square goes to each', () => {
    const { paths, neurons: seen } = predictGains({ neurons, paths: [{ ...path, pooled: 4 }] }, slopes);
    const [, high] = paths[0]!.predicted!;
    expect(high ** 2).toBeCloseTo((0.25 * 0.47725 * 4) / (0.16 * 0.84), 1);
    expect(seen[0]!.predicted![1]).toBeCloseTo(high / 2, 9);
  });

  test('a shortcut adds its own square, and its spikes to the deviation of the membranes', () => {
    const [a, b] = neurons as [(typeof neurons)[0], (typeof neurons)[1]];
    const added = [a, { ...b, shortcuts: ['a'] }];
    const { paths, neurons: seen } = predictGains({ neurons: added, paths: [path] }, slopes);
    const deviation = Math.sqrt(0.25 + 0.16 * 0.84);
    const gain = neuronGain(slopeOf(null), b.rate, deviation);
    expect(paths[0]!.neuron).toBeCloseTo(gain, 12);
    expect(seen[0]!.predicted![1] ** 2).toBeCloseTo(paths[0]!.predicted![1] ** 2 + gain ** 2, 9);
  });

  test('are not predicted where nothing spikes, nothing normalises, or an image is read', () => {
    const silent = [{ ...neurons[0]!, rate: 0 }, neurons[1]!];
    expect(predictGains({ neurons: silent, paths: [path] }, slopes).paths[0]!.predicted).toBeUndefined();
    for (const missing of [{ scale: undefined }, { before: undefined, gain: undefined }]) {
      const { paths } = predictGains({ neurons, paths: [{ ...path, ...missing }] }, slopes);
      expect(paths[0]!.predicted).toBeUndefined();
    }
  });
});

describe('in a ResNet20 that has not been trained', () => {
  const images = shapes({ count: 16, seed: 1, split: 'train' });
  const profile = (k: number | null) => {
    manualSeed(0);
    const rectifier = k === null ? null : mpr({ k });
    const network = resnet20({ width: 8, timesteps: 2, neuron: { rectifier } });
    return gradientProfile(network, images, { count: 1, size: 16, seed: 0 });
  };

  test.each([null, 3, 7])('k = %s: what is measured is what the rates predict', async (k) => {
    const seen = await profile(k);
    const gain = layerGain(seen)!;
    expect(seen.gains.paths.length).toBe(21);
    expect(seen.gains.paths.filter(({ predicted }) => predicted).length).toBe(20); // all but the stem's
    expect(gain.measured).toBeGreaterThan(gain.predicted[0]);
    expect(gain.measured).toBeLessThan(1.08 * gain.predicted[1]);
    const ratio = spikeRatio(seen)!; // over 19 layers, without anything fitted
    expect(ratio.measured).toBeGreaterThan(ratio.predicted[0]);
    expect(ratio.measured).toBeLessThan(2 * ratio.predicted[1]);
  });
});
