// Numbers that lie in a file by strides of their own: turned round, cut from a larger array, or one number for a
// whole axis.

/** What can be gathered from, whatever it holds. */
interface Indexed {
  readonly length: number;
  slice(from: number, to: number): Indexed;
}

/**
 * A copy in which the last axis is the fastest.
 * @param strides elements from one index of an axis to the next; what they reach lies in `data`
 * @param offset of the first element
 */
export function rowMajor<A extends Indexed>(
  data: A,
  shape: readonly number[],
  strides: readonly number[],
  offset = 0,
): A {
  const count = shape.reduce((product, n) => product * n, 1);
  if (isContiguous(shape, strides)) return data.slice(offset, offset + count) as A;
  const from = data as unknown as ArrayLike<unknown>;
  const kept = data.slice(0, 0);
  const result = (Array.isArray(kept)
    ? new Array(count)
    : new (kept.constructor as new (count: number) => Indexed)(count)) as unknown as {
    [index: number]: unknown;
  };
  const counter = shape.map(() => 0);
  let at = offset;
  for (let i = 0; i < count; i++) {
    result[i] = from[at];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis]!;
      if (++counter[axis]! < shape[axis]!) break;
      at -= strides[axis]! * shape[axis]!;
      counter[axis] = 0;
    }
  }
  return result as unknown as A;
}

/** Axes of one index may have any stride. */
function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== step) return false;
    step *= shape[axis]!;
  }
  return true;
}
