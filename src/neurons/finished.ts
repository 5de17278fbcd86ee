// The last of making a neuron: what comes out of it, and whether everything that is learnt is used.

import { check } from '../errors';
import { shown } from '../options';
import { inOrder } from './graph/expression';
import type { Assigned, NeuronModel } from './model';
import { list } from './parts';

/** A neuron of which it may not be said yet what comes out. */
export type Unfinished = Omit<NeuronModel, 'outputs'> & { readonly outputs: readonly string[] | undefined };

/** Chooses and checks what comes out, and what the equations use. */
export function finished(model: Unfinished): NeuronModel {
  const { assigned, parameters, states } = model;
  const outputs = model.outputs ?? [defaultOutput(assigned)];
  check(outputs.length > 0, 'neuron', 'outputs names nothing that comes out');
  check(new Set(outputs).size === outputs.length, 'neuron', 'outputs names one value twice');
  for (const name of outputs)
    check(
      assigned.some((value) => value.name === name),
      'neuron',
      () =>
        `outputs names ${shown(name)}, which nothing assigns; assigned are ${list(assigned.map((a) => a.name))}`,
    );
  const used = new Set(inOrder([...assigned.map(({ value }) => value), ...states.map(({ next }) => next)]));
  for (const { name, leaf, learnable } of parameters)
    check(
      learnable === undefined || used.has(leaf),
      'neuron',
      () => `the learnable parameter ${name} is in no equation: it would never get a gradient`,
    );
  return Object.freeze({ ...model, outputs: Object.freeze([...outputs]) });
}

function defaultOutput(assigned: readonly Assigned[]): string {
  if (assigned.some(({ name }) => name === 'spikes')) return 'spikes';
  const isFiring = inOrder(assigned.map(({ value }) => value)).some(({ op }) => op === 'spike');
  check(!isFiring, 'neuron', 'no equation says what `spikes` is; or name what comes out in outputs');
  return assigned.at(-1)!.name;
}
