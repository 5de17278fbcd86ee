// The colours of the quantities, seen by eyes of four kinds. Source: Machado, Oliveira & Fernandes, "A
// physiologically-based model for simulation of color vision deficiency", IEEE TVCG 2009, severity 1.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { histogramChart } from '../../src/plot/charts/histogram';
import { ROLES } from '../../src/plot/theme';

type Triple = readonly [number, number, number];

/** Rows of the matrix that turns linear sRGB into what such an eye sees. */
const eyes: Record<string, readonly [Triple, Triple, Triple]> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopic: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopic: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopic: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const style = (name: string) => readFileSync(resolve(`examples/playground/src/styles/${name}.css`), 'utf8');
const css = style('page');

function shade(name: string, mode: 'light' | 'dark'): Triple {
  const [, light, dark] = new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(css)!;
  return linear(mode === 'light' ? light! : dark!);
}

/** Linear sRGB of #rrggbb. */
function linear(hex: string): Triple {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

const each = (triple: Triple, change: (value: number) => number): Triple => [
  change(triple[0]),
  change(triple[1]),
  change(triple[2]),
];

function product(rows: readonly [Triple, Triple, Triple], [r, g, b]: Triple): Triple {
  const row = ([x, y, z]: Triple) => Math.min(1, Math.max(0, x * r + y * g + z * b));
  return [row(rows[0]), row(rows[1]), row(rows[2])];
}

const luminance = ([r, g, b]: Triple) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

function lab(rgb: Triple): Triple {
  const ratios = product(
    [
      [0.433953, 0.376219, 0.189828],
      [0.212673, 0.715152, 0.072175],
      [0.017758, 0.109477, 0.872766],
    ],
    rgb,
  );
  const [x, y, z] = each(ratios, (value) => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const distance = (a: Triple, b: Triple) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

const inks = ['input', 'charged', 'rectified', 'carried', 'spikes', 'gradient'].map((name) => `ink-${name}`);

describe.each(['light', 'dark'] as const)('the %s colours', (mode) => {
  test.each(inks)('%s is readable as text: contrast 4.5 and more', (ink) => {
    for (const ground of ['surface', 'page']) {
      const [low, high] = [luminance(shade(ink, mode)), luminance(shade(ground, mode))].sort((a, b) => a - b);
      expect((high! + 0.05) / (low! + 0.05)).toBeGreaterThan(4.5);
    }
  });

  test.each(Object.keys(eyes))('H, Ĥ and spikes, which share a chart, differ for %s eyes', (eye) => {
    const seen = ['ink-charged', 'ink-rectified', 'ink-spikes'].map((ink) =>
      lab(product(eyes[eye]!, shade(ink, mode))),
    );
    for (const [i, a] of seen.entries()) {
      for (const b of seen.slice(i + 1)) expect(distance(a, b)).toBeGreaterThan(20);
    }
  });
});

test('H and Ĥ have the colours of the page in figures and reports too', () => {
  for (const quantity of ['charged', 'rectified'] as const) {
    const { light, dark } = ROLES[quantity];
    expect(css).toContain(`--ink-${quantity}: light-dark(${light}, ${dark});`);
    const distributions = [{ name: 'one', quantity, edges: [0, 1], counts: [1] }];
    expect(histogramChart({ title: 'Membranes', distributions })).toContain(`color="${light}"`);
  }
  for (const source of ['src/train/report/page.ts', 'src/paper/figure3/index.ts'])
    expect(readFileSync(resolve(source), 'utf8')).toMatch(/'charged'[\s\S]*'rectified'/);
});

test.each(Object.keys(eyes))('points of the two classes differ for %s eyes', (eye) => {
  const fills = [...style('network').matchAll(/\.class-\d \{\n {2}fill: (#\w{6});/g)].map(([, hex]) =>
    lab(product(eyes[eye]!, linear(hex!))),
  );
  expect(fills).toHaveLength(2);
  expect(distance(fills[0]!, fills[1]!)).toBeGreaterThan(40);
});
