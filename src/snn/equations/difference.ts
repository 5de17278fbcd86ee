// Differential equations as the step of differences that their method makes of them, to be read, changed and kept: a
// neuron in a file becomes another that gives the same numbers.

import { SpikegradError } from '../../errors';
import { type Expr, type NeuronModel, valuesOfStep } from '../../neurons';
import { div, spike } from '../../neurons/graph/expression';
import { print } from '../../neurons/graph/print';
import { type Replace, Simplifier } from '../../neurons/graph/simplify';
import { type NeuronFile, neuronFromJson, neuronToJson } from './file';

/** Longer steps than this are not to be read: constants become numbers. */
const READABLE = 600;

/**
 * The same neuron with its step written out, where its equations are differential ones; else the neuron as it is. Where
 * the step stays short its constants keep their names; a surrogate's width is in the argument of `spike`.
 * @throws as {@link neuronFromJson} for what is no neuron
 */
export function differenceForm(file: NeuronFile): NeuronFile {
  const model = neuronFromJson(file);
  const { differential } = model;
  if (differential === undefined) return file;
  const whole = neuronToJson(model);
  const { parameters = {}, surrogate, functions, start, outputs } = whole;
  // what is learnt keeps its name in the step
  const named = attempt({
    ...whole,
    parameters: mapped(parameters, (value) => ({ learn: typeof value === 'number' ? value : value.learn })),
  });
  const long = named === undefined ? undefined : stepOf(named, differential.width);
  const equations = long !== undefined && long.length <= READABLE ? long : stepOf(model, differential.width);
  const kept = Object.entries(parameters).filter(([name]) => new RegExp(`\\b${name}\\b`).test(equations));
  return { equations, parameters: Object.fromEntries(kept), surrogate, functions, start, outputs };
}

const mapped = <A, B>(record: Readonly<Record<string, A>>, f: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, f(value)]));

function attempt(file: NeuronFile): NeuronModel | undefined {
  try {
    return neuronFromJson(file);
  } catch (error) {
    if (error instanceof SpikegradError) return undefined;
    throw error;
  }
}

/** The assigned values as text, in their order. */
function stepOf(model: NeuronModel, width: number): string {
  const assigned = valuesOfStep(model);
  const replace: Replace = ({ op, surrogate }, [a]) => {
    if (op === 'known') return a;
    return op === 'spike' && width !== 1 ? spike(div(a!, width), surrogate!) : undefined;
  };
  const values: Expr[] = new Simplifier(false).rebuild(
    assigned.map(({ value }) => value),
    replace,
    true,
  );
  return print(assigned.map(({ name }, k) => ({ name, value: values[k]! })));
}
