// The embedded data set: ten classes of textured shapes, 32x32 RGB, drawn from a seed. No file, no download. Contrast
// is as often inverted as not, so that neither mean colour nor mean image tells a class: a linear model does badly on
// it.

import { roomFor } from '../../backends/out-of-memory';
import { Random } from '../../core/random';
import { type OptionsOf, oneOf, option, optionTable, required, whole } from '../../options';
import { type Dataset, makeDataset } from '../dataset';
import { NORMALISATION } from '../normalisation';
import { outlines } from './outline';
import { CHANNELS, drawScene, SIDE } from './scene';

/** The name of each label. */
export const SHAPES_CLASSES: readonly string[] = Object.keys(outlines);
const classes = SHAPES_CLASSES;
const draw = Object.values(outlines);
/** Keeps the streams of this data set apart from others of the same seed. */
const STREAM = 0x73686170;

/** Which images of the embedded data set to draw. */
export interface ShapesOptions {
  /** Images to draw, at least 1. */
  count: number;
  /** Of the images. Default 0. */
  seed?: number;
  /** Training and test images of one seed come from independent streams. Default `train`. */
  split?: 'train' | 'test';
}

export const shapesOptions = optionTable({
  count: required(whole({ least: 1 })),
  seed: option(whole(), 0),
  split: option(oneOf(['train', 'test']), 'train'),
} satisfies OptionsOf<ShapesOptions>);

/** Draws `count` images; every ten of them hold each class once, in random order. */
export function shapes(options: ShapesOptions): Dataset {
  const { count, seed, split } = shapesOptions.read('shapes', options);
  const random = new Random(seed, STREAM, split === 'train' ? 0 : 1);
  const bytes = SIDE * SIDE * CHANNELS;
  const pixels = roomFor('shapes', count * bytes, () => new Uint8Array(count * bytes));
  const labels = new Uint8Array(count);
  let order = new Uint32Array();
  for (let i = 0; i < count; i++) {
    if (i % classes.length === 0) order = new Uint32Array(random.permutation(classes.length));
    labels[i] = order[i % classes.length]!;
    drawScene(draw[labels[i]!]!, random, pixels.subarray(i * bytes, (i + 1) * bytes));
  }
  return makeDataset({
    name: 'shapes',
    classes,
    height: SIDE,
    width: SIDE,
    channels: CHANNELS,
    pixels,
    labels,
    ...NORMALISATION.shapes,
  });
}
