// Spikes under 3x3 windows, event by event: forward and weight gradient. `positions` is the table of where the set
// bits of every byte are.

import type { ConvGeometry } from '../../geometry';
import { type Address, entire, scratch } from '../argument';
import type { Buffer } from '../buffer';
import type { Engine, Planes } from '../engine';
import { bitLayout, type Images } from '../images';
import { kernelCall } from '../kernel-call';
import type { KernelCall } from '../schedule/chain';
import { flopOf, geometryArguments } from './geometry';
import { paddedSide } from './padded';
import { preparedWeights } from './prepared-weights';

/** Input channels up to which spikes may be looked up in fours; beyond, they go one by one at any rate. */
export const MOST_IN_QUADS = 64;

/** @param more whether to add to what is there */
export function spikeForward(
  engine: Engine,
  positions: Buffer,
  bits: Planes,
  images: Images,
  w: Buffer,
  g: ConvGeometry,
  to: Planes,
  more = false,
): void {
  const { times, height, width, channels } = images;
  const cout = g.filters;
  const own = scratch(engine.compute('eventScratchBytes', { W: width, cin: channels }));
  // one object for both kernels, which pick theirs: copies of it would be made for every layer of every call
  const given = {
    bits: bits.plane,
    bitsPitch: bits.pitch,
    T: times,
    H: height,
    W: width,
    cin: channels,
    cout,
    stride: g.stride,
    out: to.plane,
    outPitch: to.pitch,
    scratch: own,
    positions: entire(positions),
    more: more ? 1 : 0,
    w: entire(w),
    wt: 0 as Address,
    state: 0 as Address,
    forms: 0 as Address,
  };
  if (channels > MOST_IN_QUADS) {
    const bytes = engine.compute('eventWeightBytes', { cin: channels, cout });
    const prepared = preparedWeights(engine, bytes, cout / 8, (when, first, end, wt) =>
      kernelCall('eventWeightsPart', when, { w: entire(w), cin: channels, cout, first, end, wt }),
    );
    given.wt = prepared.weights;
    const call = kernelCall('eventConv', 'item', given, flopOf(g, times));
    engine.scheduler.schedule(images.images, [...prepared.calls, call], true);
    prepared.release();
    return;
  }
  given.state = scratch(64);
  given.forms = scratch(engine.compute('spikeConvWeightBytes', { cin: channels, cout }));
  engine.scheduler.schedule(
    images.images,
    [
      kernelCall('clear', 'thread', { p: given.state, bytes: 64 }),
      kernelCall('spikeConv', 'item', given, flopOf(g, times)),
    ],
    true,
  );
}

/** The weight gradient's call for one image's spikes, added to its chunk's sum. */
export function spikeWeights(
  engine: Engine,
  positions: Buffer,
  bits: Buffer,
  images: Images,
  dy: Planes,
  { width }: Images,
  g: ConvGeometry,
  to: Address,
): KernelCall {
  const { H, W, cin, cout, stride } = geometryArguments(g);
  const T = images.times;
  const spikes = engine.read(bits, bitLayout(images));
  return kernelCall(
    'spikeWeightGradient',
    'item',
    {
      bits: spikes.plane,
      bitsPitch: spikes.pitch,
      ...{ T, H, W, cin, cout, stride },
      dy: dy.plane,
      dyPitch: dy.pitch,
      PW: paddedSide(width),
      dw: to,
      scratch: scratch(engine.compute('spikeWeightScratchBytes', { T, H, W, cin, stride })),
      positions: entire(positions),
      cinFrom: 0,
      cinTo: cin,
    },
    flopOf(g, T),
  );
}
