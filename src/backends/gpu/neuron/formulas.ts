// What the neuron's kernels and their twins have in common: the equations of one step as text, for both languages, and
// the constants that go with them. cpu/neuron.ts has the equations as they are run.
//
// φ is strictly increasing where the library knows it, so whether a neuron fires is a comparison of H itself with the
// least f32 number that does, found once in f64; so is whether the rectangle's window holds it. That keeps spikes and
// the edges of windows free of the device's rounding.

import { builtInOf } from '../../../neurons/built-in';
import { firstFloat, floatBefore } from '../../../neurons/graph/float-search';
import type { NeuronSpec } from '../../backend';
import { keyOf, sourceOf } from '../scalar-functions';

/** Scalars of every neuron kernel besides its sizes. */
export const constantTypes = {
  tau: 'f32',
  vth: 'f32',
  vReset: 'f32',
  fire: 'f32',
  low: 'f32',
  high: 'f32',
  height: 'f32',
} as const;

export type Constants = Record<keyof typeof constantTypes, number>;

/** A spec as what kernels need: text that is part of them, numbers that are passed. */
export interface NeuronFormulas {
  /** Equal for equal kernels. */
  readonly key: string;
  readonly constants: Constants;
  /** Sources of the functions that the expressions call, in gpu.js's JavaScript. */
  readonly forward: readonly string[];
  readonly backward: readonly string[];
  /** Whether firing and the window are comparisons of H. */
  readonly isExact: boolean;
  readonly isRectangle: boolean;
  readonly spec: NeuronSpec;
}

export function formulasOf(where: string, spec: NeuronSpec): NeuronFormulas {
  const { rectifier, surrogate, tau, vth, vReset } = spec;
  const isExact = rectifier === undefined || builtInOf(rectifier)?.name === 'mpr';
  const slopes = builtInOf(surrogate);
  const isRectangle = isExact && slopes?.name === 'rectangular';
  const phi = rectifier === undefined ? [] : sourceOf(where, rectifier, 'value', 'phi');
  const bend = rectifier === undefined ? [] : sourceOf(where, rectifier, 'derivative', 'bend');
  const step = sourceOf(where, surrogate, 'derivative', 'surrogate');
  return {
    key: JSON.stringify([
      spec.dynamics,
      spec.reset,
      spec.detachReset,
      rectifier === undefined ? '' : keyOf(rectifier),
      isRectangle ? '' : keyOf(surrogate),
    ]),
    constants: {
      tau,
      vth,
      vReset,
      ...thresholds(spec, isExact, isRectangle ? slopes.parameters : {}),
    },
    forward: isExact ? [] : phi,
    backward: [...new Set(isRectangle ? bend : [...phi, ...bend, ...step])],
    isExact,
    isRectangle,
    spec,
  };
}

/** The least H that fires, the rectangle's window low < H < high, and its height. */
function thresholds(
  { rectifier, vth }: NeuronSpec,
  isExact: boolean,
  { window, scale = 1 }: Readonly<Record<string, number>>,
): Pick<Constants, 'fire' | 'low' | 'high' | 'height'> {
  if (!isExact) return { fire: 0, low: 0, high: 0, height: 0 };
  const potential = (h: number) => (rectifier === undefined ? h : rectifier.value(h)) - vth;
  const fire = firstFloat((h) => potential(h) >= 0) ?? Number.POSITIVE_INFINITY;
  if (window === undefined) return { fire, low: 0, high: 0, height: 0 };
  const first = firstFloat((h) => potential(h) > -window / 2);
  return {
    fire,
    low: first === undefined ? Number.POSITIVE_INFINITY : floatBefore(first),
    high: firstFloat((h) => potential(h) >= window / 2) ?? Number.POSITIVE_INFINITY,
    height: scale / window,
  };
}

/** How a language names the scalars and the functions, and writes a choice. */
export interface FormulaLanguage {
  constant(name: keyof Constants): string;
  call(name: string, argument: string): string;
  choose(condition: string, yes: string, no: string): string;
  number(value: number): string;
  declare(name: string, value: string): string;
}

export const wgsl: FormulaLanguage = {
  constant: (name) => `params.${name}`,
  call: (name, argument) => `fn_${name}(${argument})`,
  choose: (condition, yes, no) => `select(${no}, ${yes}, ${condition})`,
  number: (value) => `${value}.0`,
  declare: (name, value) => `let ${name} : f32 = ${value};`,
};

export const javaScript: FormulaLanguage = {
  constant: (name) => name,
  call: (name, argument) => `${name}(${argument})`,
  choose: (condition, yes, no) => `(${condition} ? ${yes} : ${no})`,
  number: (value) => `${value}`,
  declare: (name, value) => `const ${name} = ${value};`,
};

/** H from v, the potential carried over, and an input. */
export function charge({ constant }: FormulaLanguage, { dynamics }: NeuronSpec, input: string): string {
  return dynamics === 'leak' ? `${constant('tau')} * v + ${input}` : `v + ${constant('tau')} * ${input}`;
}

/** Whether h fires. */
export function fires({ constant, call }: FormulaLanguage, { isExact }: NeuronFormulas): string {
  return isExact ? `h >= ${constant('fire')}` : `${call('phi', 'h')} >= ${constant('vth')}`;
}

/** V after h, which fired or not. */
export function carry(dialect: FormulaLanguage, formulas: NeuronFormulas): string {
  const { constant, choose } = dialect;
  const after = formulas.spec.reset === 'hard' ? constant('vReset') : `h - ${constant('vth')}`;
  return choose(fires(dialect, formulas), after, 'h');
}

/**
 * Statements that go from v, the gradient of V[t], h and the gradient g of O[t] to `dh`: dO/dH is
 * surrogate'(φ(H) - vth)·φ'(H), and φ' counts only where the surrogate is not zero.
 */
export function backwardStep(dialect: FormulaLanguage, formulas: NeuronFormulas): string {
  const { constant, call, choose, number, declare } = dialect;
  const { spec, isRectangle } = formulas;
  const { rectifier, reset, detachReset } = spec;
  const rectified = rectifier === undefined ? 'h' : call('phi', 'h');
  const lines = [
    declare(
      'steep',
      isRectangle
        ? choose(`h > ${constant('low')} && h < ${constant('high')}`, constant('height'), number(0))
        : call('surrogate', `${rectified} - ${constant('vth')}`),
    ),
  ];
  const slope =
    rectifier === undefined
      ? 'steep'
      : choose(`steep == ${number(0)}`, number(0), `steep * ${call('bend', 'h')}`);
  lines.push(declare('slope', slope));
  const drop = reset === 'hard' ? `(${constant('vReset')} - h)` : `(-${constant('vth')})`;
  const reached = detachReset ? 'g' : `(g + v * ${drop})`;
  const kept = reset === 'hard' ? choose(fires(dialect, formulas), number(0), 'v') : 'v';
  lines.push(declare('dh', `${kept} + ${reached} * slope`));
  return lines.join('\n');
}

/** dX[t] and the gradient of V[t-1] from dh. */
export function spread(
  { constant }: FormulaLanguage,
  { dynamics }: NeuronSpec,
): { input: string; carried: string } {
  const scaled = `${constant('tau')} * dh`;
  return dynamics === 'leak' ? { input: 'dh', carried: scaled } : { input: scaled, carried: 'dh' };
}
