// Labels as people bring them: a list, a typed array, the 64-bit integers of a file, a tensor. Here they become
// numbers, for whatever takes labels; which numbers are classes is asked here too.

import { formatShape } from '../backends/shape';
import { check, SpikegradError } from '../errors';
import { isBigInts, isTyped, shown } from '../options';
import { Tensor } from './tensor';

/**
 * The class of each row: whole numbers in a list, a typed array (of 64-bit integers too, such as I64 of a file) or a
 * tensor.
 */
export type Labels = ArrayLike<number> | ArrayLike<bigint> | Tensor;

/**
 * Labels as numbers; whether they are classes is asked afterwards. @throws when they are none, or cannot be read at
 * once
 */
export function labelNumbers(where: string, labels: Labels): ArrayLike<number> {
  if (labels instanceof Tensor) {
    check(
      labels.shape.length === 1,
      where,
      () => `labels must be one class for each row, [N], got a Tensor ${formatShape(labels.shape)}`,
    );
    check(
      labels.backend.synchronous,
      where,
      'a tensor of labels cannot be read at once on this backend: give await labels.data()',
    );
    return labels.dataSync();
  }
  if (isTyped(labels) || (Array.isArray(labels) && labels.every((label) => typeof label === 'number')))
    return labels as ArrayLike<number>;
  if (isBigInts(labels)) return Array.from(labels as ArrayLike<bigint>, Number);
  const stray = Array.isArray(labels) ? labels.findIndex((label) => typeof label !== 'number') : -1;
  const data = (labels as { data?: unknown } | null)?.data;
  throw new SpikegradError(
    where,
    stray >= 0
      ? `label ${shown((labels as unknown[])[stray])} at row ${stray} is no number; a label is the number of its class`
      : `labels must be whole numbers in a list or typed array, got ${shown(labels)}${data === undefined ? '' : '; give its data'}`,
  );
}

/** The same as classes. @throws naming the first that is not a whole number in [0, classes) */
export function classLabels(where: string, labels: Labels, classes: number): Int32Array {
  const given = labelNumbers(where, labels);
  const targets = Int32Array.from(given);
  for (let i = 0; i < targets.length; i++) {
    check(
      Number.isInteger(given[i]) && targets[i]! >= 0 && targets[i]! < classes,
      where,
      () => `label ${given[i]} at row ${i} is not a class from 0 to ${classes - 1}`,
    );
  }
  return targets;
}
