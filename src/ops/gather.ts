// Entries by their places along an axis: the largest one's place, labels as rows with a single one, entries at given
// places.

import { checkSize, formatShape, normalAxis, type Shape, stridesOf } from '../backends/shape';
import { arange, tensor } from '../core/create';
import { classLabels, type Labels } from '../core/labels';
import { scope } from '../core/scope';
import { noGrad } from '../core/tape';
import { checkTensor, fromHandle, Tensor } from '../core/tensor';
import { check } from '../errors';
import { checkKind, isBigInts, kind, numberList, takesNoMore, whole } from '../options';
import { add, maximum, mul, sub } from './arithmetic';
import { equal, notEqual } from './compare';
import { reshape } from './layout';
import { operation } from './operator';
import { countOver, max, type ReduceOptions, reduceOptions } from './reduce';

/** Whole numbers up to here are exact in f32. */
const EXACT = 2 ** 24;

/**
 * Where the largest element of an axis is: whole numbers, the first of equal ones; NaN counts as the largest, as in
 * NumPy and PyTorch. No gradient. `await argMax(logits, 1).data()` are the predicted classes.
 * @param axis undefined for the place in the whole tensor, row-major
 * @throws over no elements
 */
export function argMax(x: Tensor, axis?: number, options: ReduceOptions = {}): Tensor {
  const { keepAxes } = reduceOptions.read('argMax', options);
  checkTensor('argMax', x);
  const at = axis === undefined ? undefined : normalAxis('argMax', axis, x.shape.length);
  const length = countOver('argMax', x, at);
  check(
    length <= EXACT || x.backend.precision === 'f64',
    'argMax',
    () => `f32 cannot hold places beyond 2^24, got ${length} elements`,
  );
  return noGrad(() =>
    scope(() => {
      if (at === undefined)
        return reshape(first(reshape(x, [length]), 0, false), keepAxes ? x.shape.map(() => 1) : []);
      return first(x, at, keepAxes);
    }),
  );
}

function first(x: Tensor, axis: number, keepAxes: boolean): Tensor {
  const length = x.shape[axis]!;
  const isLargest = maximum(equal(x, max(x, axis, { keepAxes: true })), notEqual(x, x));
  // length, length - 1, …: the largest that is left belongs to the first
  const ranks = reshape(
    arange(length, 0, -1, { backend: x.backend }),
    x.shape.map((_, i) => (i === axis ? length : 1)),
  );
  return sub(length, max(mul(isLargest, ranks), axis, { keepAxes }));
}

/**
 * Rows with a single 1, at the label. No gradient.
 * @param labels N whole numbers in [0, classes), or a tensor of them in any shape
 * @returns [N,classes]; of a tensor [...,classes]
 * @throws for a label that is no class, wherever the backend can read at once
 */
export function oneHot(labels: Labels, classes: number, ...more: never[]): Tensor {
  takesNoMore('oneHot', more);
  checkKind('oneHot', 'classes', whole({ least: 1 }), classes);
  return noGrad(() =>
    scope(() => {
      const column = labelColumn(labels, classes);
      checkSize('oneHot', [column.size, classes]);
      return equal(column, arange(0, classes, 1, { backend: column.backend }));
    }),
  );
}

function labelColumn(labels: Labels, classes: number): Tensor {
  if (labels instanceof Tensor) {
    if (labels.backend.synchronous) classLabels('oneHot', labels.dataSync(), classes);
    return reshape(labels, [...labels.shape, 1]);
  }
  const known = classLabels('oneHot', labels, classes);
  return tensor(known, [known.length, 1]);
}

/** Places along an axis: whole numbers, negative ones from the back. */
export type Places = ArrayLike<number> | ArrayLike<bigint> | Tensor;

const somePlaces = kind<Places>(
  'a list of whole numbers, a typed array or a Tensor',
  (value) => value instanceof Tensor || isBigInts(value) || numberList.holds(value),
  (value) => (Array.isArray(value) && value.some(Array.isArray) ? 'tensor(index) makes one' : undefined),
);

/**
 * The entries of an axis at given places.
 *
 * An `index` with one axis takes whole slices, in its order and as often as it names them (NumPy's `take`, PyTorch's
 * `index_select`): `gather(x, [2, 0])` are two rows of x. An `index` with as many axes as x takes single elements
 * (PyTorch's `gather`, NumPy's `take_along_axis`): `out[i][j] = x[i][index[i][j]]` for axis 1. The index gets no
 * gradient.
 * @param index on a GPU a list: give `await index.data()` of a tensor with one axis
 * @param axis negative ones count from the back
 * @returns x's shape with the length of `index` along the axis; or the shape of `index`
 */
export function gather(x: Tensor, index: Places, axis = 0, ...more: never[]): Tensor {
  takesNoMore('gather', more);
  checkTensor('gather', x);
  checkKind('gather', 'index', somePlaces, index);
  const at = normalAxis('gather', axis, x.shape.length);
  const shape = index instanceof Tensor ? index.shape : [index.length];
  const places = placesIn(index, x.shape[at]!, at);
  if (shape.length === 1) return taken(x, places, at);
  check(
    shape.length === x.shape.length && shape.every((n, i) => i === at || n <= x.shape[i]!),
    'gather',
    () =>
      `index ${formatShape(shape)} must have one axis, or as many as x ${formatShape(x.shape)} and be no longer outside axis ${at}`,
  );
  return scope(() => reshape(taken(reshape(x, [x.size]), flatPlaces(places, shape, x.shape, at), 0), shape));
}

/** @throws naming the first that is no place in the axis */
function placesIn(index: Places, length: number, axis: number): Int32Array {
  check(
    !(index instanceof Tensor) || index.backend.synchronous,
    'gather',
    'a tensor of places cannot be read at once on this backend: give await index.data()',
  );
  const given = Array.from<number | bigint>(index instanceof Tensor ? index.dataSync() : index);
  return Int32Array.from(given, (value, i) => {
    const place = Number(value);
    check(
      Number.isInteger(place) && place >= -length && place < length,
      'gather',
      () => `index ${place} at ${i} is outside axis ${axis} of length ${length}`,
    );
    return place < 0 ? place + length : place;
  });
}

/** Where in x, flat, the elements are that an index of x's own rank names. */
function flatPlaces(places: Int32Array, shape: Shape, full: Shape, axis: number): Int32Array {
  const [own, strides] = [stridesOf(shape), stridesOf(full)];
  return places.map((place, i) =>
    own.reduce((sum, step, j) => {
      const along = j === axis ? place : Math.floor(i / step) % shape[j]!;
      return sum + along * strides[j]!;
    }, 0),
  );
}

function taken(x: Tensor, places: Int32Array, axis: number): Tensor {
  const length = x.shape[axis]!;
  checkSize('gather', x.shape.with(axis, places.length));
  return operation({
    name: 'gather',
    inputs: [x],
    handle: x.backend.gather(x, places, axis),
    shape: x.shape.with(axis, places.length),
    backward: (g) => [scope(() => putBack(g, places, axis, length))],
  });
}

/**
 * The adjoint: entries that came from one place are summed there, two and two, so that a place named often costs no
 * more.
 */
function putBack(g: Tensor, places: Int32Array, axis: number, length: number): Tensor {
  const at = (from: Tensor, index: Int32Array) =>
    fromHandle(from.backend, from.backend.gather(from, index, axis), from.shape.with(axis, index.length));
  let [now, targets] = [g, places];
  for (;;) {
    const waiting = new Map<number, number>();
    const firsts: number[] = [];
    const seconds: number[] = [];
    const kept: number[] = [];
    targets.forEach((target, i) => {
      const partner = waiting.get(target);
      if (partner === undefined) {
        waiting.set(target, firsts.push(i) - 1);
        seconds.push(-1);
        kept.push(target);
      } else {
        seconds[partner] = i;
        waiting.delete(target);
      }
    });
    if (firsts.length === targets.length) break;
    now = add(at(now, Int32Array.from(firsts)), at(now, Int32Array.from(seconds)));
    targets = Int32Array.from(kept);
  }
  const sources = new Int32Array(length).fill(-1);
  targets.forEach((target, i) => {
    sources[target] = i;
  });
  return at(now, sources);
}
