// Large layers on small images, where reading the weights costs more than computing with them. Threads share the channels
// instead of the images: each reads its own weights once, for all images, and brings them into the form that it wants in
// its own cache. All planes lie at one distance: they are one long sequence.

import type { ConvGeometry } from '../../geometry';
import { type BufferArgument, counter, scratch, whole, wholeOut } from '../argument';
import type { Buffer } from '../buffer';
import type { Engine, Planes } from '../engine';
import { denseLayout, type Images } from '../images';
import { flopOf } from './geometry';
import { paddedBytes, paddedSide } from './padded';

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
