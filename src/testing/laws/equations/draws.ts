// What neurons of equations are tried with: currents as strong as theirs, and states that they can have.

import fc from 'fast-check';
import type { NeuronModel } from '../../../neurons';
import type { TensorData } from '../../arbitraries';
import { type CurrentConstraints, inputCurrents } from '../../currents';
import { simplest } from '../simplest';
import type { Drive } from './drive';
import type { States } from './run';

/** Currents from -2 to 4 times what makes the neuron fire, as `inputCurrents` has them for the paper's threshold. */
export function currentsFor(
  { amount = 1 }: Drive,
  limits: CurrentConstraints = {},
): fc.Arbitrary<TensorData> {
  return inputCurrents({ min: -2 * amount, max: 4 * amount, ...limits });
}

/** A share of how far a state goes: in [-1, 1]. */
export const share: fc.Arbitrary<number> = simplest(
  fc.integer({ min: -(2 ** 20), max: 2 ** 20 }).map((i) => i / 2 ** 20),
  -1,
  1,
);

/** Currents, and where each state is before them. */
export interface Begun {
  readonly x: TensorData;
  readonly initial: States;
}

/** The same currents from states around where they start. */
export function begun(
  model: NeuronModel,
  { reach }: Drive,
  currents: fc.Arbitrary<TensorData>,
): fc.Arbitrary<Begun> {
  return currents.chain((x) => {
    const [, batch, neurons] = x.shape as [number, number, number];
    const length = batch * neurons;
    return fc
      .tuple(...model.states.map(() => fc.array(share, { minLength: length, maxLength: length })))
      .map((shares) => ({
        x,
        initial: Object.fromEntries(
          model.states.map(({ name, start }, k) => [
            name,
            { data: shares[k]!.map((part) => start + part * reach[k]!), shape: [batch, neurons] },
          ]),
        ),
      }));
  });
}

/** The states of a counterexample, a line each. */
export const writtenStates = (initial: States): string[] =>
  Object.entries(initial).map(([name, { data }]) => `${name} before: ${data.join(', ')}`);
