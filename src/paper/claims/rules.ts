// The rules by which a claim is judged, written down before its cells were trained. A verdict is about one thing
// only: paired differences of accuracy and their 95 % interval, or a number that is measured without chance.

import type { PairedDifference } from '../statistics';

export type ClaimVerdict = 'holds' | 'does not hold' | 'cannot be told';

/** Half of what the paper gives k = 3 on CIFAR-10 at T = 2: what is less is called no difference. A share. */
export const MARGIN = 0.0061;

/** By how much a gain may lie beside the bounds of its prediction, as a factor. */
export const GAIN_TOLERANCE = 1.05;

/** A gradient that is so many times another has exploded, its inverse has vanished. */
export const EXPLODED = 10;
/** Within this factor it has done neither. */
export const UNMOVED = 2;

/** A rule for the difference of two arms; a difference without an interval says nothing of chance. */
export type Rule = (difference: PairedDifference | undefined) => ClaimVerdict;

const judged =
  (holds: (low: number, high: number) => boolean, fails: (low: number, high: number) => boolean): Rule =>
  (difference) => {
    if (difference?.interval === undefined) return 'cannot be told';
    const [low, high] = difference.interval;
    if (holds(low, high)) return 'holds';
    return fails(low, high) ? 'does not hold' : 'cannot be told';
  };

/** The arm is better than the other. */
export const isAbove: Rule = judged(
  (low) => low > 0,
  (_, high) => high < 0,
);

/** The arm is worse than the other. */
export const isBelow: Rule = judged(
  (_, high) => high < 0,
  (low) => low > 0,
);

/** The arm is better by as much as is claimed. @param claimed a share above 0 */
export const gainsAsMuch = (claimed: number): Rule =>
  judged(
    (low, high) => low > 0 && low <= claimed && claimed <= high,
    (low, high) => claimed < low || high < claimed,
  );

/** The two arms are the same but for {@link MARGIN}. */
export const isSame: Rule = judged(
  (low, high) => -MARGIN < low && high < MARGIN,
  (low, high) => low > 0 || high < 0,
);

/** Of a claim that several things hold: it fails with one of them, and holds with all. */
export function allOf(verdicts: readonly ClaimVerdict[]): ClaimVerdict {
  if (verdicts.includes('does not hold')) return 'does not hold';
  return verdicts.length > 0 && verdicts.every((verdict) => verdict === 'holds') ? 'holds' : 'cannot be told';
}

/** Whether a measured gain lies where firing rates put it. */
export function isPredicted(measured: number, [low, high]: readonly [number, number]): ClaimVerdict {
  return measured >= low / GAIN_TOLERANCE && measured <= high * GAIN_TOLERANCE ? 'holds' : 'does not hold';
}

/** Whether a gradient has vanished or exploded. @param ratio over that without MPR */
export function hasVanishedOrExploded(ratio: number): ClaimVerdict {
  const size = Math.max(ratio, 1 / ratio);
  if (size >= EXPLODED) return 'holds';
  return size < UNMOVED ? 'does not hold' : 'cannot be told';
}

const MARGIN_IN_POINTS = (100 * MARGIN).toFixed(2);

/** The same for people. */
export const RULES: readonly string[] = [
  "A difference is between two arms trained with the same seed, by the same build, on the same images; its interval is 95 % of Student's t over the pairs. One pair has no interval, and tells nothing.",
  'Better: holds where the interval lies above 0, does not hold where it lies below; worse the other way round.',
  'By so many points: holds where the interval contains them and lies above 0, does not hold where it excludes them.',
  `No difference: holds where the interval lies within ±${MARGIN_IN_POINTS} points, half of the gain that the paper gives k = 3 at T = 2; does not hold where it excludes 0.`,
  `A predicted gain: holds where what is measured lies between the bounds of the prediction or within ${Math.round(100 * (GAIN_TOLERANCE - 1))} % beside them.`,
  `Vanishes or explodes: holds where the norm is ${EXPLODED} times that without MPR or more, or a ${EXPLODED}th or less; does not hold within a factor of ${UNMOVED}.`,
  'A claim of several parts does not hold where one of them does not, and holds only where all do. In all other cases it cannot be told.',
  'Where a comparison was trained under several budgets, the one that is judged has an interval, then rates that each arm chose by a rule, then the most images seen, then the widest network, then the better of the arms that it is compared with. Runs of which training images were held out choose learning rates and are judged nowhere.',
];
