// Reverse mode on expressions: the gradient of Σ seed·root with respect to leaves, as expressions again. One line an
// operation: what of its gradient g goes to each argument.

import {
  abs,
  add,
  bell,
  cos,
  customSlope,
  div,
  Expr,
  exp,
  gt,
  inOrder,
  lt,
  mul,
  neg,
  number,
  select,
  sigmoid,
  sin,
  sub,
  tanh,
} from './expression';

/** Terms of the series of φ', and up to where it is taken. */
const TERMS = 10;
const NEAR = 0.25;

/** φ'(a) of φ(a) = (e^a - 1)/a: 1/2 + a/3 + a²/8 + … + aⁿ/(n!·(n + 2)) near 0. */
function exprelSlope(a: Expr, value: Expr): Expr {
  let series: Expr = number(0);
  let factorial = 1;
  for (let n = 1; n < TERMS; n++) factorial *= n;
  for (let n = TERMS - 1; n >= 0; n--) {
    series = add(mul(series, a), 1 / (factorial * (n + 2)));
    factorial /= Math.max(n, 1);
  }
  return select(lt(abs(a), NEAR), series, div(sub(exp(a), value), a));
}

/** The gradient's part for each argument; undefined where none goes. */
function parts(e: Expr, g: Expr): readonly (Expr | undefined)[] {
  const [a, b] = e.args as [Expr, Expr];
  switch (e.op) {
    case 'add':
      return [g, g];
    case 'sub':
      return [g, neg(g)];
    case 'mul':
      return [mul(g, b), mul(g, a)];
    case 'div':
      return [div(g, b), neg(mul(div(g, b), e))];
    case 'min': // of two equal ones the first
      return [select(lt(b, a), 0, g), select(lt(b, a), g, 0)];
    case 'max':
      return [select(lt(a, b), 0, g), select(lt(a, b), g, 0)];
    case 'neg':
      return [neg(g)];
    case 'abs': // 0 at 0
      return [select(lt(a, 0), neg(g), select(gt(a, 0), g, 0))];
    case 'sqrt':
      return [div(mul(g, 0.5), e)];
    case 'exp':
      return [mul(g, e)];
    case 'log':
      return [div(g, a)];
    case 'sin':
      return [mul(g, cos(a))];
    case 'cos':
      return [neg(mul(g, sin(a)))];
    case 'tanh':
      return [mul(g, new Expr('sech2', [a]))];
    case 'sech2':
      return [mul(g, -2, e, tanh(a))];
    case 'sigmoid':
      return [mul(g, bell(a))];
    case 'bell':
      return [mul(g, e, sub(1, mul(2, sigmoid(a))))];
    case 'atan':
      return [div(g, add(1, mul(a, a)))];
    case 'erf': // 2/√π·e^-a²
      return [mul(g, 2 / Math.sqrt(Math.PI), exp(neg(mul(abs(a), abs(a)))))];
    case 'exprel': // (e^a - φ(a))/a, where that has lost its digits its series
      return [mul(g, exprelSlope(a, e))];
    case 'select':
      return [undefined, select(a, g, 0), select(a, 0, g)];
    case 'spike':
      return [new Expr('gain', [g, e.surrogate!.slope(a)])];
    case 'known': // [value, leaf, slope]: nothing goes to what else the value is made of
      if (e.args.length === 1) return [undefined];
      return [a.op === 'known' ? g : undefined, mul(g, e.args[2]!), undefined];
    case 'custom':
      return [mul(g, customSlope(e.custom!, a))];
    default: // comparisons, floor, detach: nothing goes back
      return e.args.map(() => undefined);
  }
}

/** Gradients of the leaves; a leaf that no root depends on has 0. */
export function gradients(
  roots: readonly { readonly root: Expr; readonly seed: Expr }[],
  leaves: readonly Expr[],
): Expr[] {
  const adjoint = new Map<Expr, Expr>();
  const put = (e: Expr, g: Expr): void => {
    const before = adjoint.get(e);
    adjoint.set(e, before === undefined ? g : add(before, g));
  };
  for (const { root, seed } of roots) put(root, seed);
  for (const e of inOrder(roots.map(({ root }) => root)).reverse()) {
    const g = adjoint.get(e);
    if (g === undefined) continue;
    for (const [i, part] of parts(e, g).entries()) if (part !== undefined) put(e.args[i]!, part);
  }
  return leaves.map((leaf) => adjoint.get(leaf) ?? number(0));
}
