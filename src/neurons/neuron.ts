// neuron(): a spiking neuron as its user writes it, equations as text or functions that TypeScript checks, made a
// model.

import { anObject, checkKind, kind } from '../options';
import { fromDefinition } from './definition';
import { differentialStep } from './differential/step';
import type { NeuronModel } from './model';
import type { NeuronDefinition, NeuronOptions } from './options';
import { slopeOf } from './parts';
import { checkStart, fromText, type ReadLines, textFunctionsOf } from './text-model';

/**
 * A spiking neuron from its equations, one step of it: one assignment a line (or between semicolons), in order. What
 * is read before it is assigned is state and starts at 0; `x` is the input; `spike(u)` is 1 where u >= 0, and
 * `spike(v > vth)` where that holds, with the surrogate's slope for a derivative.
 *
 * ```ts
 * const alif = neuron(`
 *   h = tau*v + x
 *   spikes = spike(h - vth - beta*a)
 *   v = h*(1 - spikes)
 *   a = rho*a + spikes
 * `, { parameters: { tau: learnable(0.9), rho: 0.95, beta: 0.2, vth: 1 }, surrogate: arctan() });
 * ```
 *
 * Operators are + - * / ^ (or **), comparisons, and, or, not, `c ? a : b`; `detach(…)` cuts a gradient off. Equations
 * without a spike are a read-out. Or the same as functions: `neuron({ state: { v: 0 }, parameters, step })`.
 *
 * Lines that are derivatives make differential equations of the text, which `method` turns into such a step:
 *
 * ```ts
 * const adaptive = neuron(`
 *   dv/dt = (x - v - w)/tau
 *   dw/dt = (a*v - w)/tau_w
 * `, { threshold: 'v > 1', reset: 'v = 0; w += b', parameters: { tau: learnable(20), tau_w: 100, a: 0.1, b: 0.2 } });
 * ```
 *
 * All derivatives are of one moment; `v' = …` is the same as `dv/dt = …`; other lines are sub-expressions. In each step
 * the states are integrated, the threshold is compared, a spike resets.
 * @throws EquationError at the line and column of a mistake in the text
 */
export function neuron<P extends string>(text: string, options?: NeuronOptions<P>): NeuronModel;
export function neuron<S extends string, P extends string = never>(
  definition: NeuronDefinition<S, P>,
): NeuronModel;
export function neuron(
  given: string | NeuronDefinition<string, string>,
  options: NeuronOptions = {},
): NeuronModel {
  if (typeof given === 'string') return fromText(given, options, fromDifferential);
  checkKind('neuron', 'equations', anEquationSource, given);
  return fromDefinition(given);
}

const anEquationSource = kind<NeuronDefinition<string, string>>(
  'equations in text, or { state, parameters, step }',
  (value) => anObject.holds(value) && typeof value.step === 'function' && anObject.holds(value.state),
);

const fromDifferential: ReadLines = (text, equations, parameters, options) => {
  const functions = textFunctionsOf(options.functions);
  checkStart(
    options.start,
    equations.filter(({ kind }) => kind === 'derivative').map(({ name }) => name),
  );
  const { reads, ...step } = differentialStep(
    { ...options, text, equations, parameters, functions },
    slopeOf,
  );
  return { ...step, reads: (name) => reads.has(name) };
};
