// A neuron's constants as the equations that they mean (snn/lif.ts has them): charge, fire, reset.

import { formulaIn, type NeuronModel, neuron } from '../../../neurons';
import { madeOf } from '../../../neurons/built-in';
import type { NeuronSpec, ScalarFunction } from '../../backend';

const known = new WeakMap<NeuronSpec, NeuronModel>();
const alike = new Map<string, NeuronModel>();

const own = new WeakMap<object, number>();
let owns = 0;

/** Functions of the library are alike where their constants are; those of others are only themselves. */
function identityOf(f: ScalarFunction): unknown {
  const made = madeOf(f);
  if (made !== undefined) return made;
  const found = own.get(f.derivative) ?? owns++;
  own.set(f.derivative, found);
  return [found, f.parameters];
}

/** The neuron; undefined where it calls what only JavaScript can. Those of the same constants are the same. */
export function modelOf(spec: NeuronSpec): NeuronModel | undefined {
  const found = known.get(spec);
  if (found !== undefined) return found;
  const { rectifier, surrogate, ...rest } = spec;
  if (formulaIn(surrogate) === undefined) return undefined;
  if (rectifier !== undefined && formulaIn(rectifier) === undefined) return undefined;
  const key = JSON.stringify([rest, identityOf(surrogate), rectifier && identityOf(rectifier)]);
  const model = alike.get(key) ?? made(spec);
  alike.set(key, model);
  known.set(spec, model);
  return model;
}

function made({
  dynamics,
  tau,
  vth,
  vReset,
  reset,
  detachReset,
  rectifier,
  surrogate,
}: NeuronSpec): NeuronModel {
  const charge = dynamics === 'leak' ? 'tau*v + x' : 'v + tau*x';
  const drop = reset === 'soft' ? 'h - vth*o' : vReset === 0 ? 'h*(1 - o)' : 'h*(1 - o) + vReset*o';
  const parameters: Record<string, number> = { tau, vth };
  if (drop.includes('vReset')) parameters.vReset = vReset;
  return neuron(
    `h = ${charge}
     spikes = spike(${rectifier === undefined ? 'h' : 'phi(h)'} - vth)
     o = ${detachReset ? 'detach(spikes)' : 'spikes'}
     v = ${drop}`,
    {
      parameters,
      functions: rectifier === undefined ? {} : { phi: rectifier },
      surrogate,
    },
  );
}
