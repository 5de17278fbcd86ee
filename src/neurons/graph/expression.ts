// What a neuron's step is made of: expressions over leaves (input, states, parameters). Two kinds of value: numbers,
// and conditions (comparisons), which `select`, `and`, `or` and `not` take. Constructors only build; what an
// operation computes is in value.ts, its derivative in differentiate.ts, everything clever in simplify.ts.

import { SpikegradError } from '../../errors';

/** An operation of an expression. */
export type Op =
  | 'number'
  | 'leaf'
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'min'
  | 'max'
  | 'neg'
  | 'abs'
  | 'sqrt'
  | 'exp'
  | 'log'
  | 'sin'
  | 'cos'
  | 'tanh'
  | 'sech2'
  | 'sigmoid'
  | 'bell'
  | 'atan'
  | 'erf'
  | 'exprel'
  | 'floor'
  | 'lt'
  | 'le'
  | 'gt'
  | 'ge'
  | 'and'
  | 'or'
  | 'not'
  | 'select'
  | 'spike'
  | 'detach'
  // a function of one's own, and its derivative
  | 'custom'
  | 'customSlope'
  // a value that is made of a parameter, whose derivative with respect to it is given: known(value, parameter, slope),
  // or a value by a name, without a gradient: known(value)
  | 'known'
  // made by differentiation alone: a gradient times a slope, of which a 0 does not hide the other's NaN
  | 'gain'
  // made by lowering alone: a·b + c, c - a·b, the nearest whole number (of two the even one), a·2^n, and the exponent
  // of a > 0 as f32 keeps it, 127 more than ⌊log2 a⌋
  | 'fma'
  | 'fnma'
  | 'nearest'
  | 'scale2'
  | 'exponent';

/** How often a leaf changes: once a call, with the channel, with the neuron. */
export type Rate = 'layer' | 'channel' | 'neuron';

/** A function of one variable and its derivative, as expressions. */
export interface Formula {
  readonly value: (x: Expr) => Expr;
  readonly derivative: (x: Expr) => Expr;
}

/** A function of one variable by value and derivative: a rectifier, or a surrogate's primitive. */
export interface NumberFunction {
  readonly name: string;
  /** The numbers that its formula holds, by name. */
  readonly parameters?: Readonly<Record<string, number>>;
  value(x: number): number;
  derivative(x: number): number;
}

/**
 * Where a derivative bears its formula: one symbol for all copies of this library that a page or a process has loaded.
 */
const FORMULA = Symbol.for('spikegrad.formula');

type Marked = { readonly [FORMULA]?: Formula & { readonly of: NumberFunction['value'] } };

/**
 * Ties a formula to a function's value and derivative, which it says once more. To the two together, not to the
 * object that holds them: `{ ...arctan(), derivative }` is its author's function.
 */
export function withFormula<F extends NumberFunction>(f: F, formula: Formula): F {
  Object.defineProperty(f.derivative, FORMULA, { value: { ...formula, of: f.value } });
  return f;
}

/** The formula of a function; undefined where nothing but JavaScript can call it. */
export function formulaIn(f: NumberFunction): Formula | undefined {
  const found = (f.derivative as Marked)[FORMULA];
  return found?.of === f.value ? found : undefined;
}

/** What stands in for the derivative of the step, as an expression in u. */
export interface SpikeSlope {
  /** s(u). */
  readonly slope: (u: Expr) => Expr;
  /** Whether nothing fires at u = 0 itself: Θ(u) is 1 where u > 0. */
  readonly isStrict?: boolean;
}

/** An expression: an operation on others. Never changed once made. */
export class Expr {
  constructor(
    readonly op: Op,
    readonly args: readonly Expr[],
    /** Of a `number`. */
    readonly value = 0,
    /** Of a `leaf`, and of a `known` value what it is called. */
    readonly name = '',
    /** Of a `leaf`. */
    readonly rate: Rate = 'neuron',
    /** Of a `spike`. */
    readonly surrogate?: SpikeSlope,
    /** Of a `custom`. */
    readonly custom?: NumberFunction,
  ) {}

  /** For `a * b` and `Math.tanh(a)` in functions of equations, which would be NaN. */
  [Symbol.toPrimitive](): never {
    throw new SpikegradError(
      'neuron',
      'an expression is no number of JavaScript: write add(a, b), sub, mul, div, lt, tanh(a) and so on instead of a + b or Math.tanh(a)',
    );
  }
}

/** An expression, or a number that stands for one. */
export type Real = Expr | number;

export const number = (value: number): Expr => new Expr('number', [], value);
export const leaf = (name: string, rate: Rate): Expr => new Expr('leaf', [], 0, name, rate);
export const lift = (value: Real): Expr => (typeof value === 'number' ? number(value) : value);

const comparisons = new Set<Op>(['lt', 'le', 'gt', 'ge']);
const logical = new Set<Op>(['and', 'or', 'not']);

/** Whether an expression is a condition and no number. */
export const isCondition = ({ op }: Expr): boolean => comparisons.has(op) || logical.has(op);

/** A condition where a number is meant is 1 or 0. */
const asNumber = (value: Real): Expr => {
  const e = lift(value);
  return isCondition(e) ? new Expr('select', [e, number(1), number(0)]) : e;
};
/** A number where a condition is meant holds unless it is 0. */
const asCondition = (value: Real): Expr => {
  const e = lift(value);
  if (isCondition(e)) return e;
  return new Expr('not', [new Expr('and', [new Expr('le', [e, number(0)]), new Expr('ge', [e, number(0)])])]);
};

const many =
  (op: Op) =>
  (...terms: Real[]): Expr =>
    terms.map(asNumber).reduce((a, b) => new Expr(op, [a, b]));
const one =
  (op: Op) =>
  (a: Real): Expr =>
    new Expr(op, [asNumber(a)]);
const comparison =
  (op: Op) =>
  (a: Real, b: Real): Expr =>
    new Expr(op, [asNumber(a), asNumber(b)]);

export const add = many('add');
export const sub = many('sub');
export const mul = many('mul');
export const div = many('div');
export const min = many('min');
export const max = many('max');
export const neg = one('neg');
export const abs = one('abs');
export const sqrt = one('sqrt');
export const exp = one('exp');
export const log = one('log');
export const sin = one('sin');
export const cos = one('cos');
export const tanh = one('tanh');
/** 1/cosh², with all its digits in the tails. */
export const sech2 = one('sech2');
/** σ(x) = 1/(1 + e^-x) */
export const sigmoid = one('sigmoid');
/** σ(x)·(1 - σ(x)), with all its digits in the tails. */
export const bell = one('bell');
export const atan = one('atan');
export const erf = one('erf');
/** (e^x - 1)/x, 1 at 0. */
export const exprel = one('exprel');
export const floor = one('floor');
export const lt = comparison('lt');
export const le = comparison('le');
export const gt = comparison('gt');
export const ge = comparison('ge');
export const and = (a: Real, b: Real): Expr => new Expr('and', [asCondition(a), asCondition(b)]);
export const or = (a: Real, b: Real): Expr => new Expr('or', [asCondition(a), asCondition(b)]);
export const not = (a: Real): Expr => new Expr('not', [asCondition(a)]);
export const equal = (a: Real, b: Real): Expr => and(le(a, b), ge(a, b));
/** condition ? a : b; what is not chosen has no say, be it infinite. */
export const select = (condition: Real, a: Real, b: Real): Expr =>
  new Expr('select', [asCondition(condition), asNumber(a), asNumber(b)]);
/** 1, 0 or -1. */
export const sign = (a: Real): Expr => select(gt(a, 0), 1, select(lt(a, 0), -1, 0));
export const clamp = (a: Real, low: Real, high: Real): Expr => min(max(a, low), high);
export const relu = (a: Real): Expr => max(0, a);
/** The value, without its gradient. */
export const detach = one('detach');
/** Θ(u), Θ(0) = 1 unless the surrogate says that it is strict; backward the surrogate's slope. */
export const spike = (u: Real, surrogate: SpikeSlope): Expr =>
  new Expr('spike', [asNumber(u)], 0, '', 'neuron', surrogate);
/** A value that is made of a leaf, by a name; what else it is made of gets no gradient. */
export const known = (value: Expr, leaf: Expr, slope: Expr, name: string): Expr =>
  new Expr(
    'known',
    [value, leaf, new Expr('known', [slope], 0, `${name}_by_${leaf.name.replace(/^\w+ /, '')}`)],
    0,
    name,
  );
/** f(a), with f's own derivative, whatever that is. */
export const custom = (f: NumberFunction, a: Real): Expr =>
  new Expr('custom', [asNumber(a)], 0, '', 'neuron', undefined, f);
/** f'(a). */
export const customSlope = (f: NumberFunction, a: Real): Expr =>
  new Expr('customSlope', [asNumber(a)], 0, '', 'neuron', undefined, f);

/** aⁿ: products where n is a whole number, roots where it is half of one, else by the logarithm (NaN where a < 0). */
export function power(a: Real, n: Real): Expr {
  const [base, exponent] = [asNumber(a), asNumber(n)];
  if (exponent.op !== 'number') return exp(mul(exponent, log(base)));
  const { value } = exponent;
  if (value < 0) return div(1, power(base, -value));
  if (value === 0) return number(1);
  if (value === 0.5) return sqrt(base);
  if (!Number.isInteger(value) || value > 64) return exp(mul(value, log(base)));
  if (value === 1) return base;
  const half = power(base, Math.floor(value / 2));
  return value % 2 === 1 ? mul(half, half, base) : mul(half, half);
}

/**
 * Every expression below the roots, arguments before what uses them.
 * @param isKnown where one does not look further
 */
export function inOrder(roots: readonly Expr[], isKnown?: (e: Expr) => boolean): Expr[] {
  const seen = new Set<Expr>();
  // no recursion: a neuron may be longer than the stack is deep
  const stack = [...roots].reverse();
  for (let height = stack.length; height > 0; height = stack.length) {
    const e = stack[height - 1]!;
    if (!seen.has(e) && !isKnown?.(e)) {
      const { args } = e;
      for (let i = args.length - 1; i >= 0; i--) {
        const a = args[i]!;
        if (!seen.has(a) && !isKnown?.(a)) stack.push(a);
      }
      if (stack.length > height) continue;
      seen.add(e);
    }
    stack.pop();
  }
  return [...seen];
}
