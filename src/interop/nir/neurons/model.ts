// NIR's neurons as equations, one Euler step of dt at a time. With keep = 1 - dt/tau, drive = dt·r/tau,
// leak = dt·v_leak/tau (of integrators: 1, dt·r, 0), as constants.ts finds them:
//
//   current (Cuba…)   I[t] = (1 - dt/tau_syn)·I[t-1] + dt·w_in/tau_syn·X[t]     else I[t] = X[t]
//   charge            V = keep·V[t-1] + drive·I[t] + leak
//   fire (…IF)        O[t] = 1 where V > v_threshold: strictly, where this library's own neuron fires on >=
//   reset             V[t] = v_reset where it fired, else V
//
// Other tools fire and reset otherwise: convention.ts says who, FIRES says how.
//
// I, LI and CubaLI give V, the others O. The gradient of O is the paper's rectangle of window 1.

import type { NeuronModel } from '../../../neurons';
import { sharedModel } from '../../shared-model';
import { channelLast } from '../attributes';
import type { SpikeRule } from '../convention';
import type { NirArray } from '../graph';
import type { NeuronConstants } from './constants';

/** A neuron, and those of its constants that are not one number for all. */
export interface NirModel {
  readonly model: NeuronModel;
  /** By name, channels last. */
  readonly constants: ReadonlyMap<string, NirArray>;
}

const set = (comparison: string) => (added: string) => [
  `h = keep*v + ${added}`,
  `spikes = spike(h ${comparison} threshold)`,
  'v = h*(1 - spikes) + reset*spikes',
];

/** Membrane and spikes of a step. @param behind whether a current charges it */
const FIRES: { readonly [firing in SpikeRule]: (added: string, behind: boolean) => readonly string[] } = {
  above: set('>'),
  from: set('>='),
  several: (added) => [
    `h = keep*v + ${added}`,
    'spikes = spike(h >= threshold)*floor(h/threshold)',
    'v = h - threshold*spikes',
  ],
  late: (added) => [
    `h = keep*v + ${added} - threshold*detach(spikes)`,
    'spikes = spike(h > threshold)',
    'v = h',
  ],
  // a neuron behind a current is reset before it leaks, one without after it
  delayed: (added, behind) => [
    'spikes = spike(v > threshold)',
    behind ? `v = keep*(v - threshold*spikes) + ${added}` : `v = keep*v + ${added} - threshold*spikes`,
  ],
  ahead: (added, behind) => [
    behind ? `v = keep*(v - threshold*spikes) + ${added}` : `v = keep*v + ${added} - threshold*spikes`,
    'spikes = spike(v > threshold)',
  ],
};
/** Those that are set to v_reset. */
const RESETS: ReadonlySet<SpikeRule> = new Set(['above', 'from']);

export function nirModel({ keep, drive, leak, synapse, spike }: NeuronConstants): NirModel {
  const added = `drive*${synapse === undefined ? 'x' : 'i'}${leak === undefined ? '' : ' + leak'}`;
  const current = synapse === undefined ? [] : ['i = synapse_keep*i + synapse_drive*x'];
  const membrane =
    spike === undefined ? [`v = keep*v + ${added}`] : FIRES[spike.firing](added, synapse !== undefined);
  const arrays = Object.entries({
    keep,
    drive,
    leak,
    synapse_keep: synapse?.keep,
    synapse_drive: synapse?.drive,
    threshold: spike?.threshold,
    reset: spike && RESETS.has(spike.firing) ? spike.reset : undefined,
  }).filter((entry): entry is [string, NirArray] => entry[1] !== undefined);
  const isOne = ({ data }: NirArray) => data.every((value) => value === data[0]);
  const numbers = arrays
    .filter(([, array]) => isOne(array))
    .map(([name, { data }]) => [name, data[0]!] as const);
  const others = arrays.filter(([, array]) => !isOne(array));
  // what comes out is named: an integrator's `v`
  const each = others.map(([name]) => name);
  const model = sharedModel([...current, ...membrane], Object.fromEntries(numbers), { each });
  return { model, constants: new Map(others.map(([name, array]) => [name, channelLast(array)])) };
}
