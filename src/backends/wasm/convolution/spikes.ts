// Spikes under 3x3 windows, event by event: forward and weight gradient. `positions` is the table of where the set bits of
// every byte are.

import type { ConvGeometry } from '../../geometry';
import { type Argument, scratch, whole } from '../argument';
import type { Buffer } from '../buffer';
import type { Call } from '../chain';
import { type Engine, type Planes, spread } from '../engine';
import { bitLayout, type Images } from '../images';
import { flopOf } from './geometry';
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
  const { times, height, width, channels } = images;
  const sizes = [times, height, width, channels, g.filters, g.stride];
  const own = scratch(engine.compute('eventScratchBytes', width, channels));
  const table = whole(positions);
  if (channels > MOST_IN_QUADS) {
    const bytes = engine.compute('eventWeightBytes', channels, g.filters);
    const form = weightForm(engine, bytes, g.filters / 8, (first, end, out) => {
      return { kernel: 'eventWeightsPart', args: [whole(w), channels, g.filters, first, end, out] };
    });
    const call: Call = {
      kernel: 'eventConv',
      when: 'item',
      flop: flopOf(g, times),
      args: [...spread(bits), ...sizes, form.weights, ...spread(to), own, table],
    };
    engine.scheduler.schedule(images.images, [...form.calls, call], true);
    form.release();
    return;
  }
  const state = scratch(64);
  const forms = scratch(engine.compute('spikeConvWeightBytes', channels, g.filters));
  engine.scheduler.schedule(
    images.images,
    [
      { kernel: 'clear', when: 'thread', args: [state, 64] },
      {
        kernel: 'spikeConv',
        when: 'item',
        flop: flopOf(g, times),
        args: [...spread(bits), ...sizes, whole(w), state, forms, table, own, ...spread(to)],
      },
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
  to: Argument,
): Call {
  const own = scratch(
    engine.compute('spikeWeightScratchBytes', images.times, g.height, g.width, g.channels, g.stride),
  );
  return {
    kernel: 'spikeWeightGradient',
    when: 'item',
    flop: flopOf(g, images.times),
    args: [
      ...spread(engine.read(bits, bitLayout(images))),
      images.times,
      g.height,
      g.width,
      g.channels,
      g.filters,
      g.stride,
      ...spread(dy),
      paddedSide(width),
      to,
      own,
      whole(positions),
      0,
      g.channels,
    ],
  };
}
