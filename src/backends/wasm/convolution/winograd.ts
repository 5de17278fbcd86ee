// 3x3 convolutions of dense images by Winograd: the input gradients of a spiking network's step, and forward what is no
// longer spikes (behind an average pool).

import type { ConvGeometry } from '../../geometry';
import { type Address, entire, scratch } from '../argument';
import type { Buffer } from '../buffer';
import type { Engine, Planes } from '../engine';
import type { Images } from '../images';
import { kernelCall } from '../kernel-call';
import type { KernelCall } from '../schedule/chain';
import { flopOf, geometryArguments } from './geometry';
import { preparedWeights } from './prepared-weights';

/** Input gradient at stride 1: F(4x4, 3x3). */
export function winogradGradient(
  engine: Engine,
  dy: Planes,
  images: Images,
  w: Buffer,
  g: ConvGeometry,
  to: Planes,
): void {
  stride1(engine, 'winogradWeightsPart', g.channels, images, w, g, (given) =>
    kernelCall(
      'winogradInputGradient',
      'item',
      { ...given, dy: dy.plane, dyPitch: dy.pitch, out: to.plane, outPitch: to.pitch },
      flopOf(g, images.times),
    ),
  );
}

/** Forward at stride 1, from padded planes x. */
export function winogradForward(
  engine: Engine,
  x: Planes,
  images: Images,
  w: Buffer,
  g: ConvGeometry,
  to: Planes,
): void {
  stride1(engine, 'winogradForwardWeightsPart', g.filters, images, w, g, (given) =>
    kernelCall(
      'winogradForward',
      'item',
      { ...given, x: x.plane, xPitch: x.pitch, out: to.plane, outPitch: to.pitch },
      flopOf(g, images.times),
    ),
  );
}

/** What both directions share: sizes, transformed weights, scratch. */
interface Tiled {
  readonly T: number;
  readonly H: number;
  readonly W: number;
  readonly cin: number;
  readonly cout: number;
  readonly u: Address;
  readonly scratch: Address;
}

/** Both directions. @param made channels that come out */
function stride1(
  engine: Engine,
  weights: 'winogradWeightsPart' | 'winogradForwardWeightsPart',
  made: number,
  { images, times }: Images,
  w: Buffer,
  { channels: cin, filters: cout, height, width }: ConvGeometry,
  call: (given: Tiled) => KernelCall,
): void {
  const own = scratch(engine.compute('winogradScratchBytes', { cin, cout }));
  const transform = scratch(engine.compute('winogradWeightScratchBytes', {}));
  const bytes = engine.compute('winogradWeightBytes', { cin, cout });
  const prepared = preparedWeights(engine, bytes, made / 8, (when, first, end, u) =>
    kernelCall(weights, when, { w: entire(w), cin, cout, first, end, u, scratch: transform }),
  );
  const tiled = { T: times, H: height, W: width, cin, cout, u: prepared.weights, scratch: own };
  engine.scheduler.schedule(images, [...prepared.calls, call(tiled)], true);
  prepared.release();
}

/**
 * Winograd on each of the four phases of the image, or the phases' few taps as products, where tiles would be empty.
 */
export function stridedGradient(
  engine: Engine,
  dy: Planes,
  { images, times }: Images,
  w: Buffer,
  g: ConvGeometry,
  to: Planes,
): void {
  const { H, W, cin, OH, OW, cout } = geometryArguments(g);
  const given = {
    ...{ T: times, OH, OW, H, W, cout, cin },
    dy: dy.plane,
    dyPitch: dy.pitch,
    out: to.plane,
    outPitch: to.pitch,
  };
  const flop = flopOf(g, times);
  if (engine.compute('stridedWinogradPays', { OH, OW }) === 0) {
    const wb = scratch(engine.compute('stridedWeightBytes', { cin, cout }));
    engine.scheduler.schedule(
      images,
      [
        kernelCall('stridedWeights', 'thread', { w: entire(w), cin, cout, wb }),
        kernelCall('stridedInputGradient', 'item', { ...given, wb }, flop),
      ],
      true,
    );
    return;
  }
  const own = scratch(engine.compute('stridedWinogradScratchBytes', { cin, cout }));
  const bytes = engine.compute('stridedWinogradWeightBytes', { cin, cout });
  const prepared = preparedWeights(engine, bytes, cin / 8, (when, first, end, u) =>
    kernelCall('stridedWinogradWeightsPart', when, { w: entire(w), cin, cout, first, end, u, scratch: own }),
  );
  engine.scheduler.schedule(
    images,
    [
      ...prepared.calls,
      kernelCall('stridedWinogradGradient', 'item', { ...given, u: prepared.weights, scratch: own }, flop),
    ],
    true,
  );
  prepared.release();
}
