// Large layers on small images, where reading the weights costs more than computing with them. Threads share the channels
// instead of the images: each reads its own weights once, for all images, and brings them into the form that it wants in
// its own cache. All planes lie at one distance: they are one long sequence.

import type { ConvGeometry } from '../../geometry';
import { type Argument, BufferArgument, blockOut, counter, scratch, whole, wholeOut } from '../argument';
import type { Buffer } from '../buffer';
import type { Call } from '../chain';
import { type Engine, type Planes, spread } from '../engine';
import { bitLayout, denseLayout, type Images } from '../images';
import { flopOf } from './geometry';
import { paddedBytes, paddedSide } from './padded';

/** Channels of spikes that make one item: what is listed for them serves four blocks of eight. */
const SPAN = 32;

/** Calls for `span` channels at a time, and for the rest. */
function share(
  engine: Engine,
  channels: number,
  span: number,
  make: (first: Argument, end: Argument) => Call[],
): void {
  const whole = Math.floor(channels / span);
  engine.scheduler.scheduleTogether([
    { items: whole, calls: make(counter(span), counter(span, span)) },
    { items: channels % span === 0 ? 0 : 1, calls: make(whole * span, channels) },
  ]);
}

/** Forward, event by event. */
export function spikeForwardByChannel(
  engine: Engine,
  positions: Buffer,
  bits: Buffer,
  images: Images,
  outImages: Images,
  w: Buffer,
  g: ConvGeometry,
  out: Buffer,
): void {
  const { times, height, width, channels } = images;
  const planes = times * images.images;
  const form = scratch(engine.compute('eventWeightBytes', channels, SPAN));
  const own = scratch(engine.compute('eventScratchBytes', width, channels));
  const flop = (flopOf(g, planes) * SPAN) / g.filters;
  share(engine, g.filters, SPAN, (first, end) => [
    {
      kernel: 'eventConvPart',
      when: 'item',
      flop,
      args: [
        whole(bits),
        bitLayout(images).planeBytes,
        ...[planes, height, width, channels, g.filters, g.stride],
        ...[whole(w), first, end, form],
        wholeOut(out),
        denseLayout(outImages).planeBytes,
        own,
        whole(positions),
      ],
    },
  ]);
}

/** Weight gradient from spikes: one sum, which stays in a cache, and not one for each chunk of images. */
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
  const planes = images.times * images.images;
  const span = SPAN;
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
  const flop = (flopOf(g, planes) * span) / g.channels;
  share(engine, g.channels, span, (from, to) => [
    { kernel: 'clear', when: 'item', args: [sum, sumBytes] },
    { kernel: 'spikeWeightGradient', when: 'item', flop, args: [...args, from, to] },
    {
      kernel: 'weightGradientPart',
      when: 'item',
      args: [sum, g.channels, g.filters, wholeOut(out), from, to],
    },
  ]);
}

/** Input channels whose transformed weights a cache holds. */
const WINOGRAD_SPAN = 16;

/** Input gradient at stride 1 by Winograd. */
export function winogradGradientByChannel(
  engine: Engine,
  dy: Planes,
  images: Images,
  w: Buffer,
  g: ConvGeometry,
  out: Buffer,
): void {
  const { height, width, channels, filters } = g;
  const planes = images.times * images.images;
  const vPlane = engine.compute('winogradTilesPlane', planes, height, width, filters);
  const tileBytes = Math.ceil(height / 4) * Math.ceil(width / 4) * filters * 4;
  const v = engine.buffer(36 * vPlane);
  engine.perImage(images, 'winogradTiles', [
    ...spread(dy),
    ...[images.times, height, width, filters],
    blockOut(v, tileBytes),
    tileBytes * images.images,
    vPlane,
    scratch(engine.compute('winogradTilesScratchBytes')),
  ]);
  const span = WINOGRAD_SPAN;
  const own = scratch(engine.compute('winogradPartScratchBytes', width, filters, span));
  const flop = (flopOf(g, planes) * span) / channels;
  share(engine, channels, span, (first, end) => [
    {
      kernel: 'winogradGradientPart',
      when: 'item',
      flop,
      args: [
        whole(v),
        ...[planes, height, width, filters, channels],
        ...[whole(w), first, end],
        wholeOut(out),
        denseLayout(images).planeBytes,
        own,
      ],
    },
  ]);
  engine.scheduler.release(v);
}

/** Input gradient at stride 1 of 2x2 pixels. */
export function pairGradientByChannel(
  engine: Engine,
  dy: Planes,
  images: Images,
  w: Buffer,
  g: ConvGeometry,
  out: Buffer,
): void {
  const { channels, filters } = g;
  const planes = images.times * images.images;
  const pixel = filters * 4;
  const row = paddedSide(2) * pixel;
  const vPlane = engine.compute('pairPlane', planes, filters);
  const v = engine.buffer(9 * vPlane);
  const { buffer, layout } = dy.plane as BufferArgument;
  const inside = new BufferArgument(buffer, 'read', 'item', layout!.planeBytes, row + pixel, layout);
  engine.perImage(images, 'pairFactors', [
    ...[inside, dy.pitch, row, images.times, filters],
    ...[blockOut(v, pixel), pixel * images.images, vPlane],
  ]);
  const flop = (8 * flopOf(g, planes)) / channels;
  engine.scheduler.schedule(channels / 8, [
    {
      kernel: 'pairGradientPart',
      when: 'item',
      flop,
      args: [
        ...[whole(v), planes, filters, channels],
        ...[whole(w), counter(8), counter(8, 8)],
        ...[wholeOut(out), denseLayout(images).planeBytes],
        scratch(engine.compute('pairScratchBytes', filters)),
      ],
    },
  ]);
  engine.scheduler.release(v);
}

/** Input gradient of images too small for Winograd's tiles, eight input channels at a time. */
export function smallGradientByChannel(
  engine: Engine,
  dy: Planes,
  images: Images,
  { height, width }: Images,
  w: Buffer,
  g: ConvGeometry,
  out: Buffer,
): void {
  const { channels, filters } = g;
  const planes = images.times * images.images;
  const row = paddedSide(width) * filters * 4;
  const args = [
    whole((dy.plane as BufferArgument).buffer, row + filters * 4),
    paddedBytes(height, width, filters),
    row,
    planes,
    height,
    width,
    filters,
    ...[g.kernelHeight, g.kernelWidth, g.stride, g.padding],
    ...[g.height, g.width, channels],
    whole(w),
    counter(8),
    counter(8, 8),
    wholeOut(out),
    denseLayout(images).planeBytes,
    scratch(engine.compute('smallGradientScratchBytes', g.kernelHeight, g.kernelWidth, filters)),
  ];
  const flop = (8 * flopOf(g, planes)) / channels;
  engine.scheduler.schedule(channels / 8, [{ kernel: 'smallInputGradientPart', when: 'item', flop, args }]);
}
