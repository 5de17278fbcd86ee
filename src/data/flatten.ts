// The forms in which people hold records: nested lists, lists of typed arrays, one flat array, a tensor. Here they
// become flat numbers and, where the form has one, a shape.

import { checkRank, checkSize } from '../backends/shape';
import { checkNotWithin, type NestedArray } from '../core/nested';
import { Tensor } from '../core/tensor';
import { check, SpikegradError } from '../errors';
import { awaited, isBigInts, isTyped, shown } from '../options';

/** Records as numbers: nested lists (typed arrays in a list too), one flat typed array, or a tensor. */
export type Records = RecordList | TypedNumbers | Tensor;
type TypedNumbers =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Uint8ClampedArray
  | Int8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;
type RecordList = readonly (NestedArray | TypedNumbers | RecordList)[];

/** All numbers of some records, one after another. */
export interface Flat {
  /** Bytes stay bytes, all else is f32. */
  readonly data: Uint8Array | Float32Array;
  /** With N, where the numbers have one. */
  readonly shape: readonly number[] | undefined;
}

/**
 * @param where the function that messages name
 * @throws for what are no numbers, or lists of different lengths
 */
export function flatten(where: string, images: Records): Flat {
  if (images instanceof Tensor) {
    check(
      images.backend.synchronous,
      where,
      () =>
        `a tensor cannot be read at once on this backend: ${where}(await images.data(), labels, { shape: [${images.shape.slice(1)}] })`,
    );
    return { data: Float32Array.from(images.dataSync()), shape: images.shape };
  }
  if (isTyped(images)) {
    const numbers = images as TypedNumbers;
    return {
      data: isBytes(numbers) ? Uint8Array.from(numbers) : Float32Array.from(numbers),
      shape: undefined,
    };
  }
  if (!Array.isArray(images) || isBigInts(images)) {
    const advice = isBigInts(images) ? 'Float32Array.from(images, Number) makes numbers' : awaited(images);
    throw new SpikegradError(
      where,
      `images must be nested lists, a typed array or a Tensor, got ${shown(images)}${advice === undefined ? '' : `; ${advice}`}`,
    );
  }
  return flattenList(where, images as RecordList);
}

function flattenList(where: string, list: RecordList): Flat {
  const shape: number[] = [];
  let leaf: unknown = list;
  const lists: unknown[] = [];
  for (; Array.isArray(leaf) || isTyped(leaf); leaf = (leaf as ArrayLike<unknown>)[0]) {
    checkNotWithin(where, lists, leaf);
    lists.push(leaf);
    shape.push((leaf as ArrayLike<unknown>).length);
    checkRank(where, shape.length, 'lists');
  }
  checkSize(where, shape);
  const data = new Float32Array(shape.reduce((product, axis) => product * axis, 1));
  let at = 0;
  let allBytes = true;
  const visit = (part: unknown, depth: number, record: number): void => {
    if (depth === shape.length) {
      check(
        typeof part === 'number',
        where,
        () => `record ${record} holds ${shown(part)}, which is no number`,
      );
      data[at++] = part;
      return;
    }
    const isList = Array.isArray(part) || isTyped(part);
    const entries = isList ? (part as ArrayLike<unknown>) : [];
    check(isList && entries.length === shape[depth], where, () =>
      isList
        ? `record ${record} has ${entries.length} entries where the first has ${shape[depth]}`
        : `record ${record} has ${shown(part)} where the first has a list`,
    );
    if (depth === shape.length - 1 && !isBytes(part)) allBytes = false;
    for (let i = 0; i < entries.length; i++) visit(entries[i], depth + 1, depth === 0 ? i : record);
  };
  visit(list, 0, 0);
  return { data: allBytes ? Uint8Array.from(data) : data, shape };
}

function isBytes(value: unknown): boolean {
  return /^\[object Uint8(Clamped)?Array\]$/.test(Object.prototype.toString.call(value));
}
