// Rasters and traces of neurons over time.

import { describe, expect } from 'vitest';
import { rasterChart, traceChart } from '../../src/plot';
import { ROLES } from '../../src/plot/theme';
import { fc, test } from '../support/properties';
import { hostileNumber, hostileText } from './hostile';
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

  test('of lists that do not fit together is refused, naming the list', () => {
    for (const draw of [
      (wrong: typeof recording) => rasterChart({ title: 't', recordings: [wrong] }),
      (wrong: typeof recording) => traceChart({ title: 't', recording: wrong }),
    ]) {
      expect(() => draw({ ...recording, steps: 1e9 })).toThrow(
        'spikes must have 1000000000 x 2 numbers, got 6',
      );
      expect(() => draw({ ...recording, charged: [1] })).toThrow('charged must have 3 x 2 numbers, got 1');
      expect(() => draw({ ...recording, wibble: 1 } as never)).toThrow("has no option 'wibble'");
    }
  });

  test.prop([
    fc.record({ title: hostileText, subtitle: hostileText, name: hostileText }),
    fc.array(hostileNumber, { minLength: 6, maxLength: 6 }),
  ])('and a trace are well-formed pictures of hostile words and numbers', ({ name, ...words }, numbers) => {
    const wild = {
      ...recording,
      name,
      spikes: numbers,
      charged: numbers,
      current: numbers,
      vth: numbers[0]!,
    };
    for (const svg of [
      rasterChart({ ...words, recordings: [wild] }),
      traceChart({ ...words, recording: wild }),
    ]) {
      parsePicture(svg);
      expect(svg).not.toMatch(/="[^"]*(NaN|Infinity)/);
    }
  });

  test('of nothing says so, and many rows shrink instead of running off', () => {
    expect(rasterChart({ title: 't', recordings: [] })).toContain('>no data<');
    const neurons = Array.from({ length: 400 }, (_, i) => i);
    const many = { name: 'wide', neurons, steps: 3, spikes: new Float32Array(1200) };
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
