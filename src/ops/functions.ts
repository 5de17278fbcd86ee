// Elementwise functions of one variable, each beside its derivative.

import type { ScalarFunction, UnaryOp } from '../backends/backend';
import { scalarFunction } from '../core/kinds';
import { checkTensor, fromHandle, type Tensor } from '../core/tensor';
import { check } from '../errors';
import { anyNumber, checkKind, takesNoMore } from '../options';
import { div, mul, sub } from './arithmetic';
import { greater, greaterEqual, lessEqual } from './compare';
import { operation } from './operator';

function unary(
  op: UnaryOp,
  x: Tensor,
  more: readonly unknown[],
  saved: readonly (Tensor | 'output')[],
  backward: (gradient: Tensor, saved: readonly Tensor[]) => Tensor,
  parameters: readonly number[] = [],
): Tensor {
  const name = op === 'negate' ? 'neg' : op;
  takesNoMore(name, more);
  checkTensor(name, x);
  return operation({
    name: op,
    inputs: [x],
    handle: x.backend.unary(op, x, parameters),
    shape: x.shape,
    saved,
    backward: (g, kept) => [backward(g, kept)],
  });
}

/** -x. */
export function neg(x: Tensor): Tensor;
export function neg(x: Tensor, ...more: unknown[]): Tensor {
  return unary('negate', x, more, [], (g) => neg(g));
}

/** eˣ; its own derivative. */
export function exp(x: Tensor): Tensor;
export function exp(x: Tensor, ...more: unknown[]): Tensor {
  return unary('exp', x, more, ['output'], (g, [y]) => mul(g, y!));
}

/** Natural logarithm; d = 1/x. */
export function log(x: Tensor): Tensor;
export function log(x: Tensor, ...more: unknown[]): Tensor {
  return unary('log', x, more, [x], (g, [v]) => div(g, v!));
}

/** √x; d = 1/(2√x). */
export function sqrt(x: Tensor): Tensor;
export function sqrt(x: Tensor, ...more: unknown[]): Tensor {
  return unary('sqrt', x, more, ['output'], (g, [y]) => div(g, mul(y!, 2)));
}

/** d = 1 - tanh². */
export function tanh(x: Tensor): Tensor;
export function tanh(x: Tensor, ...more: unknown[]): Tensor {
  return unary('tanh', x, more, ['output'], (g, [y]) => mul(g, sub(1, mul(y!, y!))));
}

/** 1/(1 + e⁻ˣ); d = y(1 - y). */
export function sigmoid(x: Tensor): Tensor;
export function sigmoid(x: Tensor, ...more: unknown[]): Tensor {
  return unary('sigmoid', x, more, ['output'], (g, [y]) => mul(g, mul(y!, sub(1, y!))));
}

/** max(x, 0); the derivative at 0 is 0. */
export function relu(x: Tensor): Tensor;
export function relu(x: Tensor, ...more: unknown[]): Tensor {
  return unary('relu', x, more, ['output'], (g, [y]) => mul(g, greater(y!, 0)));
}

/** |x|; the derivative at 0 is 0. */
export function abs(x: Tensor): Tensor;
export function abs(x: Tensor, ...more: unknown[]): Tensor {
  return unary('abs', x, more, [x], (g, [v]) => mul(g, sign(v!)));
}

/** -1, 0 or 1; no gradient. */
export function sign(x: Tensor): Tensor;
export function sign(x: Tensor, ...more: unknown[]): Tensor {
  takesNoMore('sign', more);
  checkTensor('sign', x);
  return fromHandle(x.backend, x.backend.unary('sign', x, []), x.shape);
}

/** x held to [low, high]; the gradient passes where low <= x <= high. @throws when low > high */
export function clamp(x: Tensor, low: number, high: number): Tensor;
export function clamp(x: Tensor, low: number, high: number, ...more: unknown[]): Tensor {
  checkKind('clamp', 'low', anyNumber, low);
  checkKind('clamp', 'high', anyNumber, high);
  check(low <= high, 'clamp', () => `low ${low} is above high ${high}`);
  return unary('clamp', x, more, [x], (g, [v]) => mul(g, mul(greaterEqual(v!, low), lessEqual(v!, high))), [
    low,
    high,
  ]);
}

const aFunction = scalarFunction('a function of one variable');

/** f(x) for a function given by value and derivative: a rectifier, for instance. */
export function map(f: ScalarFunction, x: Tensor): Tensor;
export function map(f: ScalarFunction, x: Tensor, ...more: unknown[]): Tensor {
  takesNoMore('map', more);
  checkKind('map', 'f', aFunction, f);
  checkTensor('map', x);
  return operation({
    name: f.name,
    inputs: [x],
    handle: x.backend.map(f, 'value', x),
    shape: x.shape,
    saved: [x],
    backward: (g, [v]) => [mul(g, derivativeOf(f, v!))],
  });
}

/** f'(x), not recorded. */
export function derivativeOf(f: ScalarFunction, x: Tensor): Tensor;
export function derivativeOf(f: ScalarFunction, x: Tensor, ...more: unknown[]): Tensor {
  takesNoMore('derivativeOf', more);
  checkKind('derivativeOf', 'f', aFunction, f);
  checkTensor('derivativeOf', x);
  return fromHandle(x.backend, x.backend.map(f, 'derivative', x), x.shape);
}
