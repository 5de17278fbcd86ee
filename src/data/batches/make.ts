// From records to the numbers of a batch: each drawn from its own stream, normalised and written to its place. It runs
// on the calling thread and in workers alike, so that both give the same bytes.

import { Random } from '../../core/random';
import { checkKind, whole } from '../../options';
import type { AugmentOptions } from '../augment';
import type { Pictures } from '../float-dataset';
import { writeView } from '../view';

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
    writeView(
      from,
      placeOf(i),
      { out: images, offset: i * size, step: n * size },
      { random, options: making, turned },
    );
  });
  return images;
}
