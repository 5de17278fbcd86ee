// Flat numbers as nested lists, and lists that are no numbers' because they hold themselves.

import { type Shape, sizeOf } from '../backends/shape';
import { check } from '../errors';

/** A number, or lists nested as deep as a tensor has axes. */
export type NestedArray = number | NestedArray[];

/** Row-major numbers nested as `shape` says. */
export function nest(data: ArrayLike<number>, shape: Shape): NestedArray {
  const below = (from: number, axis: number): NestedArray => {
    if (axis === shape.length) return data[from]!;
    const step = sizeOf(shape.slice(axis + 1));
    return Array.from({ length: shape[axis]! }, (_, i) => below(from + i * step, axis + 1));
  };
  return below(0, 0);
}

/** @throws where a list is one of those that it lies in */
export function checkNotWithin(where: string, lists: readonly unknown[], list: unknown): void {
  const depth = lists.indexOf(list);
  check(
    depth < 0,
    where,
    () => `the list at depth ${depth} holds itself, at depth ${lists.length}: give lists that end in numbers`,
  );
}
