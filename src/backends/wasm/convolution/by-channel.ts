// Large layers on small images, where reading the weights costs more than computing with them. Threads share the
// channels instead of the images: each reads its own weights once, for all images, and brings them into the form that
// it wants in its own cache. All planes lie at one distance: they are one long sequence.

import type { ConvGeometry } from '../../geometry';
import { BufferArgument, blockOut, type Count, counter, entire, entireOut, scratch } from '../argument';
import type { Buffer } from '../buffer';
import type { Engine, Planes } from '../engine';
import { bitLayout, denseLayout, type Images } from '../images';
import { kernelCall } from '../kernel-call';
import type { KernelCall } from '../schedule/chain';
import { flopOf, geometryArguments } from './geometry';
import { paddedBytes, paddedSide } from './padded';

/** Channels of spikes that make one item: what is listed for them serves four blocks of eight. */
const SPAN = 32;

/** Calls for `span` channels at a time, and for the rest. */
function scheduleBySpan(
  engine: Engine,
  channels: number,
  span: number,
  make: (first: Count, end: Count) => KernelCall[],
): void {
  const full = Math.floor(channels / span);
  engine.scheduler.scheduleTogether([
    { items: full, calls: make(counter(span), counter(span, span)) },
    { items: channels % span === 0 ? 0 : 1, calls: make(full * span, channels) },
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
  const prepared = scratch(engine.compute('eventWeightBytes', { cin: channels, cout: SPAN }));
  const own = scratch(engine.compute('eventScratchBytes', { W: width, cin: channels }));
  const flop = (flopOf(g, planes) * SPAN) / g.filters;
  scheduleBySpan(engine, g.filters, SPAN, (first, end) => [
    kernelCall(
      'eventConvPart',
      'item',
      {
        bits: entire(bits),
        bitsPitch: bitLayout(images).planeBytes,
        T: planes,
        H: height,
        W: width,
        cin: channels,
        cout: g.filters,
        stride: g.stride,
        more: 0,
        w: entire(w),
        first,
        end,
        wt: prepared,
        out: entireOut(out),
        outPitch: denseLayout(outImages).planeBytes,
        scratch: own,
        positions: entire(positions),
      },
      flop,
    ),
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
  const { H, W, cin, cout, stride } = geometryArguments(g);
  const own = scratch(engine.compute('spikeWeightScratchBytes', { T: planes, H, W, cin: span, stride }));
  const padded = (dy.plane as BufferArgument).buffer;
  const given = {
    ...{ bits: entire(bits), bitsPitch: bitLayout(images).planeBytes, T: planes, H, W, cin, cout, stride },
    dy: entire(padded),
    dyPitch: paddedBytes(height, width, g.filters),
    PW: paddedSide(width),
    dw: sum,
    scratch: own,
    positions: entire(positions),
  };
  const flop = (flopOf(g, planes) * span) / g.channels;
  scheduleBySpan(engine, g.channels, span, (cinFrom, cinTo) => [
    kernelCall('clear', 'item', { p: sum, bytes: sumBytes }),
    kernelCall('spikeWeightGradient', 'item', { ...given, cinFrom, cinTo }, flop),
    kernelCall('weightGradientPart', 'item', { dw: sum, cin, cout, dst: entireOut(out), cinFrom, cinTo }),
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
  const vPlane = engine.compute('winogradTilesPlane', { planes, H: height, W: width, K: filters });
  const tileBytes = Math.ceil(height / 4) * Math.ceil(width / 4) * filters * 4;
  const v = engine.buffer(36 * vPlane);
  engine.perImage(images, 'winogradTiles', {
    d: dy.plane,
    dPitch: dy.pitch,
    T: images.times,
    H: height,
    W: width,
    cin: channels,
    cout: filters,
    v: blockOut(v, tileBytes),
    vPitch: tileBytes * images.images,
    vPlane,
    scratch: scratch(engine.compute('winogradTilesScratchBytes', {})),
  });
  const span = WINOGRAD_SPAN;
  const own = scratch(engine.compute('winogradPartScratchBytes', { W: width, cout: filters, count: span }));
  const flop = (flopOf(g, planes) * span) / channels;
  scheduleBySpan(engine, channels, span, (first, end) => [
    kernelCall(
      'winogradGradientPart',
      'item',
      {
        v: entire(v),
        T: planes,
        H: height,
        W: width,
        cout: filters,
        cin: channels,
        w: entire(w),
        first,
        end,
        out: entireOut(out),
        outPitch: denseLayout(images).planeBytes,
        scratch: own,
      },
      flop,
    ),
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
  const vPlane = engine.compute('pairPlane', { planes, K: filters });
  const v = engine.buffer(9 * vPlane);
  const { buffer, layout } = dy.plane as BufferArgument;
  const inside = new BufferArgument(buffer, 'read', 'item', layout!.planeBytes, row + pixel, layout);
  engine.perImage(images, 'pairFactors', {
    dy: inside,
    dyPitch: dy.pitch,
    dyRow: row,
    T: images.times,
    K: filters,
    v: blockOut(v, pixel),
    vPitch: pixel * images.images,
    vPlane,
  });
  const flop = (8 * flopOf(g, planes)) / channels;
  engine.scheduler.schedule(channels / 8, [
    kernelCall(
      'pairGradientPart',
      'item',
      {
        v: entire(v),
        ...{ T: planes, H: 2, W: 2 },
        cout: filters,
        cin: channels,
        w: entire(w),
        first: counter(8),
        end: counter(8, 8),
        out: entireOut(out),
        outPitch: denseLayout(images).planeBytes,
        scratch: scratch(engine.compute('pairScratchBytes', { cout: filters })),
      },
      flop,
    ),
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
  const sides = geometryArguments(g);
  const given = {
    ...sides,
    dy: entire((dy.plane as BufferArgument).buffer, row + filters * 4),
    dyPitch: paddedBytes(height, width, filters),
    dyRow: row,
    T: planes,
    w: entire(w),
    first: counter(8),
    end: counter(8, 8),
    out: entireOut(out),
    outPitch: denseLayout(images).planeBytes,
    scratch: scratch(
      engine.compute('smallGradientScratchBytes', { kh: sides.kh, kw: sides.kw, cout: filters }),
    ),
  };
  const flop = (8 * flopOf(g, planes)) / channels;
  engine.scheduler.schedule(channels / 8, [kernelCall('smallInputGradientPart', 'item', given, flop)]);
}
