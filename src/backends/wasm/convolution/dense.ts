// Convolutions of any geometry on plain numbers: windows as matrix rows, and a matrix product, image by image.

import type { Handle } from '../../backend';
import type { ConvGeometry } from '../../geometry';
import { type Address, entire, scratch } from '../argument';
import type { Buffer } from '../buffer';
import type { Engine, Planes } from '../engine';
import type { Images } from '../images';
import { kernelCall } from '../kernel-call';
import type { KernelCall } from '../schedule/chain';
import { flopOf, geometryArguments } from './geometry';

export function denseForward(
  engine: Engine,
  x: Planes,
  images: Images,
  w: Buffer,
  g: ConvGeometry,
  to: Planes,
): void {
  const sides = geometryArguments(g);
  const { kh, kw, cin, cout } = sides;
  const depth = kh * kw * cin;
  const panels = scratch(engine.compute('panelBytes', { K: depth, N: cout }));
  const own = scratch(engine.compute('denseScratchBytes', { kh, kw, cin }));
  engine.scheduler.schedule(
    images.images,
    [
      kernelCall('packPanels', 'thread', {
        ...{ b: entire(w), rowStride: cout * 4, columnStride: 4, K: depth, N: cout, panels },
      }),
      kernelCall(
        'denseConv',
        'item',
        {
          ...sides,
          x: x.plane,
          xPitch: x.pitch,
          T: images.times,
          panels,
          out: to.plane,
          outPitch: to.pitch,
          scratch: own,
        },
        flopOf(g, images.times),
      ),
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
  const sides = geometryArguments(g);
  const { kh, kw, cin, cout } = sides;
  const depth = kh * kw * cin;
  const panels = scratch(engine.compute('panelBytes', { K: cout, N: depth }));
  const own = scratch(engine.compute('denseScratchBytes', { kh, kw, cin }));
  engine.scheduler.schedule(
    images.images,
    [
      // w transposed: rows are filters
      kernelCall('packPanels', 'thread', {
        ...{ b: entire(w), rowStride: 4, columnStride: cout * 4, K: cout, N: depth, panels },
      }),
      kernelCall(
        'denseInputGradient',
        'item',
        {
          ...sides,
          dy: dy.plane,
          dyPitch: dy.pitch,
          T: images.times,
          panels,
          out: to.plane,
          outPitch: to.pitch,
          scratch: own,
        },
        flopOf(g, images.times),
      ),
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
  to: Address,
): KernelCall {
  const sides = geometryArguments(g);
  const { kh, kw, cin, cout, OH, OW } = sides;
  const own = engine.compute('denseWeightScratchBytes', { kh, kw, cin, cout, pixels: OH * OW });
  const [from, gradient] = [engine.planes(x, images), engine.planes(dy, outImages)];
  return kernelCall(
    'denseWeightGradient',
    'item',
    {
      ...sides,
      x: from.plane,
      xPitch: from.pitch,
      T: images.times,
      dy: gradient.plane,
      dyPitch: gradient.pitch,
      dw: to,
      scratch: scratch(own),
    },
    flopOf(g, images.times),
  );
}
