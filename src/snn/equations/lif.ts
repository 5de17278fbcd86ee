// A LIF neuron's constants as the equations that they mean: charge, fire, reset (cell.ts has them one by one). From
// here on it is a neuron like any other.

import type { NeuronModel, NumberFunction } from '../../neurons';
import { madeOf } from '../../neurons/built-in';
import { Recent } from '../../neurons/recent';
import { fromText } from '../../neurons/text-model';
import type { FusedNeuron } from '../options';

/** Neurons by their constants: of the library's functions, or kept with a function that is none of them. */
const known = new WeakMap<object, Recent<NeuronModel>>();
const ofTheLibrary = {};

const places = new WeakMap<NumberFunction['value'], number>();
let count = 0;

/** A number of its own for each function. */
function placeOf(f: NumberFunction['value']): number {
  const place = places.get(f) ?? count++;
  places.set(f, place);
  return place;
}

/** Functions of the library are alike where their constants are; those of others are only themselves. */
function identityOf(f: NumberFunction | undefined): unknown {
  if (f === undefined) return undefined;
  const made = madeOf(f);
  return made === undefined
    ? [f.name, placeOf(f.value), placeOf(f.derivative)]
    : [made.name, made.parameters];
}

const models = new WeakMap<FusedNeuron, NeuronModel>();

/** The neuron as equations. Those of the same constants are the same, so that each is compiled once. */
export function lifModel(lif: FusedNeuron): NeuronModel {
  const model = models.get(lif) ?? modelOf(lif);
  models.set(lif, model);
  return model;
}

function modelOf(lif: FusedNeuron): NeuronModel {
  const { rectifier, surrogate, ...constants } = lif;
  const own = [surrogate, rectifier].find((f) => f !== undefined && madeOf(f) === undefined);
  const keeper = own?.derivative ?? ofTheLibrary;
  const alike = known.get(keeper) ?? new Recent<NeuronModel>();
  known.set(keeper, alike);
  const key = JSON.stringify([constants, identityOf(surrogate), identityOf(rectifier)]);
  return alike.of(key, () => made(lif));
}

function made(lif: FusedNeuron): NeuronModel {
  const { dynamics, tau, vth, vReset, reset, detachReset, rectifier, surrogate } = lif;
  const charge = dynamics === 'leak' ? 'tau*v + x' : 'v + tau*x';
  const drop = reset === 'soft' ? 'h - vth*o' : vReset === 0 ? 'h*(1 - o)' : 'h*(1 - o) + vReset*o';
  const parameters: Record<string, number> = { tau, vth };
  if (drop.includes('vReset')) parameters.vReset = vReset;
  return fromText(
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
