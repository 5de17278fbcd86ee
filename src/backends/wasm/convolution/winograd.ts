// 3x3 convolutions of dense images by Winograd: the input gradients of a spiking network's step, and forward what is no
// longer spikes (behind an average pool).

import type { ConvGeometry } from '../../geometry';
import { scratch, whole } from '../argument';
import type { Buffer } from '../buffer';
import type { Call } from '../chain';
import { type Engine, type Planes, spread } from '../engine';
import type { Images } from '../images';
import { flopOf } from './geometry';
import { weightForm } from './weight-form';

/** Input gradient at stride 1: F(4x4, 3x3). */
export function winogradGradient(
  engine: Engine,
  dy: Planes,
  images: Images,
  w: Buffer,
  g: ConvGeometry,
  to: Planes,
): void {
  const kernels = { weights: 'winogradWeightsPart', tiles: 'winogradInputGradient' };
  stride1(engine, kernels, [dy, g.filters], images, w, g, [to, g.channels]);
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
  const kernels = { weights: 'winogradForwardWeightsPart', tiles: 'winogradForward' };
  stride1(engine, kernels, [x, g.channels], images, w, g, [to, g.filters]);
}

/** Both directions: planes and their number of channels in, and out. */
function stride1(
  engine: Engine,
  kernels: { readonly weights: string; readonly tiles: string },
  [from, taken]: readonly [Planes, number],
  { images, times }: Images,
  w: Buffer,
  g: ConvGeometry,
  [to, made]: readonly [Planes, number],
): void {
  const { channels, filters, height, width } = g;
  const own = scratch(engine.compute('winogradScratchBytes', channels, filters));
  const transform = scratch(engine.compute('winogradWeightScratchBytes'));
  const bytes = engine.compute('winogradWeightBytes', channels, filters);
  const form = weightForm(engine, bytes, made / 8, (first, end, out) => {
    return { kernel: kernels.weights, args: [whole(w), channels, filters, first, end, out, transform] };
  });
  const call: Call = {
    kernel: kernels.tiles,
    when: 'item',
    flop: flopOf(g, times),
    args: [...spread(from), times, height, width, taken, made, form.weights, ...spread(to), own],
  };
  engine.scheduler.schedule(images, [...form.calls, call], true);
  form.release();
}

/** Winograd on each of the four phases of the image, or the phases' few taps as products, where tiles would be empty. */
export function stridedGradient(
  engine: Engine,
  dy: Planes,
  { images, times }: Images,
  w: Buffer,
  g: ConvGeometry,
  to: Planes,
): void {
  const { channels, filters, outHeight, outWidth, height, width } = g;
  const sizes = [times, outHeight, outWidth, height, width, filters, channels];
  if (engine.compute('stridedWinogradPays', outHeight, outWidth) === 0) {
    const weights = scratch(engine.compute('stridedWeightBytes', channels, filters));
    const args = [...spread(dy), ...sizes, weights, ...spread(to)];
    engine.scheduler.schedule(
      images,
      [
        { kernel: 'stridedWeights', when: 'thread', args: [whole(w), channels, filters, weights] },
        { kernel: 'stridedInputGradient', when: 'item', flop: flopOf(g, times), args },
      ],
      true,
    );
    return;
  }
  const own = scratch(engine.compute('stridedWinogradScratchBytes', channels, filters));
  const bytes = engine.compute('stridedWinogradWeightBytes', channels, filters);
  const form = weightForm(engine, bytes, channels / 8, (first, end, out) => {
    return {
      kernel: 'stridedWinogradWeightsPart',
      args: [whole(w), channels, filters, first, end, out, own],
    };
  });
  const args = [...spread(dy), ...sizes, form.weights, ...spread(to), own];
  engine.scheduler.schedule(
    images,
    [...form.calls, { kernel: 'stridedWinogradGradient', when: 'item', flop: flopOf(g, times), args }],
    true,
  );
  form.release();
}
