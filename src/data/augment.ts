// Random changes to training images, all drawn from a stream that belongs to one image in one epoch, and the
// normalisation that every image gets. Which stream an image has is batches.ts's business.

import type { Random } from '../core/random';
import { check } from '../errors';
import type { Dataset } from './dataset';

export const AUGMENTATIONS = ['crop', 'flip', 'cutout'] as const;

/**
 * crop: a window of the image's size from the image with 4 black pixels around it. flip: left and right exchanged half
 * of the time. cutout: a square set to the mean (DeVries & Taylor, 2017).
 */
export type AugmentationName = (typeof AUGMENTATIONS)[number];

const PADDING = 4;

/** `crop,flip` as a list; `none` is empty. @throws on another word, or one that is given twice */
export function parseAugmentations(text: string): AugmentationName[] {
  if (text.trim() === 'none') return [];
  const names: AugmentationName[] = [];
  for (const part of text.split(',')) {
    const word = part.trim();
    const name = AUGMENTATIONS.find((known) => known === word);
    check(
      name !== undefined,
      'parseAugmentations',
      () => `"${word}" is not one of ${AUGMENTATIONS.join(', ')} (or none)`,
    );
    check(!names.includes(name), 'parseAugmentations', () => `"${word}" is given twice`);
    names.push(name);
  }
  return names;
}

export interface AugmentOptions {
  /** They are applied as crop, flip, cutout, whatever their order here. */
  readonly augment: readonly AugmentationName[];
  /** Side of the cutout square in pixels. Default 16, the paper's on CIFAR-10, whatever the size of the image. */
  readonly cutoutSize?: number;
}

/** Throws unless the names are known and the size of the cutout is a positive integer. */
export function checkAugmentOptions({ augment, cutoutSize }: AugmentOptions, where: string): void {
  for (const name of augment)
    check(
      AUGMENTATIONS.includes(name),
      where,
      () => `augment holds "${String(name)}", which is not one of ${AUGMENTATIONS.join(', ')}`,
    );
  check(
    cutoutSize === undefined || (Number.isSafeInteger(cutoutSize) && cutoutSize > 0),
    where,
    () => `cutoutSize must be a whole number >= 1, got ${cutoutSize}`,
  );
}

/** Where a pixel of the result comes from: shifted, mirrored, blanked. */
interface View {
  readonly dx: number;
  readonly dy: number;
  readonly mirrored: boolean;
  /** Top, left, bottom, right of the blanked square. */
  readonly blank: readonly [number, number, number, number] | undefined;
}

/** Draws in a fixed order, so that switching one augmentation off leaves the others' draws alone. */
function drawView(
  random: Random,
  height: number,
  width: number,
  { augment, cutoutSize = 16 }: AugmentOptions,
): View {
  const [shiftY, shiftX] = [random.integer(2 * PADDING + 1), random.integer(2 * PADDING + 1)];
  const flips = random.integer(2) === 1;
  const [centreY, centreX] = [random.integer(height), random.integer(width)];
  const [top, left] = [centreY - Math.floor(cutoutSize / 2), centreX - Math.floor(cutoutSize / 2)];
  const crops = augment.includes('crop');
  return {
    dy: crops ? shiftY - PADDING : 0,
    dx: crops ? shiftX - PADDING : 0,
    mirrored: augment.includes('flip') && flips,
    blank: augment.includes('cutout') ? [top, left, top + cutoutSize, left + cutoutSize] : undefined,
  };
}

/**
 * One image, normalised as (pixel/255 - mean)/deviation, into `out` at `offset`, [H,W,C]. Pixels beyond the image's edge
 * are black before normalisation, as in torchvision's RandomCrop; a cutout is 0 after it.
 * @param random the image's own stream; undefined for no augmentation
 */
export function writeImage(
  dataset: Dataset,
  record: number,
  out: Float32Array,
  offset: number,
  random?: Random,
  options: AugmentOptions = { augment: [] },
): void {
  const { height, width, channels, pixels, mean, deviation } = dataset;
  const view: View =
    random === undefined
      ? { dx: 0, dy: 0, mirrored: false, blank: undefined }
      : drawView(random, height, width, options);
  const base = record * height * width * channels;
  const [top, left, bottom, right] = view.blank ?? [0, 0, 0, 0];
  let o = offset;
  for (let row = 0; row < height; row++) {
    const y = row + view.dy;
    for (let column = 0; column < width; column++, o += channels) {
      if (row >= top && row < bottom && column >= left && column < right) {
        out.fill(0, o, o + channels);
        continue;
      }
      const x = (view.mirrored ? width - 1 - column : column) + view.dx;
      const inside = y >= 0 && y < height && x >= 0 && x < width;
      const from = base + (y * width + x) * channels;
      for (let c = 0; c < channels; c++) {
        out[o + c] = ((inside ? pixels[from + c]! / 255 : 0) - mean[c]!) / deviation[c]!;
      }
    }
  }
}
