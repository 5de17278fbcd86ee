// Rasters and traces of neurons over time.

import { describe, expect, test } from 'vitest';
import { rasterChart, traceChart } from '../../src/plot';
import { ROLES } from '../../src/plot/theme';
import { named, parsePicture } from './markup';

const recording = {
  name: 'lif1',
  neurons: [3, 8],
  steps: 3,
  spikes: [1, 0, 0, 0, 1, 1],
  charged: [0.7, 0.1, 0.2, 0.3, 0.9, 0.6],
  rectified: [0.8, 0.1, 0.2, 0.3, 0.9, 0.6],
  current: [0.7, 0.1, 0.2, 0.3, 0.9, 0.6],
  carried: [0, 0.1, 0.2, 0.3, 0, 0],
  vth: 0.5,
};

describe('a raster', () => {
  test("has a mark for each spike, at its step and in its neuron's row", () => {
    const svg = rasterChart({ title: 't', recordings: [recording] });
    const [path] = named(parsePicture(svg), 'path');
    const marks = [...path!.attributes.d!.matchAll(/M([\d.]+) ([\d.]+)v/g)].map(([, x, y]) => [
      Number(x),
      Number(y),
    ]);
    expect(marks).toHaveLength(3);
    const [first, last3, last8] = marks as [number, number][];
    expect(first![0]).toBeLessThan(last3![0]);
    expect(last3![0]).toBe(last8![0]);
    expect(first![1]).toBe(last3![1]);
    expect(last8![1]).toBeGreaterThan(last3![1]);
  });

  test('names layers, numbers neurons, and tells rates in words too', () => {
    const svg = rasterChart({ title: 't', recordings: [recording, { ...recording, name: 'lif2' }] });
    for (const word of [
      '>lif1<',
      '>lif2<',
      '>3<',
      '>fires 50 % of the time<',
      'lif1: 2 neurons over 3 time steps, firing 50 % of the time',
    ])
      expect(svg).toContain(word);
  });

  test('of nothing says so, and many rows shrink instead of running off', () => {
    expect(rasterChart({ title: 't', recordings: [] })).toContain('>no data<');
    const many = {
      ...recording,
      neurons: Array.from({ length: 400 }, (_, i) => i),
      spikes: new Float32Array(1200),
    };
    const height = Number(
      parsePicture(rasterChart({ title: 't', recordings: [many] }))[0]!.attributes.height,
    );
    expect(height).toBeLessThan(1100);
  });
});

describe('a trace', () => {
  test('draws H and Ĥ in their own colours, and a strip for each spike', () => {
    const svg = traceChart({ title: 't', recording });
    const elements = parsePicture(svg);
    const colours = named(elements, 'g').map(({ attributes }) => attributes.color);
    expect(colours.slice(0, 2)).toEqual([ROLES.charged.light, ROLES.rectified.light]);
    expect(
      named(elements, 'rect').filter(({ attributes }) => attributes['fill-opacity'] === '0.14'),
    ).toHaveLength(2);
    expect(svg).toContain('>vth<');
  });

  test('leaves Ĥ out where nothing rectifies, unless it is asked for', () => {
    const plain = { ...recording, rectified: recording.charged };
    expect(traceChart({ title: 't', recording: plain })).not.toContain('Ĥ');
    expect(traceChart({ title: 't', recording: plain, show: ['rectified', 'carried'] })).toContain(
      'V, carried over',
    );
  });

  test('refuses a neuron or a line that was not recorded, in words', () => {
    expect(() => traceChart({ title: 't', recording, neuron: 4 })).toThrow(
      'neuron 4 of lif1 was not recorded; 3, 8 were',
    );
    const { charged: _, ...spikes } = recording;
    expect(() => traceChart({ title: 't', recording: spikes, show: ['charged'] })).toThrow(
      "has no 'charged'",
    );
  });
});
