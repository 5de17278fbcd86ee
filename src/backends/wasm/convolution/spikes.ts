// Spikes under 3x3 windows, event by event: forward and weight gradient. `positions` is the table of where the set
// bits of every byte are.

import type { ConvGeometry } from '../../geometry';
import { type Address, scratch, whole } from '../argument';
import type { Buffer } from '../buffer';
import type { Engine, Planes } from '../engine';
import { bitLayout, type Images } from '../images';
import { kernelCall } from '../kernel-call';
import type { KernelCall } from '../schedule/chain';
import { flopOf, geometryArguments } from './geometry';
import { paddedSide } from './padded';
import { weightForm } from './weight-form';

/** Input channels up to which spikes may be looked up in fours; beyond, they go one by one at any rate. */
export const MOST_IN_QUADS = 64;

export function spikeForward(
  engine: Engine,
  positions: Buffer,
  bits: Planes,
  images: Images,
  w: Buffer,
  g: ConvGeometry,
  to: Planes,
): void {
  const { channels } = images;
  if (channels > MOST_IN_QUADS) {
    const { filters } = g;
    const bytes = engine.compute('eventWeightBytes', { cin: channels, cout: filters });
    const form = weightForm(engine, bytes, filters / 8, (when, first, end, wt) =>
      kernelCall('eventWeightsPart', when, { w: whole(w), cin: channels, cout: filters, first, end, wt }),
    );
    const given = walkArguments(engine, positions, bits, images, g, to, 0, 0, 0, form.weights);
    const call = kernelCall('eventConv', 'item', given, flopOf(g, images.times));
    engine.scheduler.schedule(images.images, [...form.calls, call], true);
    form.release();
    return;
  }
  const state = scratch(64);
  const forms = scratch(engine.compute('spikeConvWeightBytes', { cin: channels, cout: g.filters }));
  const given = walkArguments(engine, positions, bits, images, g, to, whole(w), state, forms, 0);
  engine.scheduler.schedule(
    images.images,
    [
      kernelCall('clear', 'thread', { p: state, bytes: 64 }),
      kernelCall('spikeConv', 'item', given, flopOf(g, images.times)),
    ],
    true,
  );
}

/** What both kernels take and, in the one object that is quick to make, what either does. */
function walkArguments(
  engine: Engine,
  positions: Buffer,
  { plane, pitch }: Planes,
  { times, height, width, channels }: Images,
  { filters, stride }: ConvGeometry,
  to: Planes,
  w: Address,
  state: Address,
  forms: Address,
  wt: Address,
) {
  return {
    bits: plane,
    bitsPitch: pitch,
    T: times,
    H: height,
    W: width,
    cin: channels,
    cout: filters,
    stride,
    out: to.plane,
    outPitch: to.pitch,
    scratch: scratch(engine.compute('eventScratchBytes', { W: width, cin: channels })),
    positions: whole(positions),
    w,
    state,
    forms,
    wt,
  };
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
      positions: whole(positions),
      cinFrom: 0,
      cinTo: cin,
    },
    flopOf(g, T),
  );
}
