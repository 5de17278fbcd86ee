// Spikes under 3x3 windows, event by event: forward and weight gradient. `positions` is the table of where the set bits of
// every byte are.

import type { ConvGeometry } from '../../geometry';
import { type Argument, type BufferArgument, counter, scratch, whole, wholeOut } from '../argument';
import type { Buffer } from '../buffer';
import type { Call } from '../chain';
import { type Engine, type Planes, spread } from '../engine';
import { bitLayout, type Images } from '../images';
import { flopOf } from './geometry';
import { paddedBytes, paddedSide } from './padded';
import { weightForm } from './weight-form';

/** Input channels up to which spikes may be looked up in fours; beyond, they go one by one at any rate. */
const MOST_IN_QUADS = 64;
/** Input channels of a large gradient that make one item. */
const CHANNELS_AT_ONCE = 32;

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

/**
 * For large layers on small images: threads share the input channels instead of the images, so that there is one sum
 * and not one for each chunk, and it stays in a cache. All planes lie at one distance: they are one long sequence.
 */
export function spikeWeightsByChannel(
  engine: Engine,
  positions: Buffer,
  bits: Buffer,
  images: Images,
  dy: Planes,
  { height, width }: Images,
  g: ConvGeometry,
  out: Buffer,
): void {
  const { scheduler } = engine;
  const planes = images.times * images.images;
  const span = CHANNELS_AT_ONCE;
  const sumBytes = 9 * span * g.filters * 4;
  const sum = scratch(sumBytes);
  const own = scratch(engine.compute('spikeWeightScratchBytes', planes, g.height, g.width, span, g.stride));
  const padded = (dy.plane as BufferArgument).buffer;
  const args = [
    whole(bits),
    bitLayout(images).planeBytes,
    planes,
    g.height,
    g.width,
    g.channels,
    g.filters,
    g.stride,
    whole(padded),
    paddedBytes(height, width, g.filters),
    paddedSide(width),
    sum,
    own,
    whole(positions),
  ];
  const blocks = Math.floor(g.channels / span);
  const flop = (flopOf(g, planes) * span) / g.channels;
  const part = (from: Argument, to: Argument): Call[] => [
    { kernel: 'clear', when: 'item', args: [sum, sumBytes] },
    { kernel: 'spikeWeightGradient', when: 'item', flop, args: [...args, from, to] },
    {
      kernel: 'weightGradientPart',
      when: 'item',
      args: [sum, g.channels, g.filters, wholeOut(out), from, to],
    },
  ];
  scheduler.scheduleTogether([
    { items: blocks, calls: part(counter(span), counter(span, span)) },
    { items: g.channels % span === 0 ? 0 : 1, calls: part(blocks * span, g.channels) },
  ]);
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
