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
  takesNoMore,
  text,
  whole,
} from '../options';
import { checkChannels } from './autoaugment';
import { checkDataset, type Dataset } from './dataset';
import { type PictureForm, picturesOf } from './float-dataset';
import { drawView, viewPixels, writeView } from './view';

/** The augmentations there are, in the order in which they are applied. */
export const AUGMENTATIONS = ['crop', 'shift', 'flip', 'alternate-flip', 'autoaugment', 'cutout'] as const;

/**
 * crop: a window of the image's size from the image with 4 black pixels around it. shift: at most 2 pixels each way,
 * with what lies within the edge reflected beyond it. flip: left and right exchanged half of the time. alternate-flip:
 * exchanged in every second epoch, half of the images in the even ones (Jordan, 2024, arXiv 2404.00498). autoaugment:
 * two operations of the policy found on CIFAR-10 (Cubuk et al., 2019), for images of 3 channels or 1. cutout: a square
 * set to the mean (DeVries & Taylor, 2017).
 */
export type AugmentationName = (typeof AUGMENTATIONS)[number];

/** `crop,flip` as a list; `none` is empty. @throws on another word, or one that is given twice */
export function parseAugmentations(list: string): AugmentationName[];
export function parseAugmentations(list: string, ...more: unknown[]): AugmentationName[] {
  takesNoMore('parseAugmentations', more);
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
   * They are applied as crop or shift, flip, autoaugment, cutout, whatever their order here: the order of Guo et al.'s
   * training scripts (yfguo91/Re-Loss, main_train.py). The authors of AutoAugment run it before crop and flip.
   * Default `[]`, none.
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

const TWO_WAYS = [
  ['crop', 'shift'],
  ['flip', 'alternate-flip'],
] as const;

/** Throws unless the augmentations fit the records. */
export function checkAugmentations(
  augment: readonly AugmentationName[],
  { channels, areImages, unit }: PictureForm,
  where: string,
): void {
  check(
    augment.length === 0 || areImages,
    where,
    () => `${augment[0]} is for images [H,W,C]; leave augment out for other records`,
  );
  for (const [one, other] of TWO_WAYS)
    check(
      !(augment.includes(one) && augment.includes(other)),
      where,
      () => `${one} and ${other} are two ways of one thing: leave one of them out`,
    );
  if (!augment.includes('autoaugment')) return;
  check(unit === 255, where, 'autoaugment is for 8-bit images; crop, flip and cutout are for floats too');
  checkChannels(channels, where);
}

/** @throws unless the data set has such a record */
function checkRecord(where: string, dataset: Dataset, record: number): void {
  checkDataset(where, dataset);
  checkKind(where, 'record', whole({ least: 0, below: dataset.length }), record);
}

/**
 * One image, normalised as (pixel/255 - mean)/deviation, into `out` at `offset`, [H,W,C]. Pixels beyond the image's
 * edge are black before normalisation, as in torchvision's RandomCrop; a cutout is 0 after it.
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
  writeView(from, record, { out, offset }, { random, options: given });
}

/**
 * One image as {@link writeImage} would give it, as raw bytes, [H,W,C], to be looked at. A cutout has the data set's
 * mean colour, rounded, which is what its 0 stands for.
 * @param random the image's own stream; `imageStream` gives that of a training run, but for alternate-flip, whose side
 * belongs to the epoch and is drawn here
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
