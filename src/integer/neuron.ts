// Which neurons integers can carry: those whose membrane keeps a share of itself, takes a share of the input, fires
// from a threshold on and is then set to a number or brought down by one: LIF and IF, by either reset, and LI.

import type { InferenceStep } from '../interop/inference/graph';
import { linearNeuron } from '../interop/nir/neurons/recognise';

/** H = keep·V + drive·x + rest, fires where H >= threshold, V = fired ? (soft ? H - drop : drop) : H. */
export interface NeuronLine {
  readonly keep: number;
  readonly drive: number;
  readonly rest: number;
  /** Undefined: it does not fire. */
  readonly fires: { readonly threshold: number; readonly drop: number; readonly soft: boolean } | undefined;
}

/** @returns what it is, or why integers cannot be it */
export function integerNeuron(
  step: Extract<InferenceStep, { kind: 'neuron' | 'equations' }>,
): NeuronLine | string {
  const line = step.kind === 'neuron' ? ofConstants(step.neuron) : ofEquations(step);
  if (typeof line === 'string') return line;
  const { keep, drive } = line;
  if (!(keep >= 0 && keep <= 1)) return `its membrane keeps ${keep} of itself, no share from 0 to 1`;
  if (!(drive > 0)) return `it takes ${drive} of its input, which must be above 0`;
  return line;
}

function ofConstants({
  dynamics,
  tau,
  vth,
  vReset,
  reset,
}: Extract<InferenceStep, { kind: 'neuron' }>['neuron']): NeuronLine {
  const soft = reset === 'soft';
  return {
    keep: dynamics === 'leak' ? tau : 1,
    drive: dynamics === 'leak' ? 1 : tau,
    rest: 0,
    fires: { threshold: vth, drop: soft ? vth : vReset, soft },
  };
}

function ofEquations({
  model,
  learned,
  feedback,
}: Extract<InferenceStep, { kind: 'equations' }>): NeuronLine | string {
  if (feedback !== undefined) return 'its output comes back as input';
  const values = [...learned].map(([name, numbers]) => [name, new Set(numbers)] as const);
  const several = values.find(([, set]) => set.size > 1);
  if (several !== undefined) return `its ${several[0]} has a value for each channel`;
  const found = linearNeuron(model, new Map(values.map(([name, set]) => [name, [...set][0]!])));
  if (found === 'other') return 'its equations are no LIF, IF or LI';
  if (typeof found === 'string') return `its equations have ${found === 'no reset' ? 'no' : 'a soft'} reset`;
  if (found.synapse !== undefined) return 'it has a synaptic current';
  const { keep, drive, leak: rest, spike } = found;
  return {
    keep,
    drive,
    rest,
    fires: spike && { threshold: spike.threshold, drop: spike.reset, soft: false },
  };
}
