// A function of one variable as a neuron without state: y = f(x), or f'(x). So what runs neurons runs functions.

import { oneFor } from './built-in';
import { fromDefinition } from './definition';
import { custom, customSlope, type NumberFunction } from './graph/expression';
import type { NeuronModel } from './model';

const known = { value: new WeakMap<object, NeuronModel>(), derivative: new WeakMap<object, NeuronModel>() };

/** The neuron, made once. */
export function functionModel(given: NumberFunction, which: 'value' | 'derivative'): NeuronModel {
  const f = oneFor(given);
  const make = which === 'value' ? custom : customSlope;
  const model = known[which].get(f) ?? fromDefinition({ state: {}, step: (_, x) => ({ y: make(f, x) }) });
  known[which].set(f, model);
  return model;
}
