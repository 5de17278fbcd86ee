// checkNeuron: what every spiking neuron has to keep, as far as it shows its inside.

import type { Tensor } from '../../../core/tensor';
import { check } from '../../../errors';
import { aNeuronModel, type NeuronModel } from '../../../neurons';
import {
  anObject,
  callback,
  called,
  checkKind,
  either,
  kind,
  type OptionsOf,
  optional,
} from '../../../options';
import type { LifOptions } from '../../../snn/options';
import { inputCurrents } from '../../currents';
import { equationLaws } from '../equations';
import { checkForeign } from '../foreign';
import { type ForeignNeuron, isForeign } from '../foreign/subject';
import { holdLaws, type LawOptions, type LawReport, lawOptions, type Unchecked } from '../hold';
import type { Law } from '../law';
import { formLaws } from './forms';
import { gradientLaw } from './gradient';
import { insideLaws } from './inside';
import { outsideLaws } from './outside';
import { checkOwnNeuron, lifSubject, type OwnNeuron } from './subject';

/** How a neuron is checked. */
export interface NeuronCheckOptions extends LawOptions {
  /**
   * Of what `neuron()` makes: the neuron whose equations say what is right, for one that should be the same as another.
   * Default: its own.
   */
  promisedBy?: NeuronModel;
}

export const neuronCheckOptions = /* @__PURE__ */ lawOptions.with({
  promisedBy: optional(aNeuronModel, 'its own'),
} satisfies OptionsOf<Omit<NeuronCheckOptions, keyof LawOptions>>);

type AnyNeuron = NeuronModel | LifOptions | OwnNeuron | ((currents: Tensor) => Tensor);

const aNeuron = either(
  callback<(currents: Tensor) => Tensor>('a function from currents to spikes'),
  kind<Exclude<AnyNeuron, (currents: Tensor) => Tensor>>(
    'what neuron() makes, options of lif, { spikes(currents), … } or { run(currents), … }',
    anObject.holds,
    called,
  ),
);

/** A sequence costs about a millisecond. */
const RUNS = 100;

function subjectOf(neuron: Exclude<AnyNeuron, NeuronModel>): OwnNeuron {
  if (typeof neuron === 'function') return { name: neuron.name, spikes: neuron };
  if (!('spikes' in neuron)) return lifSubject(neuron);
  checkOwnNeuron(neuron);
  return neuron;
}

function lawsOf(subject: OwnNeuron): (Law | Unchecked)[] {
  const currents = inputCurrents({ maxSteps: 5, maxBatch: 3, maxNeurons: 3 });
  const few = inputCurrents({ maxSteps: 4, maxBatch: 1, maxNeurons: 2 });
  return [
    ...outsideLaws(subject, currents),
    ...insideLaws(subject, currents),
    ...formLaws(subject, currents),
    gradientLaw(subject, few),
  ];
}

/**
 * Tries the laws of a neuron that runs elsewhere, in another library or language: numbers go in, numbers come out, at
 * once or later. Binary, same again, causal, batch, rest, fires, fires once and bounded need `run` alone; the others
 * what they say of themselves: threshold, reset, refractory, decay, pieces, otherwise, gradient.
 *
 * ```ts
 * await checkNeuron({ run: async (currents, initial) => ask(currents, initial), decay: 0.9, reset: 'soft', vth: 1 });
 * ```
 *
 * @returns later, the laws that held, and in `notChecked` what the others would need
 * @throws LawBroken with the simplest counterexample to each law that fails: the promise is rejected with it
 */
export function checkNeuron(neuron: ForeignNeuron, options?: NeuronCheckOptions): Promise<LawReport>;
/**
 * Tries the laws of a neuron in f64 on the cpu backend, whatever backend is active: binary, same again, causal, batch;
 * traced, threshold, reset, decay; pieces, unrolled; gradient. Of what `neuron()` makes, those that its equations
 * promise: besides these rest, fires, bounded and refractory; the report says what each means for this neuron, and
 * which do not apply and why.
 * @param neuron what `neuron()` makes, options of `lif`, a function from currents [T,B,N] to spikes [T,B,N], or such a
 *   function with its inside: the more it shows, the more is checked
 * @returns the laws that held (100 draws each by default), and in `notChecked` what the others would need
 * @throws LawBroken with the simplest counterexample to each law that fails
 */
export function checkNeuron(neuron: AnyNeuron, options?: NeuronCheckOptions): LawReport;
export function checkNeuron(
  neuron: AnyNeuron | ForeignNeuron,
  options: NeuronCheckOptions = {},
): LawReport | Promise<LawReport> {
  return isForeign(neuron) ? checkTheirs(neuron, options) : checkOurs(neuron, options);
}

async function checkTheirs(neuron: ForeignNeuron, options: NeuronCheckOptions): Promise<LawReport> {
  const { promisedBy, ...given } = neuronCheckOptions.read('checkNeuron', options);
  check(
    promisedBy === undefined,
    'checkNeuron',
    'promisedBy is for neurons that neuron() makes; one that runs elsewhere says what it promises: { run, vth, decay, … }',
  );
  return checkForeign(neuron, given);
}

function checkOurs(neuron: AnyNeuron, options: NeuronCheckOptions): LawReport {
  const { promisedBy, ...given } = neuronCheckOptions.read('checkNeuron', options);
  checkKind('checkNeuron', 'neuron', aNeuron, neuron);
  const named = { where: 'checkNeuron', argument: 'neuron', given: { promisedBy } };
  if (aNeuronModel.holds(neuron))
    return holdLaws(
      { ...named, name: 'the neuron' },
      equationLaws(neuron, promisedBy ?? neuron),
      given,
      RUNS,
    );
  check(
    promisedBy === undefined,
    'checkNeuron',
    'promisedBy is for neurons that neuron() makes; another neuron shows its inside as { spikes, trace, … }',
  );
  const subject = subjectOf(neuron);
  return holdLaws({ ...named, name: subject.name || 'the neuron' }, lawsOf(subject), given, RUNS);
}
