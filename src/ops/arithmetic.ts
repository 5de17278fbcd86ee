// Elementwise arithmetic on two operands, with NumPy's broadcasting. A gradient that comes back over a broadcast axis
// is summed over it.

import type { BinaryOp } from '../backends/backend';
import { broadcastShapes, type Shape } from '../backends/shape';
import { scope } from '../core/scope';
import type { Tensor, TensorLike } from '../core/tensor';
import { takesNoMore } from '../options';
import { equal, greaterEqual, lessEqual } from './compare';
import { log, neg } from './functions';
import { asTensors, operation } from './operator';
import { sumTo } from './reduce';

type BinaryBackward = (
  gradient: Tensor,
  saved: readonly Tensor[],
  needs: readonly boolean[],
) => readonly (Tensor | null)[];

function binary(
  op: BinaryOp,
  name: string,
  a: TensorLike,
  b: TensorLike,
  more: readonly unknown[],
  save: (x: Tensor, y: Tensor) => readonly (Tensor | 'output')[],
  backward: BinaryBackward,
): Tensor {
  takesNoMore(name, more);
  // the scope frees the scalar that a plain number became; the tape holds on to what it needs
  return scope(() => {
    const { backend, tensors } = asTensors(name, [a, b]);
    const [x, y] = tensors as [Tensor, Tensor];
    const shape = broadcastShapes(name, x.shape, y.shape);
    const shapes: readonly Shape[] = [x.shape, y.shape];
    return operation({
      name,
      inputs: [x, y],
      handle: backend.binary(op, x, y, shape),
      shape,
      saved: save(x, y),
      backward: (g, saved, needs) =>
        backward(g, saved, needs).map((part, i) => (part === null ? null : sumTo(part, shapes[i]!))),
    });
  });
}

/** a + b. */
export function add(a: TensorLike, b: TensorLike): Tensor;
export function add(a: TensorLike, b: TensorLike, ...more: unknown[]): Tensor {
  return binary(
    'add',
    'add',
    a,
    b,
    more,
    () => [],
    (g) => [g, g],
  );
}

/** a - b. */
export function sub(a: TensorLike, b: TensorLike): Tensor;
export function sub(a: TensorLike, b: TensorLike, ...more: unknown[]): Tensor {
  return binary(
    'subtract',
    'sub',
    a,
    b,
    more,
    () => [],
    (g, _, needs) => [g, needs[1] ? neg(g) : null],
  );
}

/** a · b. */
export function mul(a: TensorLike, b: TensorLike): Tensor;
export function mul(a: TensorLike, b: TensorLike, ...more: unknown[]): Tensor {
  return binary(
    'multiply',
    'mul',
    a,
    b,
    more,
    (x, y) => [x, y],
    (g, [x, y], needs) => [needs[0] ? mul(g, y!) : null, needs[1] ? mul(g, x!) : null],
  );
}

/** a / b. */
export function div(a: TensorLike, b: TensorLike): Tensor;
export function div(a: TensorLike, b: TensorLike, ...more: unknown[]): Tensor {
  return binary(
    'divide',
    'div',
    a,
    b,
    more,
    (_, y) => [y, 'output'],
    (g, [y, quotient], needs) => [
      needs[0] ? div(g, y!) : null,
      needs[1] ? neg(div(mul(g, quotient!), y!)) : null,
    ],
  );
}

/** a to the power b: d/da = b·a^(b-1), d/db = a^b·log a (a > 0 where b wants a gradient). */
export function pow(a: TensorLike, b: TensorLike): Tensor;
export function pow(a: TensorLike, b: TensorLike, ...more: unknown[]): Tensor {
  return binary(
    'power',
    'pow',
    a,
    b,
    more,
    (x, y) => [x, y, 'output'],
    (g, [x, y, power], needs) => [
      needs[0] ? mul(g, mul(y!, pow(x!, sub(y!, 1)))) : null,
      needs[1] ? mul(g, mul(power!, log(x!))) : null,
    ],
  );
}

/** The larger of both; where they are equal each gets half of the gradient. */
export function maximum(a: TensorLike, b: TensorLike): Tensor;
export function maximum(a: TensorLike, b: TensorLike, ...more: unknown[]): Tensor {
  return binary(
    'maximum',
    'maximum',
    a,
    b,
    more,
    (x, y) => [x, y],
    (g, [x, y], needs) => {
      return shareByOrder(g, needs, greaterEqual(x!, y!), equal(x!, y!));
    },
  );
}

/** The smaller of both; where they are equal each gets half of the gradient. */
export function minimum(a: TensorLike, b: TensorLike): Tensor;
export function minimum(a: TensorLike, b: TensorLike, ...more: unknown[]): Tensor {
  return binary(
    'minimum',
    'minimum',
    a,
    b,
    more,
    (x, y) => [x, y],
    (g, [x, y], needs) => {
      return shareByOrder(g, needs, lessEqual(x!, y!), equal(x!, y!));
    },
  );
}

/** The gradient to the first operand where it won, half where it is a tie, the rest to the second. */
function shareByOrder(g: Tensor, needs: readonly boolean[], wins: Tensor, ties: Tensor): (Tensor | null)[] {
  const share = sub(wins, mul(ties, 0.5));
  return [needs[0] ? mul(g, share) : null, needs[1] ? mul(g, sub(1, share)) : null];
}
