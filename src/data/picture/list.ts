// Pictures with labels, one after another, as a data set: in colour unless all are grey, of the size that all have.
// Where sizes differ all are brought to one, with a notice. Which public set they are, their classes tell.

import { SpikegradError } from '../../errors';
import { notice } from '../../notices';
import { CIFAR10_CLASSES, CIFAR100_CLASSES, FASHION_CLASSES, MNIST_CLASSES } from '../classes';
import { type Dataset, makeDataset } from '../dataset';
import { NORMALISATION } from '../normalisation';
import type { Colours } from '.';
import { isGrey, type RgbPicture, rgbOf, withSides } from './pixels';

/** Where sizes differ. */
export const SIDE = 32;

/** The names of public sets that pictures may be. */
export type PictureSet = 'cifar10' | 'cifar100' | 'mnist' | 'fashion-mnist' | 'images';

const PUBLIC: readonly (readonly [PictureSet, readonly string[], side: number])[] = [
  ['cifar10', CIFAR10_CLASSES, 32],
  ['cifar100', CIFAR100_CLASSES, 32],
  ['mnist', MNIST_CLASSES, 28],
  ['fashion-mnist', FASHION_CLASSES, 28],
];

const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** The public set with these classes, in whatever order. */
export function setOfClasses(classes: readonly string[]): PictureSet {
  const given = classes.map(plain).sort().join();
  return PUBLIC.find(([, known]) => known.map(plain).sort().join() === given)?.[0] ?? 'images';
}

/** How pictures are normalised: as their set, where they have its size. */
export function normalisationOf(name: PictureSet, height: number, channels: number) {
  const side = PUBLIC.find(([known]) => known === name)?.[2];
  const known = NORMALISATION[name];
  if (side === height && known.mean.length === channels) return known;
  const { mean, deviation } = NORMALISATION.images;
  const repeated = (value: number) => new Array<number>(channels).fill(value);
  return { mean: repeated(mean[0]), deviation: repeated(deviation[0]) };
}

/** Pictures so far. */
export class PictureList {
  readonly #pictures: RgbPicture[] = [];
  readonly #labels: number[] = [];
  #grey = true;

  get length(): number {
    return this.#labels.length;
  }

  add(colours: Colours, label: number): void {
    const { height, width } = colours;
    const rgb = rgbOf(colours);
    if (this.#grey) this.#grey = isGrey(rgb);
    this.#pictures.push({ height, width, rgb });
    this.#labels.push(label);
  }

  finish(where: string, name: PictureSet, classes: readonly string[]): Dataset {
    const first = this.#pictures[0];
    if (first === undefined) throw new SpikegradError(where, 'there is no picture');
    const isOfOneSize = this.#pictures.every(
      ({ height, width }) => height === first.height && width === first.width,
    );
    const [height, width] = isOfOneSize ? [first.height, first.width] : [SIDE, SIDE];
    if (!isOfOneSize)
      notice(
        `${where}: the pictures have several sizes, such as ${first.width}x${first.height}; all are resized to ${SIDE}x${SIDE}`,
      );
    const channels = this.#grey ? 1 : 3;
    const size = height * width * channels;
    const pixels = new Uint8Array(this.length * size);
    this.#pictures.forEach((picture, i) => {
      const rgb = withSides(picture, height, width);
      const out = pixels.subarray(i * size, (i + 1) * size);
      if (channels === 3) out.set(rgb);
      else for (let p = 0; p < size; p++) out[p] = rgb[3 * p]!;
    });
    const labels = Uint8Array.from(this.#labels);
    return makeDataset({
      name,
      classes,
      height,
      width,
      channels,
      pixels,
      labels,
      ...normalisationOf(name, height, channels),
    });
  }
}
