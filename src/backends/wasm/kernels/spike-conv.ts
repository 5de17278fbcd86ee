// Which way to walk an image's spikes: event by event, or eight channels at a time through a table of their sums. Events
// cost in proportion to the firing rate, tables always the same; where they meet depends on the channels. The choice is
// made for each image from its own spikes, so that the same image always gives the same bits.

import { countSpikes } from "./bits";
import { eventConv, eventWeights } from "./spike-events";
import { tableBuild, tableConv } from "./spike-tables";

/** Firing rate (in 1/256) above which the table is the faster way, by input channels. */
function crossing(cin: i32): i32 {
  if (cin <= 16) return 13; // 5 %
  if (cin <= 32) return 36; // 14 %
  if (cin <= 64) return 46; // 18 %
  return 128;
}

/**
 * out = bits * w, 3x3, one pixel of zeros around, all T planes of one image.
 * @param positions 4096 bytes filled by bitPositions
 * @param state 8 bytes, 0 at a thread's first call: whether its table and its event weights are made
 */
export function spikeConv(
  bits: usize, bitPitch: usize, T: i32, H: i32, W: i32, cin: i32, cout: i32, stride: i32, w: usize, state: usize,
  weights: usize, table: usize, positions: usize, scratch: usize, out: usize, outPitch: usize,
): void {
  const bytes = (H * W * cin) >> 3;
  let spikes: i64 = 0;
  for (let t = 0; t < T; t++) spikes += countSpikes(bits + <usize>t * bitPitch, bytes);
  if (spikes * 256 > <i64>crossing(cin) * T * H * W * cin) {
    if (!load<u32>(state)) {
      tableBuild(w, cin, cout, table);
      store<u32>(state, 1);
    }
    tableConv(bits, bitPitch, T, H, W, cin, cout, stride, table, out, outPitch);
  } else {
    if (!load<u32>(state, 4)) {
      eventWeights(w, cin, cout, weights);
      store<u32>(state, 1, 4);
    }
    eventConv(bits, bitPitch, T, H, W, cin, cout, stride, weights, out, outPitch, scratch, positions);
  }
}
