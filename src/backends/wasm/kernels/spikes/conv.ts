// Which way to walk an image's spikes: one by one (events), four channels at a time through their 15 sums (quads), or
// eight through a table of 255. The cost of events grows with the firing rate, that of quads more slowly, that of
// tables not at all, but tables fill the caches. The choice is made for each image from its own spikes, so that the
// same image always gives the same bits.
//
//   input channels   up to 16            up to 32            up to 64            more
//   events           below 4 %           below 8 %           below 14 %          below 30 %
//   quads            -                   above               above               above
//   tables           above               -                   -                   -
//
// What is added to another convolution goes by events up to 16 channels: tables overwrite.
// Measured with bench/growth.ts; the crossings are flat, a few per cent either way cost little.

import { countSpikes } from "./bits";
import { eventConv, eventWeightBytes, eventWeights, quadConv, quadWeightBytes, quadWeights } from "./events";
import { SpikeForward } from "./sizes";
import { tableBuild, tableBytes, tableConv } from "./tables";

/** Firing rate, in thousandths, up to which events are fastest. */
function eventsUpTo(cin: i32): i64 {
  if (cin <= 16) return 40;
  if (cin <= 32) return 80;
  return cin <= 64 ? 140 : 300;
}

/** Bytes for the weights in both of a layer's forms. */
export function spikeConvWeightBytes(cin: i32, cout: i32): f64 {
  return eventWeightBytes(cin, cout) + 64 + (cin <= 16 ? tableBytes(cin, cout) : quadWeightBytes(cin, cout));
}

/**
 * out = bits * w, 3x3, one pixel of zeros around, all T planes of one image.
 * @param state 8 bytes, 0 at a thread's first call: which forms of the weights are made
 * @param forms spikeConvWeightBytes(cin, cout)
 * @param positions 4096 bytes filled by bitPositions
 * @param scratch eventScratchBytes(W, cin)
 */
export function spikeConv(
  bits: usize, w: usize, state: usize, forms: usize, positions: usize, scratch: usize, out: usize, s: SpikeForward,
): void {
  const T = s.T, H = s.H, W = s.W, cin = s.cin, cout = s.cout;
  const bytes = (H * W * cin) >> 3, dense = forms + <usize>eventWeightBytes(cin, cout) + 64;
  let spikes: i64 = 0;
  for (let t = 0; t < T; t++) spikes += countSpikes(bits + <usize>t * s.bitsPitch, bytes);
  if (spikes * 1000 <= eventsUpTo(cin) * T * H * W * cin || (s.more != 0 && cin <= 16)) {
    if (first(state)) eventWeights(w, cin, cout, forms);
    eventConv(bits, forms, out, scratch, positions, s);
  } else if (cin <= 16) {
    if (first(state + 4)) tableBuild(w, cin, cout, dense);
    tableConv(bits, dense, out, s);
  } else {
    if (first(state + 4)) quadWeights(w, cin, cout, dense);
    quadConv(bits, dense, out, scratch, s);
  }
}

/** Whether the flag was 0; it is 1 afterwards. */
function first(flag: usize): bool {
  const was = load<u32>(flag);
  store<u32>(flag, 1);
  return was == 0;
}
