// Linear layers on spikes in the wasm kernels against f64 loops: any columns, tiles, panels and rows a call, nothing
// written outside.

import fc from 'fast-check';
import { describe, test } from 'vitest';
import { Random } from '../../../../src/core/random';
import { flavours, kernelMemory } from '../kernel-memory';
import { type Fenced, fenced, numbers, product, transposed } from './matrix';
import { expectSums } from './sums';

/** Whether the summed matrix is read from panels or where it lies. */
const places = fc.constantFrom('panels', 'itself');
const rates = fc.constantFrom(0, 0.1, 0.5, 1);

interface Case {
  readonly lines: number;
  readonly width: number;
  readonly channels: number;
  readonly n: number;
  readonly rate: number;
  readonly place: 'panels' | 'itself';
  /** Rows or channels of one call. */
  readonly each: number;
  readonly seed: number;
}

const cases: fc.Arbitrary<Case> = fc.record({
  lines: fc.integer({ min: 1, max: 4 }),
  width: fc.integer({ min: 1, max: 37 }),
  channels: fc.integer({ min: 1, max: 5 }).map((groups) => groups * 8),
  n: fc.integer({ min: 1, max: 75 }),
  rate: rates,
  place: places,
  each: fc.constantFrom(8, 16, 64),
  seed: fc.nat(),
}) as fc.Arbitrary<Case>;

describe.each(flavours)('linear layers on spikes (%s)', (flavour) => {
  const memory = kernelMemory(flavour, 8192);
  const { kernels } = memory;
  const positions = memory.alloc(4096);
  kernels.bitPositions!(positions);

  function spikesOf({ lines, width, channels, rate, seed }: Case) {
    const random = new Random(seed);
    const x = Float32Array.from({ length: lines * width * channels }, () => Number(random.uniform() < rate));
    const bits = memory.alloc(x.length / 8);
    kernels.packBits!(memory.floats(x), lines, width, channels, bits);
    return { x, bits };
  }

  /** The matrix's copy in panels, 0 where it is read itself. */
  function panelsOf(at: number, place: Case['place'], rows: number, n: number, span: number, tile: number) {
    if (place === 'itself') return { at: 0, expectFence: () => undefined };
    const panels: Fenced = fenced(memory, new Float32Array(kernels.tilePanelBytes!(rows, n) / 4));
    const items = (rows / span) * Math.ceil(span / tile) * Math.ceil(n / kernels.panelColumns!(n));
    for (let item = items - 1; item >= 0; item--) kernels.rowPanel!(at, item, span, tile, n, panels.at);
    return panels;
  }

  function forward(c: Case) {
    const { width, channels, n, each, place, seed } = c;
    const rows = c.lines * width;
    const { x, bits } = spikesOf(c);
    const w = numbers(new Random(seed + 1), channels * n);
    const at = memory.floats(w);
    const panels = panelsOf(at, place, channels, n, channels, kernels.channelTile!(channels));
    const y = fenced(memory, new Float32Array(rows * n).fill(9));
    const scratch = fenced(memory, new Float32Array(kernels.spikeLinearScratchBytes!(channels, each) / 4));
    for (let from = 0; from < rows; from += each) {
      memory.call('spikeLinear', {
        ...{ bits, W: width, C: channels, w: at, panels: panels.at, n, M: rows, y: y.at },
        ...{ from, count: each, scratch: scratch.at, positions },
      });
    }
    for (const { expectFence } of [panels, y, scratch]) expectFence();
    expectSums(y.values(), product(x, w, rows, n, channels));
  }

  function weights(c: Case) {
    const { lines, width, channels, n, each, place, seed } = c;
    const rows = lines * width;
    const { x, bits } = spikesOf(c);
    const dy = numbers(new Random(seed + 1), rows * n);
    const at = memory.floats(dy);
    const tile = kernels.pixelTile!(lines, width);
    const panels = panelsOf(at, place, rows, n, tile < width ? width : rows, tile);
    const dw = fenced(memory, new Float32Array(channels * n).fill(9));
    const scratch = fenced(memory, new Float32Array(kernels.spikeLinearWeightScratchBytes!(tile, each) / 4));
    for (let from = 0; from < channels; from += each) {
      memory.call('spikeLinearWeights', {
        ...{ bits, lines, W: width, C: channels, dy: at, panels: panels.at, tile, n, dw: dw.at },
        ...{ from, count: each, scratch: scratch.at, positions },
      });
    }
    for (const { expectFence } of [panels, dw, scratch]) expectFence();
    expectSums(dw.values(), product(transposed(x, rows, channels), dy, channels, n, rows));
  }

  test('the product of spikes and a matrix is theirs for any sizes', () => {
    fc.assert(fc.property(cases, forward), { numRuns: 120 });
  });

  test('the weight gradient is the transposed product for any sizes', () => {
    fc.assert(fc.property(cases, weights), { numRuns: 120 });
  });

  const large = { n: 41, rate: 0.3, each: 64, seed: 5 };
  for (const place of ['panels', 'itself'] as const) {
    test(`more channels than one tile holds are all summed (${place})`, () => {
      forward({ ...large, lines: 1, width: 5, channels: 1208, place });
    });
    test(`pixels of many short lines, and of lines longer than a tile, are all summed (${place})`, () => {
      weights({ ...large, lines: 37, width: 31, channels: 16, place });
      weights({ ...large, lines: 3, width: 1111, channels: 8, place });
    });
  }
});
