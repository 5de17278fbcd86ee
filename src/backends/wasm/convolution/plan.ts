// Which way a convolution goes: its name, and why. From the geometry and a few facts alone, so that the same numbers
// always go the same way. Nothing is computed here; index.ts does what a plan says, and `--profile` prints it.

import type { ConvGeometry } from '../../geometry';
import { isGrouped, isPointwise } from './geometry';
import { MOST_IN_QUADS } from './spikes';

/** The ways forward: spikes.ts, pixels.ts, by-channel.ts, winograd.ts, dense.ts. */
export type ForwardWay =
  | 'spikes'
  | 'spikes by term'
  | 'spikes by pixel'
  | 'spikes by channel'
  | 'winograd'
  | 'windows';
/** The ways of the input's gradient: winograd.ts, by-channel.ts, dense.ts. */
export type InputGradientWay =
  | 'winograd'
  | 'winograd by channel'
  | 'phases'
  | 'pairs by channel'
  | 'small by channel'
  | 'windows';
/** The ways of the weights' gradient: spikes.ts, pixels.ts, by-channel.ts, dense.ts. */
export type WeightGradientWay =
  | 'spikes'
  | 'spikes by term'
  | 'spikes by pixel'
  | 'spikes by channel'
  | 'windows';

export interface Plan<Way extends string = string> {
  readonly way: Way;
  /** In words, what decided. */
  readonly why: string;
}

/** What a plan depends on besides the geometry. */
export interface Facts {
  /** Whether the input lies there as bits; input gradients have no use for it. */
  readonly spikes?: boolean;
  /** Whether it is a sum of such, whose terms lie there. */
  readonly sum?: boolean;
  /** Whether one image stands for all time steps. */
  readonly still?: boolean;
  /** Pixels of an image over all time steps. */
  readonly pixels: number;
  /** Whether Winograd's tiles would be mostly full. */
  readonly tilesFill: boolean;
}

/** Bytes of weights from which on threads may share the channels instead of the images. */
const LARGE = 2 ** 20;
/** Pixels of an image, over all time steps, up to which it is not worth reading large weights for it alone. */
const FEW_PIXELS = 256;

export function isLarge(g: ConvGeometry): boolean {
  return 4 * g.kernelHeight * g.kernelWidth * g.channels * g.filters >= LARGE;
}

const UNGROUPED = 'not 3x3 with one pixel of zeros and whole groups of eight channels';
const POINTWISE = 'spikes, 1x1 without padding, whole groups of eight channels and four filters';
const BY_TERM = 'a sum of spikes, each of its terms for itself';
const FEW = `weights of a megabyte and more, images of at most ${FEW_PIXELS} pixels over all steps`;

export function planForward(
  g: ConvGeometry,
  { spikes, sum, still, pixels, tilesFill }: Facts,
): Plan<ForwardWay> {
  if (spikes && isPointwise(g)) return { way: 'spikes by pixel', why: POINTWISE };
  if (!isGrouped(g)) return { way: 'windows', why: UNGROUPED };
  if (!spikes) {
    // at stride 1 tiles are level with two terms
    if (sum && (g.stride !== 1 || !tilesFill)) return { way: 'spikes by term', why: BY_TERM };
    if (still) return { way: 'windows', why: 'no spikes, and one image for all time steps' };
    if (g.stride !== 1) return { way: 'windows', why: 'no spikes, and a stride of 2' };
    return tilesFill
      ? { way: 'winograd', why: 'no spikes, stride 1, tiles that fill' }
      : { way: 'windows', why: 'no spikes, and tiles would be mostly empty' };
  }
  if (isLarge(g) && g.channels > MOST_IN_QUADS && pixels <= FEW_PIXELS)
    return { way: 'spikes by channel', why: `spikes; ${FEW}` };
  return {
    way: 'spikes',
    why:
      g.channels > MOST_IN_QUADS
        ? 'spikes, one by one'
        : 'spikes; each image one by one, in fours or by tables, as its own rate asks (kernels/spikes/conv.ts)',
  };
}

export function planInputGradient(g: ConvGeometry, { pixels, tilesFill }: Facts): Plan<InputGradientWay> {
  if (!isGrouped(g)) return { way: 'windows', why: UNGROUPED };
  const large = isLarge(g);
  if (!tilesFill && !large && g.stride === 1)
    return { way: 'windows', why: 'tiles would be mostly empty, and the weights are small' };
  if (large && g.stride === 1 && g.height === 2 && g.width === 2)
    return { way: 'pairs by channel', why: 'weights of a megabyte and more, images of 2x2 pixels' };
  if (!tilesFill && large)
    return { way: 'small by channel', why: 'weights of a megabyte and more, tiles would be mostly empty' };
  if (g.stride === 2) return { way: 'phases', why: 'a stride of 2' };
  return large && pixels <= FEW_PIXELS
    ? { way: 'winograd by channel', why: FEW }
    : { way: 'winograd', why: 'stride 1, tiles that fill' };
}

export function planWeightGradient(
  g: ConvGeometry,
  { spikes, sum }: Pick<Facts, 'spikes' | 'sum'>,
): Plan<WeightGradientWay> {
  if (spikes && isPointwise(g)) return { way: 'spikes by pixel', why: POINTWISE };
  if (!isGrouped(g)) return { way: 'windows', why: UNGROUPED };
  if (!spikes && sum) return { way: 'spikes by term', why: BY_TERM };
  if (!spikes) return { way: 'windows', why: 'no spikes' };
  return isLarge(g)
    ? { way: 'spikes by channel', why: 'spikes; weights of a megabyte and more' }
    : { way: 'spikes', why: 'spikes' };
}
