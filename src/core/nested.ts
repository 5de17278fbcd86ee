// Flat numbers as nested lists.

import { type Shape, sizeOf } from '../backends/shape';

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
