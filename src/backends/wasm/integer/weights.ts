// Weights as the kernels of inference in integers walk them, 16 outputs at a time: for each way
// what a byte of 8 input channels adds, or half of one, or a channel alone.

import type { ConvStep } from '../../integer';

/** How the weights of a convolution of bits are walked. */
export type Way = 'tables' | 'quads' | 'events' | 'bytes' | 'halves';

/** Channels that a list's entry stands for. */
const SPAN = { events: 1, quads: 4 } as const;

/** 16 outputs. */
export const BLOCK = 16;

export const blocksOf = (channels: number): number => Math.ceil(channels / BLOCK);
/** Bytes of 8 channels that a pixel has: all values have whole blocks of them. */
export const groupsOf = (channels: number): number => 2 * blocksOf(channels);

/** Whether it is a 3x3 convolution on every pixel or every second, without groups: those walk along rows. */
export function isThree({ window, stride, padding, dilation, groups }: ConvStep): boolean {
  const all = (sides: readonly [number, number], length: number) =>
    sides[0] === length && sides[1] === length;
  const strides = all(stride, 1) || all(stride, 2);
  return all(window, 3) && strides && all(padding, 1) && all(dilation, 1) && groups === 1;
}

/** The weight from an input channel to a filter at a tap; 0 where they do not meet. */
function weightsOf({ weight, shape, window, groups }: ConvStep, channels: number) {
  const [filters] = shape;
  const [kh, kw] = window;
  const each = channels / groups;
  return (o: number, c: number, tap: number): number => {
    if (o >= filters || c >= channels) return 0;
    const own = c - Math.floor((o * groups) / filters) * each;
    return own < 0 || own >= each ? 0 : weight[(o * each + own) * kh * kw + tap]!;
  };
}

/**
 * [block][ky][bytes][rows][kx][16]: the rows of a byte are its 256 values, the 2·16 of its halves, or its 8 bits.
 * @returns with the bytes of a block
 */
export function rowWeights(step: ConvStep, channels: number, way: 'tables' | 'quads' | 'events') {
  const at = weightsOf(step, channels);
  const [blocks, groups] = [blocksOf(step.shape[0]), groupsOf(channels)];
  const rows = way === 'tables' ? 256 : way === 'quads' ? 32 : 8;
  const weights = new Int16Array(blocks * 3 * groups * rows * 48);
  const own = new Int16Array(8 * 48);
  let to = 0;
  for (let b = 0; b < blocks; b++)
    for (let ky = 0; ky < 3; ky++)
      for (let g = 0; g < groups; g++) {
        for (let j = 0; j < 8; j++)
          for (let kx = 0; kx < 3; kx++)
            for (let o = 0; o < BLOCK; o++)
              own[j * 48 + kx * BLOCK + o] = at(b * BLOCK + o, 8 * g + j, 3 * ky + kx);
        if (way === 'events') weights.set(own, to);
        else if (way === 'tables') subsets(weights, to, own, 48, 8);
        else
          for (const half of [0, 1])
            subsets(weights, to + half * 16 * 48, own.subarray(half * 4 * 48), 48, 4);
        to += rows * 48;
      }
  return { weights, blockBytes: weights.byteLength / blocks };
}

/** All sums of `count` rows of `length`: row v is row (v without its highest bit) and the row of that bit. */
function subsets(weights: Int16Array, to: number, rows: Int16Array, length: number, count: number): void {
  for (let j = 0; j < count; j++)
    for (let v = 1 << j; v < 2 << j; v++) {
      const [target, from] = [to + v * length, to + (v - (1 << j)) * length];
      for (let i = 0; i < length; i++) weights[target + i] = weights[from + i]! + rows[j * length + i]!;
    }
}

/**
 * What lists are made with: [256][8] of where the rows of a byte begin, in units of 32 bytes, then how many they
 * are.
 */
export function listTable(way: 'quads' | 'events'): Uint8Array {
  const table = new Uint8Array(256 * 16 + 256);
  const entries = new Uint16Array(table.buffer, 0, 256 * 8);
  const span = SPAN[way];
  for (let byte = 0; byte < 256; byte++) {
    let count = 0;
    for (let j = 0; j < 8; j += span) {
      const value = (byte >> j) & ((1 << span) - 1);
      if (value !== 0) entries[byte * 8 + count++] = (span === 1 ? j : (j / span) * 16 + value) * 3;
    }
    table[256 * 16 + byte] = count;
  }
  return table;
}

/** Units of 32 bytes that a byte has. */
export const unitsOfByte = (way: 'quads' | 'events'): number => (way === 'quads' ? 32 : 8) * 3;

/** For each 16 outputs the bytes that they have weights for, as offsets in padded planes [H][groups][W], and sums. */
export function pickedWeights(step: ConvStep, channels: number, width: number, way: 'bytes' | 'halves') {
  const at = weightsOf(step, channels);
  const [blocks, groups] = [blocksOf(step.shape[0]), groupsOf(channels)];
  const [kh, kw] = step.window;
  const rows = way === 'bytes' ? 256 : 32;
  const tables: Int16Array[] = [];
  const entries: number[] = [];
  const starts = [0];
  for (let b = 0; b < blocks; b++) {
    for (let g = 0; g < groups; g++) {
      const known = new Map<string, number>(); // taps of a pool have the same weights
      for (let tap = 0; tap < kh * kw; tap++) {
        const own = new Int16Array(8 * BLOCK);
        for (let j = 0; j < 8; j++)
          for (let o = 0; o < BLOCK; o++) own[j * BLOCK + o] = at(b * BLOCK + o, 8 * g + j, tap);
        if (own.every((weight) => weight === 0)) continue;
        const key = own.join();
        let index = known.get(key);
        if (index === undefined) {
          index = tables.length;
          known.set(key, index);
          tables.push(sumsOf(own, way));
        }
        const [ky, kx] = [Math.floor(tap / kw), tap % kw];
        const offset = (ky * step.dilation[0] * groups + g) * width + kx * step.dilation[1];
        entries.push(offset, index * rows * BLOCK * 2);
      }
    }
    starts.push(entries.length / 2);
  }
  const weights = new Int16Array(tables.length * rows * BLOCK);
  tables.forEach((table, i) => {
    weights.set(table, i * rows * BLOCK);
  });
  return { weights, entries: Int32Array.from(entries), starts };
}

function sumsOf(own: Int16Array, way: 'bytes' | 'halves'): Int16Array {
  const table = new Int16Array((way === 'bytes' ? 256 : 32) * BLOCK);
  if (way === 'bytes') subsets(table, 0, own, BLOCK, 8);
  else for (const half of [0, 1]) subsets(table, half * 16 * BLOCK, own.subarray(half * 4 * BLOCK), BLOCK, 4);
  return table;
}

/**
 * Products with numbers: for each 8 outputs pairs of weights [pairs][8][2], and where the pairs of numbers lie in
 * padded planes [H][W][pixel bytes].
 */
export function pairWeights(step: ConvStep, channels: number, width: number, pixel: number) {
  const at = weightsOf(step, channels);
  const [kh, kw] = step.window;
  const places = Array.from({ length: kh * kw * channels }, (_, i) => {
    const [tap, c] = [Math.floor(i / channels), i % channels];
    const [ky, kx] = [Math.floor(tap / kw), tap % kw];
    return { tap, c, offset: (ky * step.dilation[0] * width + kx * step.dilation[1]) * pixel + 2 * c };
  });
  const weights: number[] = [];
  const offsets: number[] = [];
  const starts = [0];
  const outputs = BLOCK * blocksOf(step.shape[0]);
  for (let first = 0; first < outputs; first += 8) {
    for (let i = 0; i < places.length; i++) {
      const a = places[i]!;
      const next = places[i + 1];
      // two numbers that lie side by side go together
      const b = next?.offset === a.offset + 2 ? next : undefined;
      const pair = Array.from({ length: 8 }, (_, o) => [
        at(first + o, a.c, a.tap),
        b === undefined ? 0 : at(first + o, b.c, b.tap),
      ]).flat();
      if (b !== undefined) i++;
      if (pair.every((weight) => weight === 0)) continue;
      offsets.push(a.offset);
      weights.push(...pair);
    }
    starts.push(offsets.length);
  }
  return { weights: Int16Array.from(weights), offsets: Int32Array.from(offsets), starts };
}
