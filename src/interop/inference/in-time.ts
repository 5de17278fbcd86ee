// Layers with a memory as steps of inference: neurons of Lif and of equations, and delays.

import { check } from '../../errors';
import type { NeuronModel } from '../../neurons';
import { sharedModel } from '../shared-model';
import { placeOf } from './exportable';
import type { Base, InferenceStep, Output } from './graph';
import { type Described, type FoldedWeights, valuesByChannel } from './weights';

type StepOf<Kind extends InferenceStep['kind']> = Extract<InferenceStep, { kind: Kind }>;

/** MPR centred on the threshold changes no spike and drops out. @throws for any other rectifier */
export function lifStep(
  where: string,
  { path, neuron }: Described<'neuron'>,
  { shape }: Output,
  base: Base,
): StepOf<'neuron'> {
  check(
    neuron.keepsSpikes,
    where,
    () =>
      `${placeOf(path)}: its rectifier ${neuron.rectifier?.name} may change spikes, and files have no place for it; only MPR centred on the threshold can be left out of an export`,
  );
  const { dynamics, tau, vth, vReset, reset } = neuron;
  return { ...base, kind: 'neuron', shape, neuron: { dynamics, tau, vth, vReset, reset } };
}

/** @param unique makes a name that no other step has */
export async function equationsStep(
  where: string,
  layer: Described<'equations'>,
  { shape, image }: Output,
  base: Base,
  weights: FoldedWeights,
  unique: (name: string) => string,
): Promise<StepOf<'equations'>> {
  const { model, learned } = await weights.neuron(layer);
  const values = [...learned].map(
    ([name, numbers]) => [name, numbers.length > 1 ? valuesByChannel(numbers, image) : numbers] as const,
  );
  const step = { ...base, kind: 'equations' as const, shape, model, learned: new Map(values) };
  if (!layer.recurrent) return step;
  check(
    image === undefined && shape.length === 1,
    where,
    () =>
      `${placeOf(layer.path)}: its output comes back as input and is of images, which files have no map for`,
  );
  return { ...step, feedback: { name: unique(`${base.name}_feedback`), ...(await weights.feedback(layer)) } };
}

/** @throws for delays that are learnt or no whole steps */
export function delayStep(
  where: string,
  { path, steps }: Described<'delay'>,
  { shape, image }: Output,
  base: Base,
): StepOf<'delay'> {
  check(
    steps?.every(Number.isInteger) ?? false,
    where,
    () =>
      `${placeOf(path)}: its delays ${steps === null ? 'are learnt' : 'are no whole steps'}, files have those alone`,
  );
  const delay = steps!.length > 1 ? [...valuesByChannel(Float64Array.from(steps!), image)] : steps!;
  return { ...base, kind: 'delay', shape, delay };
}

/** Of which the mean over time is the sum over time, or the last step. */
export function stepsWeighted(kind: 'timeSum' | 'lastStep', steps: number): NeuronModel {
  const lines =
    kind === 'timeSum'
      ? ['out = steps*x']
      : ['count = count + 1', 'out = select(count >= steps, steps*x, 0)'];
  return sharedModel(lines, { steps }, { output: 'out' });
}
