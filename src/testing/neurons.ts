// Well-formed neurons that fast-check draws: equations of some states, with selections, detachments and the usual
// functions, whose values stay near 1 whatever comes in.

import fc from 'fast-check';
import { arctan, fastSigmoid, learnable, type NeuronModel, neuron, sigmoidal, triangular } from '../neurons';
import { type OptionsOf, option, optionTable, whole } from '../options';

/** Limits of the neurons that are drawn. */
export interface NeuronConstraints {
  /** States at most, called v, a and b. Default 3. */
  maxStates?: number;
  /** How deep expressions are nested at most. Default 3. */
  maxDepth?: number;
}

export const neuronConstraints = optionTable({
  maxStates: option(whole({ least: 1, most: 3 }), 3),
  maxDepth: option(whole({ least: 0, most: 6 }), 3),
} satisfies OptionsOf<NeuronConstraints>);

/** Expressions of these names; none of them grows. */
const expression = (names: readonly string[], maxDepth: number): fc.Arbitrary<string> =>
  fc.letrec<{ all: string }>((tie) => {
    const part = tie('all');
    const of = (...write: ((a: string, b: string, c: string) => string)[]) =>
      fc.tuple(fc.constantFrom(...write), part, part, part).map(([f, a, b, c]) => f(a, b, c));
    return {
      all: fc.oneof(
        { maxDepth },
        { weight: 4, arbitrary: fc.constantFrom(...names) },
        fc.integer({ min: -90, max: 90 }).map((n) => `(${(n / 100).toFixed(2)})`),
        of(
          (a, b) => `0.5*(${a} + ${b})`,
          (a, b) => `(${a} - ${b}/2)`,
          (a, b) => `(${a}*tanh(${b}))`,
          (a, b) => `(${a}/(1.5 + abs(${b})))`,
          (a, b) => `max(${a}, 0.5*${b})`,
          (a, b) => `min(${a}, ${b} + 0.3)`,
        ),
        of(
          (a, b, c) => `(${a} < ${b} ? ${c} : 0.5*${a})`,
          (a, b, c) => `(${a} <= 0.3 and not (${b} < -0.2) ? ${c} : ${b})`,
          (a, b, c) => `select(${a} >= ${b} or ${c} < 0, ${a}, ${c})`,
        ),
        of(
          (a) => `(-(${a}))`,
          (a) => `sigmoid(${a})`,
          (a) => `exp(-abs(${a}))`,
          (a) => `sin(${a})`,
          (a) => `cos(${a})`,
          (a) => `arctan(${a})`,
          (a) => `erf(${a})`,
          (a) => `sech2(${a})`,
          (a) => `sqrt(1 + (${a})^2)`,
          (a) => `tanh(${a})^3`,
          (a) => `detach(${a})`,
        ),
      ),
    };
  }).all;

/**
 * Neurons that fire, of one to three states v, a and b: `h` is what is charged, `p` a learnable parameter of the layer
 * and `q` one of each channel. They print as their equations.
 */
export function neurons(constraints: NeuronConstraints = {}): fc.Arbitrary<NeuronModel> {
  const { maxStates, maxDepth } = neuronConstraints.read('neurons', constraints);
  return fc
    .integer({ min: 1, max: maxStates })
    .chain((count) => {
      const states = ['v', 'a', 'b'].slice(0, count);
      const known = ['x', ...states, 'p', 'q'];
      return fc.tuple(
        fc.constant(states),
        expression(known, maxDepth),
        expression([...known, 'h'], Math.min(1, maxDepth)),
        fc.tuple(...states.map(() => expression([...known, 'h', 'spikes'], maxDepth))),
        fc.constantFrom(arctan(), triangular(), sigmoidal(), fastSigmoid()),
        fc.boolean(),
      );
    })
    .map(([states, h, u, next, surrogate, both]) => {
      const model = neuron(
        [
          `h = 0.5*${states.join(' + 0.4*')} + p*x + 0.3*${h}`,
          `spikes = spike(h - 0.4 + 0.2*tanh(${u}) + 0*q)`,
          ...states.map(
            (name, k) => `${name} = tanh(0.7*${name} + ${next[k]})${k === 0 ? '*(1 - spikes)' : ''}`,
          ),
        ].join('\n'),
        {
          parameters: { p: learnable(0.8), q: learnable(0.3, { per: 'channel' }) },
          surrogate,
          outputs: both ? ['spikes', 'h'] : ['spikes'],
          start: both ? { v: 0.1 } : {},
        },
      );
      return printing(model);
    });
}

/** The model, which fast-check shows as its equations: its expressions would fill pages. */
function printing(model: NeuronModel): NeuronModel {
  const value = () => `neuron(\`\n${model.text}\n\`)`;
  return Object.freeze(Object.defineProperty({ ...model }, fc.toStringMethod, { value }));
}
