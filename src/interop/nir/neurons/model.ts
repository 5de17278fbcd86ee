// NIR's neurons as equations, one Euler step of dt at a time. With keep = 1 - dt/tau, drive = dt·r/tau,
// leak = dt·v_leak/tau (of integrators: 1, dt·r, 0), as constants.ts finds them:
//
//   current (Cuba…)   I[t] = (1 - dt/tau_syn)·I[t-1] + dt·w_in/tau_syn·X[t]     else I[t] = X[t]
//   charge            V = keep·V[t-1] + drive·I[t] + leak
//   fire (…IF)        O[t] = 1 where V > v_threshold: strictly, where this library's own neuron fires on >=
//   reset             V[t] = v_reset where it fired, else V
//
// I, LI and CubaLI give V, the others O. The gradient of O is the paper's rectangle of window 1.

import { learnable, type NeuronModel, neuron } from '../../../neurons';
import { channelLast } from '../attributes';
import type { NirArray } from '../graph';
import type { NeuronConstants } from './constants';

/** A neuron, and those of its constants that are not one number for all. */
export interface NirModel {
  readonly model: NeuronModel;
  /** By name, channels last. */
  readonly constants: ReadonlyMap<string, NirArray>;
}

/** Models by their equations and numbers: layers of one kind share what is compiled for them. */
const made = new Map<string, WeakRef<NeuronModel>>();

export function nirModel({ keep, drive, leak, synapse, spike }: NeuronConstants): NirModel {
  const charge = `keep*v + drive*${synapse === undefined ? 'x' : 'i'}${leak === undefined ? '' : ' + leak'}`;
  const text = [
    ...(synapse === undefined ? [] : ['i = synapse_keep*i + synapse_drive*x']),
    ...(spike === undefined
      ? [`v = ${charge}`]
      : [`h = ${charge}`, 'spikes = spike(h > threshold)', 'v = h*(1 - spikes) + reset*spikes']),
  ].join('\n');
  const arrays = Object.entries({
    keep,
    drive,
    leak,
    synapse_keep: synapse?.keep,
    synapse_drive: synapse?.drive,
    threshold: spike?.threshold,
    reset: spike?.reset,
  }).filter((entry): entry is [string, NirArray] => entry[1] !== undefined);
  const isOne = ({ data }: NirArray) => data.every((value) => value === data[0]);
  const numbers = arrays
    .filter(([, array]) => isOne(array))
    .map(([name, { data }]) => [name, data[0]!] as const);
  const others = arrays.filter(([, array]) => !isOne(array));
  const key = JSON.stringify([text, numbers]);
  let model = made.get(key)?.deref();
  if (model === undefined) {
    const each = others.map(([name]) => [name, learnable(0, { per: 'channel' })] as const);
    // what comes out is named: an integrator's `v`
    model = neuron(text, { parameters: { ...Object.fromEntries(numbers), ...Object.fromEntries(each) } });
    made.set(key, new WeakRef(model));
  }
  return { model, constants: new Map(others.map(([name, array]) => [name, channelLast(array)])) };
}
