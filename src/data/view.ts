// One record as one epoch sees it: drawn, shifted, mirrored, changed, blanked, normalised. Which options there are
// and what they mean stands in augment.ts.

import type { Random } from '../core/random';
import type { AugmentOptions } from './augment';
import { applyOperation, type DrawnOperation, drawOperations } from './autoaugment';
import type { Pictures } from './float-dataset';

const PADDING = 4;
const SHIFT = 2;

/** What happens to one image: shifted, mirrored, changed by AutoAugment, blanked. */
export interface View {
  readonly dx: number;
  readonly dy: number;
  /** Whether what lies beyond the edge is what lies within it, reflected; else black. */
  readonly reflects?: boolean;
  readonly mirrored: boolean;
  readonly operations: readonly DrawnOperation[];
  /** Top, left, bottom, right of the blanked square. */
  readonly blank: readonly [number, number, number, number];
}

const NOWHERE = [0, 0, 0, 0] as const;
const PLAIN: View = { dx: 0, dy: 0, mirrored: false, operations: [], blank: NOWHERE };

/**
 * Draws in a fixed order, so that switching one augmentation off leaves the others' draws alone. AutoAugment came last
 * and draws last, and behind it the shift: runs recorded before they were there still hold.
 * @param turned whether alternate-flip exchanges left and right in this epoch; drawn where it is not known
 */
export function drawView(
  random: Random,
  height: number,
  width: number,
  { augment, cutoutSize }: Required<AugmentOptions>,
  turned?: boolean,
): View {
  const [shiftY, shiftX] = [random.integer(2 * PADDING + 1), random.integer(2 * PADDING + 1)];
  const flips = random.integer(2) === 1;
  const [centreY, centreX] = [random.integer(height), random.integer(width)];
  const [top, left] = [centreY - Math.floor(cutoutSize / 2), centreX - Math.floor(cutoutSize / 2)];
  const crops = augment.includes('crop');
  const operations = augment.includes('autoaugment') ? drawOperations(random) : [];
  const reflects = augment.includes('shift');
  const small = () => (reflects ? random.integer(2 * SHIFT + 1) - SHIFT : 0);
  return {
    dy: crops ? shiftY - PADDING : small(),
    dx: crops ? shiftX - PADDING : small(),
    reflects,
    mirrored: augment.includes('alternate-flip') ? (turned ?? flips) : augment.includes('flip') && flips,
    operations,
    blank: augment.includes('cutout') ? [top, left, top + cutoutSize, left + cutoutSize] : NOWHERE,
  };
}

/** Room for an image and a copy of it, grown to the largest image so far: a new one for each image costs more. */
let bytesRoom = new Uint8Array(0);
let floatsRoom = new Float32Array(0);

function room(pixels: Pictures['pixels'], size: number): [Pictures['pixels'], Pictures['pixels']] {
  if (pixels instanceof Float32Array) {
    if (floatsRoom.length < 2 * size) floatsRoom = new Float32Array(2 * size);
    return [floatsRoom.subarray(0, size), floatsRoom.subarray(size, 2 * size)];
  }
  if (bytesRoom.length < 2 * size) bytesRoom = new Uint8Array(2 * size);
  return [bytesRoom.subarray(0, size), bytesRoom.subarray(size, 2 * size)];
}

/** Where a pixel beyond the edge is taken from; the edge itself is not repeated. */
function reflected(at: number, length: number): number {
  const inside = at < 0 ? -at : at >= length ? 2 * (length - 1) - at : at;
  return Math.min(length - 1, Math.max(0, inside)); // for images smaller than the shift
}

/** The raw numbers of one picture after crop, flip and AutoAugment. They stay right until the next call. */
export function viewPixels(from: Pictures, picture: number, view: View): Pictures['pixels'] {
  const { height, width, channels } = from;
  const size = height * width * channels;
  const [pixels, spare] = room(from.pixels, size);
  const base = picture * size;
  const place = (at: number, length: number) => (view.reflects ? reflected(at, length) : at);
  for (let row = 0, o = 0; row < height; row++) {
    const y = place(row + view.dy, height);
    for (let column = 0; column < width; column++, o += channels) {
      const x = place((view.mirrored ? width - 1 - column : column) + view.dx, width);
      const inside = y >= 0 && y < height && x >= 0 && x < width;
      const at = base + (y * width + x) * channels;
      for (let c = 0; c < channels; c++) pixels[o + c] = inside ? from.pixels[at + c]! : 0;
    }
  }
  if (pixels instanceof Uint8Array && spare instanceof Uint8Array) {
    const image = { height, width, channels, pixels };
    for (const operation of view.operations) applyOperation(image, operation, spare);
  }
  return pixels;
}

/** Where a record's pictures go. */
export interface ViewPlace {
  readonly out: Float32Array;
  readonly offset: number;
  /** From one picture of the record to the next; of one there is none. */
  readonly step?: number;
}

/** How a record is changed on its way. */
export interface ViewDraw {
  /** Undefined: as it is. */
  readonly random: Random | undefined;
  readonly options: Required<AugmentOptions>;
  /** As {@link drawView} takes it. */
  readonly turned?: boolean;
}

/**
 * {@link writeImage} for whoever has checked the options, once for many records. All pictures of a sequence are
 * changed alike.
 */
export function writeView(from: Pictures, record: number, to: ViewPlace, draw: ViewDraw): void {
  const { random, options, turned } = draw;
  const { out, offset, step = 0 } = to;
  const view = random === undefined ? PLAIN : drawView(random, from.height, from.width, options, turned);
  for (let frame = 0; frame < from.frames; frame++)
    writePicture(from, record * from.frames + frame, out, offset + frame * step, view);
}

function writePicture(from: Pictures, picture: number, out: Float32Array, offset: number, view: View): void {
  const { height, width, channels, mean, deviation, unit } = from;
  const pixels = viewPixels(from, picture, view);
  const [top, left, bottom, right] = view.blank;
  for (let row = 0, i = 0; row < height; row++) {
    for (let column = 0; column < width; column++, i += channels) {
      if (row >= top && row < bottom && column >= left && column < right) {
        out.fill(0, offset + i, offset + i + channels);
        continue;
      }
      for (let c = 0; c < channels; c++) {
        out[offset + i + c] = (pixels[i + c]! / unit - mean[c]!) / deviation[c]!;
      }
    }
  }
}
