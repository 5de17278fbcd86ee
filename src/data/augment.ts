// Random changes to training images, all drawn from a stream that belongs to one image in one epoch, and the
// normalisation that every image gets. Which stream an image has is batches.ts's business.

import { aRandom } from '../core/kinds';
import type { Random } from '../core/random';
import { check } from '../errors';
import {
  checkKind,
  instance,
  type Kind,
  kind,
  type OptionsOf,
  option,
  optionTable,
  shown,
  text,
  whole,
} from '../options';
import { applyOperation, checkChannels, drawOperations, type Operation } from './autoaugment';
import { checkDataset, type Dataset } from './dataset';
import { type Pictures, picturesOf } from './float-dataset';

/** The augmentations there are, in the order in which they are applied. */
export const AUGMENTATIONS = ['crop', 'flip', 'autoaugment', 'cutout'] as const;

/**
 * crop: a window of the image's size from the image with 4 black pixels around it. flip: left and right exchanged half
 * of the time. autoaugment: two operations of the policy found on CIFAR-10 (Cubuk et al., 2019), for images of 3
 * channels or 1. cutout: a square set to the mean (DeVries & Taylor, 2017).
 */
export type AugmentationName = (typeof AUGMENTATIONS)[number];

const PADDING = 4;

/** `crop,flip` as a list; `none` is empty. @throws on another word, or one that is given twice */
export function parseAugmentations(list: string): AugmentationName[] {
  checkKind('parseAugmentations', 'list', text, list);
  if (list.trim() === 'none') return [];
  const names: AugmentationName[] = [];
  for (const part of list.split(',')) {
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

/** Which augmentations training images get. */
export interface AugmentOptions {
  /**
   * They are applied as crop, flip, autoaugment, cutout, whatever their order here: the order of Guo et al.'s training
   * scripts (yfguo91/Re-Loss, main_train.py). The authors of AutoAugment run it before crop and flip. Default `[]`, none.
   */
  readonly augment?: readonly AugmentationName[];
  /** Side of the cutout square in pixels. Default 16, the paper's on CIFAR-10, whatever the size of the image. */
  readonly cutoutSize?: number;
}

const isName = (value: unknown): value is AugmentationName =>
  AUGMENTATIONS.includes(value as AugmentationName);

const names: Kind<readonly AugmentationName[]> = kind(
  `a list of ${AUGMENTATIONS.map((name) => `'${name}'`).join(', ')}`,
  (value) => Array.isArray(value) && value.every(isName),
  (value) => {
    if (typeof value === 'string') return 'parseAugmentations() makes a list of words';
    const stray = Array.isArray(value) ? value.find((name) => !isName(name)) : undefined;
    return stray === undefined ? undefined : `there is no ${shown(stray)}`;
  },
);

export const augmentOptions = optionTable({
  augment: option(names, () => []),
  cutoutSize: option(whole({ least: 1 }), 16),
} satisfies OptionsOf<AugmentOptions>);

/** Throws unless the augmentations fit the records. */
export function checkAugmentations(
  augment: readonly AugmentationName[],
  { channels, areImages, unit }: Pictures,
  where: string,
): void {
  check(
    augment.length === 0 || areImages,
    where,
    () => `${augment[0]} is for images [H,W,C]; leave augment out for other records`,
  );
  if (!augment.includes('autoaugment')) return;
  check(unit === 255, where, 'autoaugment is for 8-bit images; crop, flip and cutout are for floats too');
  checkChannels(channels, where);
}

/** What happens to one image: shifted, mirrored, changed by AutoAugment, blanked. */
interface View {
  readonly dx: number;
  readonly dy: number;
  readonly mirrored: boolean;
  readonly operations: readonly Operation[];
  /** Top, left, bottom, right of the blanked square. */
  readonly blank: readonly [number, number, number, number];
}

const NOWHERE = [0, 0, 0, 0] as const;
const PLAIN: View = { dx: 0, dy: 0, mirrored: false, operations: [], blank: NOWHERE };

/**
 * Draws in a fixed order, so that switching one augmentation off leaves the others' draws alone. AutoAugment came last
 * and draws last: runs recorded before it was there still hold.
 */
function drawView(
  random: Random,
  height: number,
  width: number,
  { augment, cutoutSize }: Required<AugmentOptions>,
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
    operations: augment.includes('autoaugment') ? drawOperations(random) : [],
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

/** The raw numbers of one picture after crop, flip and AutoAugment. They stay right until the next call. */
function viewPixels(from: Pictures, picture: number, view: View): Pictures['pixels'] {
  const { height, width, channels } = from;
  const size = height * width * channels;
  const [pixels, spare] = room(from.pixels, size);
  const base = picture * size;
  for (let row = 0, o = 0; row < height; row++) {
    const y = row + view.dy;
    for (let column = 0; column < width; column++, o += channels) {
      const x = (view.mirrored ? width - 1 - column : column) + view.dx;
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

/**
 * {@link writeImage} for whoever has checked the options, once for many records. All pictures of a sequence are changed alike.
 * @param step from one picture of the record to the next, in `out`
 */
export function writeView(
  from: Pictures,
  record: number,
  out: Float32Array,
  offset: number,
  random: Random | undefined,
  options: Required<AugmentOptions>,
  step = 0,
): void {
  const view = random === undefined ? PLAIN : drawView(random, from.height, from.width, options);
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

/** @throws unless the data set has such a record */
function checkRecord(where: string, dataset: Dataset, record: number): void {
  checkDataset(where, dataset);
  checkKind(where, 'record', whole({ least: 0, below: dataset.length }), record);
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
  options: AugmentOptions = {},
): void {
  const where = 'writeImage';
  checkRecord(where, dataset, record);
  const { height, width, channels } = dataset;
  checkKind(where, 'out', instance(Float32Array, 'a Float32Array'), out);
  checkKind(where, 'offset', whole({ least: 0, most: out.length - height * width * channels }), offset);
  if (random !== undefined) checkKind(where, 'random', aRandom, random);
  const given = augmentOptions.read(where, options);
  const from = picturesOf(dataset);
  checkAugmentations(given.augment, from, where);
  writeView(from, record, out, offset, random, given);
}

/**
 * One image as {@link writeImage} would give it, as raw bytes, [H,W,C], to be looked at. A cutout has the data set's mean
 * colour, rounded, which is what its 0 stands for.
 * @param random the image's own stream; `imageStream` gives that of a training run
 */
export function augmentedPixels(
  dataset: Dataset,
  record: number,
  random: Random,
  options: AugmentOptions = {},
): Uint8Array<ArrayBuffer> {
  const where = 'augmentedPixels';
  checkRecord(where, dataset, record);
  checkKind(where, 'random', aRandom, random);
  const given = augmentOptions.read(where, options);
  const from = picturesOf(dataset);
  checkAugmentations(given.augment, from, where);
  const { height, width, channels, mean } = dataset;
  const view = drawView(random, height, width, given);
  const pixels = Uint8Array.from(viewPixels(from, record, view));
  const [top, left, bottom, right] = view.blank;
  for (let row = Math.max(0, top); row < Math.min(height, bottom); row++)
    for (let column = Math.max(0, left); column < Math.min(width, right); column++)
      for (let c = 0; c < channels; c++)
        pixels[(row * width + column) * channels + c] = Math.round(255 * mean[c]!);
  return pixels;
}
