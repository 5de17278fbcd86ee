// A convolution over averages of spikes is one over the spikes themselves, with a share of each weight: then it is
// additions of weights like the others, where counts would have to be multiplied.

import type { PlaneShape, PlanWindows, ValueKind } from '../backends/integer';
import { sizeOf } from '../backends/shape';

/** A convolution in real numbers. */
export interface ConvDoes extends PlanWindows {
  readonly op: 'conv';
  readonly weight: ArrayLike<number>;
  readonly bias: ArrayLike<number>;
  readonly groups: number;
}

/** An average pool of bits, [C,H,W] behind it. */
export interface PoolOfBits {
  readonly source: {
    readonly name: string;
    readonly shape: PlaneShape;
    readonly kind: ValueKind;
    readonly still: boolean;
  };
  readonly windows: PlanWindows;
  readonly shape: PlaneShape;
}

/** Spikes of a window beyond which a pool stays one: a read-out over a whole image is small. */
const MOST_POOLED = 16;
/** The same of a pool before windows of several pixels, whose weights are kept once for each of its own. */
const MOST_BEFORE_WINDOWS = 4;

export const isSmall = ({ windows }: PoolOfBits): boolean => sizeOf(windows.window) <= MOST_POOLED;

/** Whether a convolution's windows and the pool's before it make windows on the spikes. */
export function fitsInto(conv: PlanWindows, pool: PoolOfBits): boolean {
  const { source, windows, shape } = pool;
  const isPoint = sizeOf(conv.window) === 1 && Math.max(...conv.padding) === 0;
  if (isPoint) return isSmall(pool);
  // side by side, over all of the image: else zeros around the averages would be spikes
  const tiles = ([0, 1] as const).every(
    (axis) =>
      windows.window[axis] === windows.stride[axis] &&
      windows.padding[axis] === 0 &&
      shape[axis + 1]! * windows.stride[axis] === source.shape[axis + 1],
  );
  return tiles && sizeOf(windows.window) <= MOST_BEFORE_WINDOWS && Math.max(...conv.dilation) === 1;
}

/** The convolution over the spikes. */
export function overSpikes(conv: ConvDoes, { windows }: PoolOfBits): ConvDoes {
  const { window, stride, padding } = windows;
  const [kh, kw] = conv.window;
  const [height, width] = [kh * window[0], kw * window[1]];
  const area = sizeOf(window);
  const weight = Float64Array.from({ length: conv.weight.length * area }, (_, i) => {
    const [y, x] = [Math.floor(i / width) % height, i % width];
    const tap = Math.floor(y / window[0]) * kw + Math.floor(x / window[1]);
    return conv.weight[Math.floor(i / (height * width)) * kh * kw + tap]! / area;
  });
  const both = (f: (axis: 0 | 1) => number) => [f(0), f(1)] as const;
  return {
    ...conv,
    weight,
    window: [height, width],
    stride: both((axis) => conv.stride[axis] * stride[axis]),
    padding: both((axis) => padding[axis] + conv.padding[axis] * stride[axis]),
    dilation: [1, 1],
  };
}

/** The averages themselves, as a convolution of each channel alone. */
export function shares({ windows, shape: [channels] }: PoolOfBits): ConvDoes {
  const area = sizeOf(windows.window);
  const weight = new Float64Array(channels * area).fill(1 / area);
  return { ...windows, op: 'conv', weight, bias: new Float64Array(channels), groups: channels };
}
