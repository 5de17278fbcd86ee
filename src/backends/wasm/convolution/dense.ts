// Convolutions of any geometry on plain numbers: windows as matrix rows, and a matrix product, image by image.

import type { Handle } from '../../backend';
import type { ConvGeometry } from '../../geometry';
import { type Argument, scratch, whole } from '../argument';
import type { Buffer } from '../buffer';
import type { Call } from '../chain';
import { type Engine, type Planes, spread } from '../engine';
import type { Images } from '../images';
import { backwardArguments, flopOf, forwardArguments } from './geometry';

export function denseForward(
  engine: Engine,
  x: Planes,
  images: Images,
  w: Buffer,
  g: ConvGeometry,
  to: Planes,
): void {
  const depth = g.kernelHeight * g.kernelWidth * g.channels;
  const panels = scratch(engine.compute('panelBytes', depth, g.filters));
  const own = scratch(engine.compute('denseScratchBytes', g.kernelHeight, g.kernelWidth, g.channels));
  engine.scheduler.schedule(
    images.images,
    [
      {
        kernel: 'packPanels',
        when: 'thread',
        args: [whole(w), g.filters * 4, 4, depth, g.filters, panels],
      },
      {
        kernel: 'denseConv',
        when: 'item',
        flop: flopOf(g, images.times),
        args: [...spread(x), images.times, ...forwardArguments(g), panels, ...spread(to), own],
      },
    ],
    true,
  );
}

export function denseInputGradient(
  engine: Engine,
  dy: Planes,
  images: Images,
  w: Buffer,
  g: ConvGeometry,
  to: Planes,
): void {
  const { channels, filters } = g;
  const depth = g.kernelHeight * g.kernelWidth * channels;
  const panels = scratch(engine.compute('panelBytes', filters, depth));
  const own = scratch(engine.compute('denseScratchBytes', g.kernelHeight, g.kernelWidth, g.channels));
  engine.scheduler.schedule(
    images.images,
    [
      // w transposed: rows are filters
      { kernel: 'packPanels', when: 'thread', args: [whole(w), 4, filters * 4, filters, depth, panels] },
      {
        kernel: 'denseInputGradient',
        when: 'item',
        flop: flopOf(g, images.times),
        args: [...spread(dy), images.times, ...backwardArguments(g), panels, ...spread(to), own],
      },
    ],
    true,
  );
}

/** The weight gradient's call for one image, added to its chunk's sum. */
export function denseWeights(
  engine: Engine,
  x: Handle,
  images: Images,
  dy: Handle,
  outImages: Images,
  g: ConvGeometry,
  to: Argument,
): Call {
  const own = scratch(
    engine.compute(
      'denseWeightScratchBytes',
      g.kernelHeight,
      g.kernelWidth,
      g.channels,
      g.filters,
      g.outHeight * g.outWidth,
    ),
  );
  return {
    kernel: 'denseWeightGradient',
    when: 'item',
    flop: flopOf(g, images.times),
    args: [
      ...spread(engine.planes(x, images)),
      images.times,
      ...forwardArguments(g),
      ...spread(engine.planes(dy, outImages)),
      to,
      own,
    ],
  };
}
