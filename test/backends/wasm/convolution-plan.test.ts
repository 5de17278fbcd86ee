// Which way a convolution goes, for the layers of the networks that are here: the choice is data, and stays what was
// measured to be best.

import { describe, expect, test } from 'vitest';
import { convGeometry } from '../../../src/backends/geometry';
import {
  planForward,
  planInputGradient,
  planWeightGradient,
} from '../../../src/backends/wasm/convolution/plan';

const geometry = (side: number, channels: number, filters: number, stride = 1, kernel = 3) =>
  convGeometry(
    'test',
    [4, side, side, channels],
    [kernel, kernel, channels, filters],
    stride,
    kernel === 3 ? 1 : 0,
  );
const wide = { pixels: 2048, tilesFill: true };

describe('the way of a convolution', () => {
  test('forward: spikes by events, by channel where weights are large; without spikes by tiles or windows', () => {
    const stage = geometry(32, 16, 16);
    expect(planForward(stage, { ...wide, spikes: true }).way).toBe('spikes');
    expect(planForward(stage, { ...wide, spikes: true }).why).toContain('as its own rate asks');
    const large = geometry(4, 512, 512);
    expect(planForward(large, { ...wide, pixels: 64, spikes: true }).way).toBe('spikes by channel');
    expect(planForward(large, { ...wide, spikes: true }).why).toBe('spikes, one by one');
    expect(planForward(stage, { ...wide, spikes: false }).way).toBe('winograd');
    expect(planForward(stage, { ...wide, tilesFill: false }).way).toBe('windows');
    expect(planForward(stage, { ...wide, still: true }).why).toBe(
      'no spikes, and one image for all time steps',
    );
    expect(planForward(geometry(32, 16, 32, 2), wide).why).toBe('no spikes, and a stride of 2');
    expect(planForward(geometry(32, 3, 16), wide).way).toBe('windows'); // three channels are no group
    expect(planForward(geometry(32, 16, 32, 1, 1), { ...wide, spikes: true }).way).toBe('spikes by pixel');
    expect(planForward(geometry(32, 16, 32, 1, 1), wide).way).toBe('windows');
  });

  test("the input's gradient: tiles, phases at a stride of 2, and by channel where weights are large", () => {
    expect(planInputGradient(geometry(32, 16, 16), wide).way).toBe('winograd');
    expect(planInputGradient(geometry(32, 16, 32, 2), wide).way).toBe('phases');
    expect(planInputGradient(geometry(2, 16, 16), { pixels: 8, tilesFill: false }).way).toBe('windows');
    expect(planInputGradient(geometry(2, 512, 512), { pixels: 8, tilesFill: false }).way).toBe(
      'pairs by channel',
    );
    expect(planInputGradient(geometry(3, 512, 512), { pixels: 18, tilesFill: false }).way).toBe(
      'small by channel',
    );
    expect(planInputGradient(geometry(4, 256, 512, 2), { pixels: 32, tilesFill: false }).way).toBe(
      'small by channel',
    );
    expect(planInputGradient(geometry(8, 512, 512), { pixels: 128, tilesFill: true }).way).toBe(
      'winograd by channel',
    );
    expect(planInputGradient(geometry(8, 512, 512), { pixels: 512, tilesFill: true }).way).toBe('winograd');
  });

  test("the weights' gradient: from spikes, by channel where they are large, else by windows", () => {
    expect(planWeightGradient(geometry(32, 16, 16), { spikes: true }).way).toBe('spikes');
    expect(planWeightGradient(geometry(8, 512, 512), { spikes: true }).way).toBe('spikes by channel');
    expect(planWeightGradient(geometry(8, 16, 32, 2, 1), { spikes: true }).way).toBe('spikes by pixel');
    expect(planWeightGradient(geometry(32, 16, 16), { spikes: false })).toEqual({
      way: 'windows',
      why: 'no spikes',
    });
    expect(planWeightGradient(geometry(32, 3, 16), { spikes: true }).why).toMatch(/^not 3x3 with/);
  });
});
