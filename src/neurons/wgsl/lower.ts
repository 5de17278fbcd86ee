// A neuron's step in the functions that shading languages have: those that they lack as expressions of e^-|x|, so
// that what σ and its derivative share is computed once.

import { check } from '../../errors';
import { derive, ownFunctions } from '../graph/derive';
import {
  abs,
  add,
  div,
  type Expr,
  exp,
  lt,
  mul,
  neg,
  number,
  type Real,
  select,
  sub,
} from '../graph/expression';
import type { Replace } from '../graph/simplify';
import { learnablesOf, type NeuronModel } from '../model';

/** The step, its next states and its gradients, ready to be written. */
export interface GpuStep {
  readonly model: NeuronModel;
  readonly outputs: readonly Expr[];
  readonly next: readonly Expr[];
  readonly dx: Expr;
  readonly dState: readonly Expr[];
  readonly dParameter: readonly Expr[];
  /** Leaves by their variables: x, states s0…, parameters p0…, gradients of outputs g0… and of next states d0… */
  readonly names: ReadonlyMap<string, string>;
}

/** From here on erf is 1 - erfc; within 1e-7 on both sides with these numbers of terms. */
const FAR = 1.75;
const NEAR_TERMS = 22;
const FAR_TERMS = 16;

/** See value.ts: 2/√π·e^-x²·Σ 2ⁿ·x^(2n+1)/(2n+1)!! near 0, 1 - e^-x²/√π/(x + 1/2/(x + 1/(x + …))) beyond. */
function errorFunction(x: Expr): Expr {
  const a = abs(x);
  const square = mul(a, a);
  const decay = exp(neg(square));
  let sum: Real = 1;
  for (let n = NEAR_TERMS; n > 0; n--) sum = add(1, mul(square, 2 / (2 * n + 1), sum));
  let tail: Expr = a;
  for (let n = FAR_TERMS; n > 0; n--) tail = add(a, div(n / 2, tail));
  const far = sub(1, div(mul(decay, 1 / Math.sqrt(Math.PI)), tail));
  const near = mul(x, decay, 2 / Math.sqrt(Math.PI), sum);
  return select(lt(a, FAR), near, select(lt(x, 0), neg(far), far));
}

/** (e^x - 1)/x: its series where that would lose digits; within 1e-7. */
function relativeExponential(x: Expr): Expr {
  let series: Expr = number(1);
  for (let n = 8; n > 1; n--) series = add(1, mul(x, 1 / n, series));
  return select(lt(abs(x), 0.5), series, div(sub(exp(x), 1), x));
}

/** What shading languages lack, in what they have. */
export const gpuFormula: Replace = ({ op }, [a]) => {
  if (op === 'erf') return errorFunction(a!);
  if (op === 'exprel') return relativeExponential(a!);
  if (op !== 'sigmoid' && op !== 'bell' && op !== 'sech2') return undefined;
  const e = exp(mul(abs(a!), op === 'sech2' ? -2 : -1));
  const below = add(1, e);
  if (op === 'sigmoid') return div(select(lt(a!, 0), e, number(1)), below);
  return div(op === 'bell' ? e : mul(4, e), mul(below, below));
};

const known = new WeakMap<NeuronModel, GpuStep>();

/**
 * The step, made once.
 * @throws for functions that only JavaScript can call
 */
export function lowered(model: NeuronModel): GpuStep {
  const found = known.get(model) ?? lower(model);
  known.set(model, found);
  return found;
}

function lower(model: NeuronModel): GpuStep {
  const derived = derive(model, true);
  const [own] = ownFunctions(derived);
  check(
    own === undefined,
    model.states.length > 0 ? 'neuron' : 'map',
    () =>
      `function '${own}' is one of JavaScript, which no GPU runs: give its value and derivative as texts, as customSurrogate() and customRectifier() take them, or use backend 'wasm' or 'cpu'`,
  );
  const again = (roots: readonly Expr[]): Expr[] => derived.simplifier.rebuild(roots, gpuFormula);
  const leaves: [string, readonly Expr[]][] = [
    ['s', model.states.map(({ leaf }) => leaf)],
    ['p', learnablesOf(model).map(({ leaf }) => leaf)],
    ['g', derived.gOutput],
    ['d', derived.gNext],
  ];
  const names = leaves.flatMap(([letter, list]) =>
    list.map(({ name }, k) => [name, `${letter}${k}`] as const),
  );
  return {
    model,
    outputs: again(derived.outputs),
    next: again(derived.next),
    dx: again([derived.dx])[0]!,
    dState: again(derived.dState),
    dParameter: again(derived.dParameter),
    names: new Map([['x', 'x0'], ...names]),
  };
}
