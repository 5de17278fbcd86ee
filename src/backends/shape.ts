// Shapes: lists of axis lengths, row-major. Arithmetic on them only; no numbers of a tensor are touched here.

import { check, OutOfMemoryError, SpikegradError } from '../errors';
import { checkKind, kind, optionsBelong, shown } from '../options';

/** Lengths of the axes, outermost first. `[]` is a scalar. */
export type Shape = readonly number[];

/** Number of elements: the product of the axes (1 for a scalar). */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const length of shape) size *= length;
  return size;
}

/** Row-major strides in elements: the last axis moves by one. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** `[2,3]`, as error messages print it. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(',')}]`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

const isLength = (length: unknown) => Number.isSafeInteger(length) && (length as number) >= 0;

/** What a shape must be. */
export const aShape = kind<Shape>(
  'a list of whole numbers >= 0',
  (value) => Array.isArray(value) && value.every(isLength),
  (value) =>
    typeof value === 'number' ? `one axis is [${value}]` : optionsBelong('behind the shape')(value),
);

/** Axes that a tensor may have: more than any network's, few enough to be walked through axis by axis. */
const MOST_AXES = 64;
/** A tensor has fewer elements, and no longer axis: what an index of 32 bits reaches. */
const ELEMENTS = 2 ** 31;

/** @param what the axes are called */
export function checkRank(where: string, rank: number, what = 'shape'): void {
  check(
    rank <= MOST_AXES,
    where,
    () =>
      `${what} of more than ${MOST_AXES} ${what === 'lists' ? 'in one another' : 'axes'}: a tensor has at most ${MOST_AXES} axes`,
  );
}

/** Throws unless a shape that was worked out has no more axes and elements than a tensor may have. */
export function checkSize(where: string, shape: Shape): void {
  if (!(sizeOf(shape) < ELEMENTS) || shape.length > MOST_AXES) refuseSize(where, shape);
}

function refuseSize(where: string, shape: Shape): never {
  checkRank(where, shape.length);
  const facts = `shape ${formatShape(shape)} has 2^31 elements or more`;
  throw new OutOfMemoryError(where, facts, 'Take a smaller batch, fewer time steps or smaller axes');
}

/**
 * Throws unless every axis is a whole number of at least 0, and a tensor may have so many of them and so many elements.
 */
export function checkShape(where: string, shape: Shape): void {
  checkKind(where, 'shape', aShape, shape);
  checkSize(where, shape);
  // beside an axis of no length too, strides must be exact
  if (shape.some((length) => length >= ELEMENTS)) refuseSize(where, shape);
}

/**
 * The shape that two operands broadcast to (NumPy's rule): aligned at the last axis, lengths must be equal or 1.
 * @throws when an axis has two different lengths, neither of them 1
 */
export function broadcastShapes(where: string, a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  const out = new Array<number>(rank);
  for (let i = 1; i <= rank; i++) {
    const p = a[a.length - i] ?? 1;
    const q = b[b.length - i] ?? 1;
    if (p !== q && p !== 1 && q !== 1) {
      throw new SpikegradError(
        where,
        `${formatShape(a)} and ${formatShape(b)} do not broadcast: axis -${i} has ${p} and ${q}`,
      );
    }
    out[rank - i] = p === 1 ? q : p;
  }
  checkSize(where, out);
  return out;
}

/** Strides with which an operand of shape `from` is read at each position of `to`: 0 along broadcast axes. */
export function broadcastStrides(from: Shape, to: Shape): number[] {
  const own = stridesOf(from);
  const missing = to.length - from.length;
  return to.map((_, axis) => (axis < missing || from[axis - missing] === 1 ? 0 : own[axis - missing]!));
}

function adviceForAxis(axis: unknown): string {
  const advice = optionsBelong('(x, axis, { … })')(axis);
  return advice === undefined ? '' : `; ${advice}`;
}

/** An axis counted from the front; -1 is the last. */
export function normalAxis(where: string, axis: number, rank: number): number {
  check(Number.isInteger(axis) && axis >= -rank && axis < rank, where, () =>
    Number.isInteger(axis)
      ? `axis ${axis} is out of range for ${rank} axes`
      : `an axis must be a whole number, got ${shown(axis)}${adviceForAxis(axis)}`,
  );
  return axis < 0 ? axis + rank : axis;
}

const listOfAxes = kind<readonly number[]>(
  'one axis, a list of them, or undefined for all',
  (value) => Array.isArray(value) && value.every(Number.isInteger),
  optionsBelong('(x, undefined, { … }) is over all axes'),
);

/** Sorted distinct axes; all of them when `axes` is undefined. */
export function normalAxes(
  where: string,
  axes: number | readonly number[] | undefined,
  rank: number,
): number[] {
  if (axes !== undefined && typeof axes !== 'number') checkKind(where, 'axes', listOfAxes, axes);
  if (axes === undefined) return Array.from({ length: rank }, (_, axis) => axis);
  const list = (typeof axes === 'number' ? [axes] : [...axes]).map((axis) => normalAxis(where, axis, rank));
  const distinct = new Set(list);
  check(distinct.size === list.length, where, () => `axes [${list}] name one axis twice`);
  return [...distinct].sort((p, q) => p - q);
}
