// For tests of kernels on spike bits: random spikes in both forms, padded gradients, guards around outputs. Not a
// test itself.

import { expect } from 'vitest';
import type { Random } from '../../../../src/core/random';
import type { KernelMemory } from '../kernel-memory';

/** T planes [H][W][C] of zeros and ones, and where their bits [H][C/8][W] lie, `pitch` bytes apart. */
export interface Spikes {
  readonly T: number;
  readonly H: number;
  readonly W: number;
  readonly C: number;
  readonly at: number;
  readonly pitch: number;
  /** 0 or 1; 0 outside the image, as padding has it. */
  value(t: number, y: number, x: number, c: number): number;
}

/** With `still`, all time steps are the same plane (pitch 0). */
export function spikes(
  m: KernelMemory,
  random: Random,
  [T, H, W, C]: readonly [number, number, number, number],
  rate: number,
  still = false,
): Spikes {
  const planes = still ? 1 : T;
  const pitch = still ? 0 : H * W * (C / 8) + 8;
  const dense = Uint8Array.from({ length: planes * H * W * C }, () => Number(random.uniform() < rate));
  const at = m.alloc(planes * (H * W * (C / 8) + 8));
  const bits = m.u8(at, planes * (H * W * (C / 8) + 8)).fill(255); // what lies between planes must not matter
  const value = (t: number, y: number, x: number, c: number) =>
    y < 0 || x < 0 || y >= H || x >= W ? 0 : dense[(((still ? 0 : t) * H + y) * W + x) * C + c]!;
  for (let t = 0; t < planes; t++) {
    for (let y = 0; y < H; y++) {
      for (let g = 0; g < C / 8; g++) {
        for (let x = 0; x < W; x++) {
          let byte = 0;
          for (let j = 0; j < 8; j++) byte |= value(t, y, x, 8 * g + j) << j;
          bits[t * pitch + (y * (C / 8) + g) * W + x] = byte;
        }
      }
    }
  }
  return { T, H, W, C, at, pitch, value };
}

export interface Guarded {
  readonly at: number;
  /** The output; first checks that nothing around it was written. */
  read(): Float32Array;
}

const GUARD = 1024;

/** `length` floats, all `fill`, between 4 kB that must stay as they are. */
export function guarded(m: KernelMemory, length: number, fill = Number.NaN): Guarded {
  const start = m.alloc((length + 2 * GUARD) * 4);
  const all = m.f32(start, length + 2 * GUARD).fill(-12345);
  all.subarray(GUARD, GUARD + length).fill(fill);
  return {
    at: start + 4 * GUARD,
    read() {
      const around = [...all.subarray(0, GUARD), ...all.subarray(GUARD + length)];
      expect(around.filter((v) => v !== -12345)).toEqual([]);
      return all.slice(GUARD, GUARD + length);
    },
  };
}

export function randomFloats(random: Random, length: number): Float32Array {
  return Float32Array.from({ length }, () => random.uniform(-1, 1));
}

/** Same length, and no element further than `tolerance` from what it should be. */
export function expectClose(got: ArrayLike<number>, want: ArrayLike<number>, tolerance: number): void {
  expect(got.length).toBe(want.length);
  let worst = 0;
  for (let i = 0; i < want.length; i++) {
    const error = Math.abs(got[i]! - want[i]!);
    if (!(error <= worst)) worst = error;
  }
  expect(worst).toBeLessThanOrEqual(tolerance);
}
