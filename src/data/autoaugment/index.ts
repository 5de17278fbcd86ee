// AutoAugment on one image: a sub-policy drawn from the policy of CIFAR-10, its two operations applied to the raw
// bytes. What the policy says is in policy.ts; what runs before and after it is augment.ts's business.

import type { Random } from '../../core/random';
import { check } from '../../errors';
import { brightness, color, contrast, sharpness } from './enhance';
import { rotate, shearX, shearY, translate } from './geometry';
import type { RawImage } from './image';
import { CIFAR10_POLICY, magnitudeOf, type OperationName, SIGNED } from './policy';
import { autocontrast, equalize, invert, posterize, solarize } from './tone';

/** An operation with its magnitude in the operation's own unit, sign included. */
export interface DrawnOperation {
  readonly name: OperationName;
  readonly magnitude: number;
}

type Apply = (image: RawImage, magnitude: number, spare: Uint8Array) => void;

const operations: Record<OperationName, Apply> = {
  shearX,
  shearY,
  translateX: (image, share, spare) => translate(image, share * image.width, 0, spare),
  translateY: (image, share, spare) => translate(image, 0, share * image.height, spare),
  rotate,
  autocontrast,
  invert,
  equalize,
  solarize,
  posterize,
  contrast: (image, distance) => contrast(image, 1 + distance),
  color: (image, distance) => color(image, 1 + distance),
  brightness: (image, distance) => brightness(image, 1 + distance),
  sharpness: (image, distance, spare) => sharpness(image, 1 + distance, spare),
};

/**
 * Draws what happens to one image: a sub-policy, and whether and with which sign each of its two operations runs. Five
 * draws, whatever comes of them.
 */
export function drawOperations(random: Random): DrawnOperation[] {
  const [first, p1, level1, second, p2, level2] = CIFAR10_POLICY[random.integer(CIFAR10_POLICY.length)]!;
  return [...drawOperation(random, first, p1, level1), ...drawOperation(random, second, p2, level2)];
}

function drawOperation(
  random: Random,
  name: OperationName,
  probability: number,
  level: number,
): DrawnOperation[] {
  const runs = random.uniform() < probability;
  const sign = random.integer(2) === 1 && SIGNED.has(name) ? -1 : 1;
  return runs ? [{ name, magnitude: sign * magnitudeOf(name, level) }] : [];
}

/** @throws SpikegradError unless there are 1 or 3 channels: brightness and colour mean nothing for others */
export function checkChannels(channels: number, where: string): void {
  check(
    channels === 1 || channels === 3,
    where,
    () =>
      `autoaugment needs images of 3 channels (colours) or 1 (grey), these have ${channels}; leave it out`,
  );
}

/**
 * Applies an operation in place. On a grey image `color` does nothing and all others work on its one channel.
 * @param image 1 or 3 channels
 * @param spare as many bytes as the image or more; what they hold does not matter
 * @throws SpikegradError on another number of channels
 */
export function applyOperation(
  image: RawImage,
  { name, magnitude }: DrawnOperation,
  spare: Uint8Array,
): void {
  checkChannels(image.channels, 'applyOperation');
  operations[name](image, magnitude, spare);
}
