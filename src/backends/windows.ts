// Windows with a size, step, padding and dilation of their own along each axis of channels-last images: what pools and
// convolutions in groups are told of their geometry. geometry.ts has the square grids that faster kernels know.

import { check } from '../errors';
import { formatShape, type Shape, sizeOf } from './shape';

/** Of height and width. */
export type Sides = readonly [height: number, width: number];

/** The windows along one axis: window o has its tap i at o·stride - padding + i·dilation. */
export interface AxisWindows {
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
}

/** Windows on images [N,H,W,C]. What lies outside the image counts as nothing there. */
export interface WindowGrid {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly rows: AxisWindows;
  readonly columns: AxisWindows;
  readonly outHeight: number;
  readonly outWidth: number;
}

/** A convolution of [N,H,W,C] with [kh,kw,C/groups,F]: group g of the filters sees group g of the channels alone. */
export interface GroupedGeometry extends WindowGrid {
  readonly filters: number;
  readonly groups: number;
}

/** What makes a grid, besides the image. */
export interface GridSettings {
  readonly window: Sides;
  readonly stride: Sides;
  readonly padding: Sides;
  readonly dilation: Sides;
}

/** Lengths up to which sums of a few stay within 32 bits: no memory holds a longer axis. */
const MOST = 2 ** 28;

/** Pixels from a window's first tap to its last. */
const reachOf = ({ size, dilation }: AxisWindows) => (size - 1) * dilation + 1;

/**
 * The windows on an image. Their number along an axis is (length + 2·padding - reach)/stride + 1, rounded down, or up
 * where `ceil` says so, but then no window begins behind the image and its near padding (PyTorch's rule).
 * @param image shape [...,H,W,C]; all leading axes together are the batch
 */
export function windowGrid(where: string, image: Shape, settings: GridSettings, ceil = false): WindowGrid {
  check(image.length >= 3, where, () => `input must be [...,H,W,C], got ${formatShape(image)}`);
  const [height, width, channels] = image.slice(-3) as [number, number, number];
  const axis = (i: 0 | 1): AxisWindows => ({
    size: settings.window[i],
    stride: settings.stride[i],
    padding: settings.padding[i],
    dilation: settings.dilation[i],
  });
  const [rows, columns] = [axis(0), axis(1)];
  for (const [name, value] of [rows, columns].flatMap((one) => Object.entries(one)))
    check(value <= MOST, where, () => `${name} ${value} must be at most ${MOST}`);
  const count = (length: number, one: AxisWindows) => {
    const room = length + 2 * one.padding - reachOf(one);
    check(
      room >= 0 || (ceil && room > -one.stride),
      where,
      () =>
        `kernel ${rows.size}x${columns.size} is larger than input ${formatShape(image)} with padding ${words(settings.padding)}${words(settings.dilation) === '1' ? '' : ` and dilation ${words(settings.dilation)}`}`,
    );
    if (!ceil) return Math.floor(room / one.stride) + 1;
    const found = Math.ceil(room / one.stride) + 1;
    return (found - 1) * one.stride >= length + one.padding ? found - 1 : found;
  };
  return {
    batch: sizeOf(image.slice(0, -3)),
    height,
    width,
    channels,
    rows,
    columns,
    outHeight: count(height, rows),
    outWidth: count(width, columns),
  };
}

/** A convolution's windows. @param weight shape [kh,kw,C/groups,F] */
export function groupedGeometry(
  where: string,
  image: Shape,
  weight: Shape,
  { groups, ...settings }: Omit<GridSettings, 'window'> & { readonly groups: number },
): GroupedGeometry {
  check(image.length >= 3, where, () => `input must be [...,H,W,C], got ${formatShape(image)}`);
  check(weight.length === 4, where, () => `weight must be [kh,kw,cin,cout], got ${formatShape(weight)}`);
  const [height, width, depth, filters] = weight as [number, number, number, number];
  const channels = image.at(-1)!;
  check(
    channels % groups === 0 && filters % groups === 0,
    where,
    () => `${groups} groups do not divide ${channels} input channels and ${filters} filters`,
  );
  check(depth * groups === channels, where, () =>
    groups === 1
      ? `weight expects ${depth} input channels, input ${formatShape(image)} has ${channels}`
      : `weight expects ${depth} input channels in each of ${groups} groups, input ${formatShape(image)} has ${channels}`,
  );
  check(
    sizeOf(weight) > 0,
    where,
    () => `weight ${formatShape(weight)} holds no numbers: give each axis at least 1`,
  );
  return { ...windowGrid(where, image, { ...settings, window: [height, width] }), filters, groups };
}

/** @throws where a window lies in the padding alone, and has nothing to give */
export function checkEveryWindow(where: string, g: WindowGrid): void {
  check(g.height > 0 && g.width > 0, where, `input of ${g.height}x${g.width} has no pixels`);
  for (const [what, length, axis, count] of [
    ['height', g.height, g.rows, g.outHeight],
    ['width', g.width, g.columns, g.outWidth],
  ] as const) {
    check(
      2 * axis.padding <= reachOf(axis),
      where,
      () =>
        `padding ${axis.padding} must be at most half of the window, which reaches over ${reachOf(axis)} pixels`,
    );
    for (let o = 0; o < count; o++)
      check(
        firstTap(axis, o) < endTap(axis, o, length),
        where,
        () =>
          `window ${o} along the ${what} of ${length} meets no pixel: its taps are ${axis.dilation} apart`,
      );
  }
}

/** The first tap of window o that is not before the image. */
export function firstTap({ stride, padding, dilation }: AxisWindows, o: number): number {
  return Math.max(0, Math.ceil((padding - o * stride) / dilation));
}

/** The tap behind the last one of window o that is not behind the image. */
export function endTap({ size, stride, padding, dilation }: AxisWindows, o: number, length: number): number {
  return Math.max(0, Math.min(size, Math.floor((length - 1 + padding - o * stride) / dilation) + 1));
}

/** Both sides, or one number where they are equal. */
function words([height, width]: Sides): string {
  return height === width ? String(height) : `[${height},${width}]`;
}
