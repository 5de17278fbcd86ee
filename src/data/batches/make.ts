// From records as they lie in memory or in files to the numbers of a batch: each drawn from its own stream, normalised
// and written to its place. It runs on the calling thread and in workers alike, so that both give the same bytes.

import { Random } from '../../core/random';
import { checkKind, whole } from '../../options';
import type { AugmentOptions } from '../augment';
import type { PictureForm, Pictures } from '../float-dataset';
import { writeView } from '../view';
import { type Packed, unpacked } from './unpack';

/** Streams of one seed and epoch: Random(seed, epoch, AUGMENT, record). */
const AUGMENT = 2;

/** That of all epochs: Random(seed, 0, TURN, record). */
const TURN = 3;

/** Whether alternate-flip exchanges an image's sides: a coin decides once, then it changes from epoch to epoch. */
function isTurned(seed: number, epoch: number, record: number): boolean {
  return (new Random(seed, 0, TURN, record).integer(2) === 1) !== (epoch % 2 !== 0);
}

/** The stream from which one image's augmentation is drawn in one epoch. */
export function imageStream(seed: number, epoch: number, record: number): Random {
  for (const [name, value] of Object.entries({ seed, epoch, record }))
    checkKind('imageStream', name, whole(), value);
  return new Random(seed, epoch, AUGMENT, record);
}

/** How records become numbers in one epoch. */
export interface BatchMaking extends Required<AugmentOptions> {
  readonly seed: number;
  readonly epoch: number;
}

/** Of a batch's options, what its numbers depend on. */
export function makingOf({ seed, epoch, augment, cutoutSize }: BatchMaking): BatchMaking {
  return { seed, epoch, augment, cutoutSize };
}

/** What a batch is made of. */
export interface Job {
  readonly form: PictureForm;
  /** Of the batch's records alone, in their order: their numbers, or pictures as they were packed. */
  readonly raw: Uint8Array | Float32Array | readonly Packed[];
  /** Which records of the data set they are. */
  readonly indices: Uint32Array;
  readonly making: BatchMaking;
}

/**
 * Numbers of a batch, [n,...] or [T,n,...].
 * @param placeOf where the i-th record of the batch lies in `from`
 */
export function imagesFrom(
  from: Pictures,
  placeOf: (i: number) => number,
  indices: Uint32Array,
  making: BatchMaking,
): Float32Array<ArrayBuffer> {
  const size = from.height * from.width * from.channels;
  const n = indices.length;
  const images = new Float32Array(n * from.frames * size);
  const isChanged = making.augment.length > 0;
  const alternates = making.augment.includes('alternate-flip');
  indices.forEach((record, i) => {
    const random = isChanged ? imageStream(making.seed, making.epoch, record) : undefined;
    const turned = alternates ? isTurned(making.seed, making.epoch, record) : undefined;
    writeView(from, placeOf(i), images, i * size, random, making, n * size, turned);
  });
  return images;
}

/** The same of what was handed over. @throws for a picture that cannot be read, naming its file */
export async function imagesOfJob({ form, raw, indices, making }: Job): Promise<Float32Array<ArrayBuffer>> {
  const pixels = ArrayBuffer.isView(raw) ? raw : await unpacked(raw, form);
  return imagesFrom({ ...form, pixels }, (i) => i, indices, making);
}
