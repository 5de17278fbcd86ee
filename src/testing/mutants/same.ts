// Whether two neurons are one and the same, so that no test can tell them apart: the same starts, and after
// simplification the same values and gradients of a step.

import type { NeuronModel } from '../../neurons';
import { derive } from '../../neurons/graph/derive';
import { print } from '../../neurons/graph/print';

/** What a neuron is to those who run it, whatever its lines are; the surrogate is taken for the same. */
function essence(model: NeuronModel): string {
  const { outputs, next, dx, dState, dParameter } = derive(model, false);
  const { states, parameters } = model;
  const named = (stem: string, values: typeof next) =>
    values.map((value, k) => ({ name: `${stem}${k}`, value }));
  // states in the order of their names: that of the lines means nothing
  const order = states.map((_, k) => k).sort((a, b) => (states[a]!.name < states[b]!.name ? -1 : 1));
  const sorted = <T>(list: readonly T[]): T[] => order.map((k) => list[k]!);
  const lines = [
    ...named('output', outputs),
    ...named('next', sorted(next)),
    ...named('dx', [dx]),
    ...named('dstate', sorted(dState)),
    ...named('dparameter', dParameter),
  ];
  return JSON.stringify([
    model.outputs,
    sorted(states).map(({ name, start }) => [name, start]),
    parameters.flatMap(({ name, value, learnable }) => (learnable === undefined ? [] : [[name, value]])),
    print(lines),
  ]);
}

/** @param b of the same surrogate */
export const isSame = (a: NeuronModel, b: NeuronModel): boolean => essence(a) === essence(b);
