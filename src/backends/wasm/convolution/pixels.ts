// Spikes under windows of a single pixel, channel by channel: forward and weight gradient.

import type { ConvGeometry } from '../../geometry';
import { type Address, entire, scratch } from '../argument';
import type { Buffer } from '../buffer';
import type { Engine, Planes } from '../engine';
import { bitLayout, type Images } from '../images';
import { kernelCall } from '../kernel-call';
import type { KernelCall } from '../schedule/chain';
import { flopOf, geometryArguments } from './geometry';

/** What both are told of the geometry, and scratch for the list of a pixel's channels. */
function sides(engine: Engine, bits: Buffer, images: Images, g: ConvGeometry) {
  const { W, cin, stride, OH, OW, cout } = geometryArguments(g);
  const { plane, pitch } = engine.read(bits, bitLayout(images));
  const own = scratch(engine.compute('pixelScratchBytes', { cin }));
  return { bits: plane, bitsPitch: pitch, T: images.times, W, cin, stride, OH, OW, cout, scratch: own };
}

export function pixelForward(
  engine: Engine,
  bits: Buffer,
  images: Images,
  w: Buffer,
  g: ConvGeometry,
  to: Planes,
): void {
  const given = { ...sides(engine, bits, images, g), w: entire(w), out: to.plane, outPitch: to.pitch };
  engine.scheduler.schedule(images.images, [kernelCall('pixelConv', 'item', given, flopOf(g, images.times))]);
}

/** The weight gradient's call for one image's spikes, added to its chunk's sum. */
export function pixelWeights(
  engine: Engine,
  bits: Buffer,
  images: Images,
  dy: Planes,
  g: ConvGeometry,
  dw: Address,
): KernelCall {
  const given = { ...sides(engine, bits, images, g), dy: dy.plane, dyPitch: dy.pitch, dw };
  return kernelCall('pixelWeightGradient', 'item', given, flopOf(g, images.times));
}
