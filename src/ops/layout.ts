// The same numbers in another shape or order.

import {
  checkRank,
  checkShape,
  checkSize,
  formatShape,
  normalAxis,
  type Shape,
  sameShape,
  sizeOf,
} from '../backends/shape';
import { scope } from '../core/scope';
import { record } from '../core/tape';
import { checkTensor, fromHandle, type Tensor } from '../core/tensor';
import { check } from '../errors';
import { checkKind, kind, shown, takesNoMore } from '../options';
import { commonBackend, operation } from './operator';
import { sumTo } from './reduce';

/**
 * The same buffer in another shape; one length may be -1 and is worked out.
 * @throws when the sizes differ
 */
export function reshape(x: Tensor, shape: Shape): Tensor;
export function reshape(x: Tensor, shape: Shape, ...more: unknown[]): Tensor {
  takesNoMore('reshape', more);
  checkTensor('reshape', x);
  checkKind('reshape', 'shape', openShape, shape);
  const from = x.shape;
  const wanted = inferLength(x, shape);
  const output = x.alias(wanted);
  record('reshape', [x], [output], [], ([g]) => [reshape(g!, from)]);
  return output;
}

const openShape = kind<Shape>(
  'a list of whole numbers >= 0, one of which may be -1',
  (value) => Array.isArray(value) && value.every((length) => Number.isSafeInteger(length) && length >= -1),
  (value) => (typeof value === 'number' ? `one axis is [${value}]` : undefined),
);

const wholeNumbers = kind<readonly number[]>(
  'a list of whole numbers',
  (value) => Array.isArray(value) && value.every(Number.isSafeInteger),
  (value) => (typeof value === 'number' ? `in a list: [${value}]` : undefined),
);

/** @throws unless the parts are a list of tensors, at least one */
function checkParts(where: string, parts: readonly Tensor[]): void {
  check(
    Array.isArray(parts),
    where,
    () => `parts must be a list of tensors, got ${shown(parts)}; put them in one: ${where}([a, b])`,
  );
  check(parts.length > 0, where, 'expects at least one tensor');
  for (const part of parts) checkTensor(where, part, 'each part');
}

function inferLength(x: Tensor, shape: Shape): number[] {
  const unknown = shape.filter((length) => length === -1).length;
  check(unknown <= 1, 'reshape', () => `${formatShape(shape)} leaves more than one length open`);
  const known = sizeOf(shape.filter((length) => length !== -1));
  const wanted = shape.map((length) => (length === -1 ? (known === 0 ? 0 : x.size / known) : length));
  checkShape(
    'reshape',
    shape.map((length) => Math.max(length, 0)),
  );
  check(
    wanted.every(Number.isInteger) && sizeOf(wanted) === x.size,
    'reshape',
    () => `${formatShape(x.shape)} has ${x.size} elements and does not fit ${formatShape(shape)}`,
  );
  return wanted;
}

/** Axis i of the result is axis order[i] of x; without an order the axes are reversed. */
export function transpose(x: Tensor, order?: readonly number[]): Tensor;
export function transpose(x: Tensor, order?: readonly number[], ...more: unknown[]): Tensor {
  takesNoMore('transpose', more);
  checkTensor('transpose', x);
  if (order !== undefined) checkKind('transpose', 'order', wholeNumbers, order);
  const rank = x.shape.length;
  const axes =
    order?.map((axis) => normalAxis('transpose', axis, rank)) ??
    Array.from({ length: rank }, (_, i) => rank - 1 - i);
  check(
    axes.length === rank && new Set(axes).size === rank,
    'transpose',
    () => `order [${order}] must name each of the ${rank} axes once`,
  );
  const inverse = axes.map((_, axis) => axes.indexOf(axis));
  return operation({
    name: 'transpose',
    inputs: [x],
    handle: x.backend.permute(x, axes),
    shape: axes.map((axis) => x.shape[axis]!),
    backward: (g) => [transpose(g, inverse)],
  });
}

/** x repeated along axes of length 1 and new leading axes until it has `shape`. */
export function broadcastTo(x: Tensor, shape: Shape): Tensor;
export function broadcastTo(x: Tensor, shape: Shape, ...more: unknown[]): Tensor {
  takesNoMore('broadcastTo', more);
  checkTensor('broadcastTo', x);
  checkShape('broadcastTo', shape);
  const from = x.shape;
  const missing = shape.length - from.length;
  check(
    missing >= 0 && from.every((length, axis) => length === 1 || length === shape[axis + missing]),
    'broadcastTo',
    () => `${formatShape(from)} does not broadcast to ${formatShape(shape)}`,
  );
  if (sameShape(from, shape)) return reshape(x, shape);
  return operation({
    name: 'broadcastTo',
    inputs: [x],
    handle: x.backend.broadcast(x, shape),
    shape: [...shape],
    backward: (g) => [sumTo(g, from)],
  });
}

/**
 * The part of x from `begin` up to, not including, `end` along each of the first axes; negative positions count from
 * the back, axes left out are taken whole.
 */
export function slice(x: Tensor, begin: readonly number[], end?: readonly number[]): Tensor;
export function slice(
  x: Tensor,
  begin: readonly number[],
  end: readonly number[] = [],
  ...more: unknown[]
): Tensor {
  takesNoMore('slice', more);
  checkTensor('slice', x);
  checkKind('slice', 'begin', wholeNumbers, begin);
  checkKind('slice', 'end', wholeNumbers, end);
  const full = x.shape;
  check(
    begin.length <= full.length && end.length <= full.length,
    'slice',
    () => `begin [${begin}] and end [${end}] have more entries than ${formatShape(full)} has axes`,
  );
  const from = full.map((length, axis) => position(begin[axis] ?? 0, length, axis));
  const to = full.map((length, axis) => position(end[axis] ?? length, length, axis));
  const shape = from.map((start, axis) => to[axis]! - start);
  check(
    shape.every((length) => length >= 0),
    'slice',
    () => `begin [${from}] lies behind end [${to}]`,
  );
  return operation({
    name: 'slice',
    inputs: [x],
    handle: x.backend.slice(x, from, shape),
    shape,
    backward: (g) => [fromHandle(g.backend, g.backend.embed(g, from, full), full)],
  });
}

function position(at: number, length: number, axis: number): number {
  const normal = at < 0 ? at + length : at;
  check(
    Number.isInteger(at) && normal >= 0 && normal <= length,
    'slice',
    () => `position ${at} is outside axis ${axis} of length ${length}`,
  );
  return normal;
}

/** One index of an axis, the axis dropped: x[:, index] for axis 1. */
export function select(x: Tensor, axis: number, index: number): Tensor;
export function select(x: Tensor, axis: number, index: number, ...more: unknown[]): Tensor {
  takesNoMore('select', more);
  checkTensor('select', x);
  const at = normalAxis('select', axis, x.shape.length);
  const length = x.shape[at]!;
  const start = Number.isInteger(index) && index < 0 ? index + length : index;
  check(Number.isInteger(index) && start >= 0 && start < length, 'select', () =>
    Number.isInteger(index)
      ? `index ${index} is outside axis ${at} of length ${length}`
      : `index must be a whole number, got ${shown(index)}`,
  );
  const begin = x.shape.map((_, i) => (i === at ? start : 0));
  const end = x.shape.map((full, i) => (i === at ? start + 1 : full));
  return scope(() => reshape(slice(x, begin, end), x.shape.toSpliced(at, 1)));
}

/** Tensors one after another along an axis that all have; the other axes must agree. */
export function concat(parts: readonly Tensor[], axis?: number): Tensor;
export function concat(parts: readonly Tensor[], axis = 0, ...more: unknown[]): Tensor {
  takesNoMore('concat', more);
  checkParts('concat', parts);
  const first = parts[0]!;
  const at = normalAxis('concat', axis, first.shape.length);
  for (const part of parts) {
    check(
      part.shape.length === first.shape.length &&
        part.shape.every((length, i) => i === at || length === first.shape[i]),
      'concat',
      () => `${formatShape(part.shape)} and ${formatShape(first.shape)} differ outside axis ${at}`,
    );
  }
  const lengths = parts.map((part) => part.shape[at]!);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  checkSize('concat', first.shape.with(at, total));
  return operation({
    name: 'concat',
    inputs: parts,
    handle: commonBackend('concat', parts).concat(parts, at),
    shape: first.shape.with(at, total),
    backward: (g) => {
      let start = 0;
      return lengths.map((length) => {
        const begin = g.shape.map((_, i) => (i === at ? start : 0));
        start += length;
        return slice(g, begin, g.shape.with(at, start));
      });
    },
  });
}

/** Tensors of one shape side by side along a new axis. */
export function stack(parts: readonly Tensor[], axis?: number): Tensor;
export function stack(parts: readonly Tensor[], axis = 0, ...more: unknown[]): Tensor {
  takesNoMore('stack', more);
  checkParts('stack', parts);
  const at = normalAxis('stack', axis, parts[0]!.shape.length + 1);
  for (const part of parts) {
    check(
      sameShape(part.shape, parts[0]!.shape),
      'stack',
      () => `shapes ${formatShape(part.shape)} and ${formatShape(parts[0]!.shape)} differ`,
    );
  }
  return scope(() =>
    concat(
      parts.map((part) => reshape(part, part.shape.toSpliced(at, 0, 1))),
      at,
    ),
  );
}

/** x tiled: times[i] copies along axis i; further leading entries make new axes. */
export function repeat(x: Tensor, times: readonly number[]): Tensor;
export function repeat(x: Tensor, times: readonly number[], ...more: unknown[]): Tensor {
  takesNoMore('repeat', more);
  checkTensor('repeat', x);
  checkKind('repeat', 'times', wholeNumbers, times);
  check(
    times.length >= x.shape.length && times.every((n) => Number.isInteger(n) && n >= 0),
    'repeat',
    () => `times [${times}] must give a whole number >= 0 for each axis of ${formatShape(x.shape)}`,
  );
  const shape = [...new Array<number>(times.length - x.shape.length).fill(1), ...x.shape];
  checkRank('repeat', 2 * shape.length, 'shape and copies');
  checkSize(
    'repeat',
    shape.map((length, axis) => length * times[axis]!),
  );
  return scope(() => {
    const paired = reshape(
      x,
      shape.flatMap((length) => [1, length]),
    );
    const tiled = broadcastTo(
      paired,
      shape.flatMap((length, axis) => [times[axis]!, length]),
    );
    return reshape(
      tiled,
      shape.map((length, axis) => length * times[axis]!),
    );
  });
}
