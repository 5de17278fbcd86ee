// NIR's node for a neuron of one step, from the constants of each of its channels: recognise.ts has the step,
//
//   LIF      tau = dt/(1 - keep),   r = drive/(1 - keep),   v_leak = leak/(1 - keep)      IF, I (keep 1)   r = drive/dt
//   Cuba…    tau_syn = dt/(1 - synapse.keep),   w_in = synapse.drive/(1 - synapse.keep)

import { type Shape, sizeOf } from '../../../backends/shape';
import { check, SpikegradError } from '../../../errors';
import type { InferenceStep } from '../../inference/graph';
import { floats, type NirNode, nirNode } from '../graph';
import { type LinearNeuron, linearNeuron, type Unlike } from './recognise';

type Equations = Extract<InferenceStep, { kind: 'equations' }>;

const REASONS: Readonly<Record<Unlike, string>> = {
  'soft reset': "NIR's neurons are set to v_reset when they fire; it has no soft reset",
  'no reset': "NIR's neurons are set to v_reset when they fire; it has none without reset",
  other:
    'NIR has no node that computes its equations; it has IF, LIF and CubaLIF with a reset to a number, and I, LI and CubaLI',
};

/** @throws for equations that none of NIR's neurons computes */
export function equationsNode(where: string, step: Equations, dt: number): NirNode {
  const { name, model, learned, shape } = step;
  const channels = Math.max(1, ...[...learned.values()].map(({ length }) => length));
  const neurons = Array.from({ length: channels }, (_, channel): LinearNeuron => {
    const values = [...learned].map(
      ([key, numbers]) => [key, numbers[numbers.length === 1 ? 0 : channel]!] as const,
    );
    const found = linearNeuron(model, new Map(values));
    if (typeof found !== 'string') return found;
    throw new SpikegradError(where, `layer ${name}: ${REASONS[found]}`);
  });
  return nodeOf(where, name, neurons, shape, dt);
}

function nodeOf(
  where: string,
  name: string,
  neurons: readonly LinearNeuron[],
  shape: Shape,
  dt: number,
): NirNode {
  const [first] = neurons as [LinearNeuron];
  const each = sizeOf(shape) / neurons.length;
  const every = (of: (neuron: LinearNeuron) => number) => {
    const values = neurons.map(of);
    return floats(
      Float64Array.from({ length: sizeOf(shape) }, (_, i) => values[Math.floor(i / each)]!),
      shape,
    );
  };
  const integrates = neurons.every(({ keep }) => keep === 1);
  check(
    integrates || neurons.every(({ keep }) => keep < 1),
    where,
    () =>
      `layer ${name}: a membrane that keeps ${Math.max(...neurons.map(({ keep }) => keep))} of itself in a step ${
        neurons.some(({ keep }) => keep > 1) ? 'grows by itself' : 'and others less are two kinds of neurons'
      }, which NIR has no node for`,
  );
  const firing = first.spike && {
    v_threshold: every(({ spike }) => spike!.threshold),
    v_reset: every(({ spike }) => spike!.reset),
  };
  if (first.synapse === undefined && integrates) {
    check(
      neurons.every(({ leak }) => leak === 0),
      where,
      () => `layer ${name}: a membrane that forgets nothing and moves by itself is no node of NIR`,
    );
    return nirNode(firing ? 'IF' : 'I', { r: every(({ drive }) => drive / dt), ...firing });
  }
  check(
    !integrates && neurons.every(({ synapse }) => synapse === undefined || synapse.keep < 1),
    where,
    () => `layer ${name}: NIR has no neuron behind a current of which one of both forgets nothing`,
  );
  const leaky = {
    r: every(({ keep, drive }) => drive / (1 - keep)),
    v_leak: every(({ keep, leak }) => leak / (1 - keep)),
    ...firing,
  };
  const tau = every(({ keep }) => dt / (1 - keep));
  if (first.synapse === undefined) return nirNode(firing ? 'LIF' : 'LI', { tau, ...leaky });
  return nirNode(firing ? 'CubaLIF' : 'CubaLI', {
    tau_mem: tau,
    tau_syn: every(({ synapse }) => dt / (1 - synapse!.keep)),
    w_in: every(({ synapse }) => synapse!.drive / (1 - synapse!.keep)),
    ...leaky,
  });
}
