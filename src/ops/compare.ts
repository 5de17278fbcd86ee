// Comparisons (1 where true, 0 where false; no gradient) and selection by a condition.

import type { BinaryOp } from '../backends/backend';
import { broadcastShapes } from '../backends/shape';
import { scope } from '../core/scope';
import { fromHandle, type Tensor, type TensorLike } from '../core/tensor';
import { takesNoMore } from '../options';
import { asTensors, operation } from './operator';
import { sumTo } from './reduce';

function comparison(op: BinaryOp): (a: TensorLike, b: TensorLike) => Tensor {
  return (a, b, ...more: unknown[]) => {
    takesNoMore(op, more);
    return scope(() => {
      const { backend, tensors } = asTensors(op, [a, b]);
      const [x, y] = tensors as [Tensor, Tensor];
      const shape = broadcastShapes(op, x.shape, y.shape);
      return fromHandle(backend, backend.binary(op, x, y, shape), shape);
    });
  };
}

/** a = b. */
export const equal = comparison('equal');
/** a ≠ b. */
export const notEqual = comparison('notEqual');
/** a < b. */
export const less = comparison('less');
/** a <= b. */
export const lessEqual = comparison('lessEqual');
/** a > b. */
export const greater = comparison('greater');
/** a >= b. */
export const greaterEqual = comparison('greaterEqual');

/** a where `condition` is not 0, else b; all three broadcast. The condition gets no gradient. */
export function where(condition: Tensor, a: TensorLike, b: TensorLike): Tensor;
export function where(condition: Tensor, a: TensorLike, b: TensorLike, ...more: unknown[]): Tensor {
  takesNoMore('where', more);
  return scope(() => {
    const { backend, tensors } = asTensors('where', [condition, a, b]);
    const [c, x, y] = tensors as [Tensor, Tensor, Tensor];
    const shape = broadcastShapes('where', c.shape, broadcastShapes('where', x.shape, y.shape));
    const [shapeX, shapeY] = [x.shape, y.shape];
    return operation({
      name: 'where',
      inputs: [c, x, y],
      handle: backend.where(c, x, y, shape),
      shape,
      saved: [c],
      backward: (g, [chosen], needs) => [
        null,
        needs[1] ? sumTo(where(chosen!, g, 0), shapeX) : null,
        needs[2] ? sumTo(where(chosen!, 0, g), shapeY) : null,
      ],
    });
  });
}
