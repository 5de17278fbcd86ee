// checkNeuron: what every spiking neuron has to keep, as far as it shows its inside.

import type { Tensor } from '../../../core/tensor';
import { anObject, callback, called, checkKind, either, kind } from '../../../options';
import type { LifOptions } from '../../../snn/options';
import { inputCurrents } from '../../currents';
import { holdLaws, type LawOptions, type LawReport, lawOptions } from '../hold';
import { formLaws } from './forms';
import { gradientLaw } from './gradient';
import { insideLaws } from './inside';
import { outsideLaws } from './outside';
import { checkOwnNeuron, lifSubject, type OwnNeuron } from './subject';

const aNeuron = either(
  callback<(currents: Tensor) => Tensor>('a function from currents to spikes'),
  kind<LifOptions | OwnNeuron>('options of lif or { spikes(currents), … }', anObject.holds, called),
);

/** A sequence costs about a millisecond. */
const RUNS = 100;

function subjectOf(neuron: LifOptions | OwnNeuron | ((currents: Tensor) => Tensor)): OwnNeuron {
  if (typeof neuron === 'function') return { name: neuron.name, spikes: neuron };
  if (!('spikes' in neuron)) return lifSubject(neuron);
  checkOwnNeuron(neuron);
  return neuron;
}

/**
 * Tries the laws of a neuron in f64 on the cpu backend, whatever backend is active: binary, same again, causal, batch;
 * traced, threshold, reset, decay; pieces, unrolled; gradient.
 * @param neuron options of `lif`, a function from currents [T,B,N] to spikes [T,B,N], or such a function with its
 *   inside: the more it shows, the more is checked
 * @returns the laws that held (100 draws each by default), and in `notChecked` what the others would need
 * @throws LawBroken with the simplest counterexample to each law that fails
 */
export function checkNeuron(
  neuron: LifOptions | OwnNeuron | ((currents: Tensor) => Tensor),
  options: LawOptions = {},
): LawReport {
  const given = lawOptions.read('checkNeuron', options);
  checkKind('checkNeuron', 'neuron', aNeuron, neuron);
  const subject = subjectOf(neuron);
  const currents = inputCurrents({ maxSteps: 5, maxBatch: 3, maxNeurons: 3 });
  const few = inputCurrents({ maxSteps: 4, maxBatch: 1, maxNeurons: 2 });
  const laws = [
    ...outsideLaws(subject, currents),
    ...insideLaws(subject, currents),
    ...formLaws(subject, currents),
    gradientLaw(subject, few),
  ];
  const named = { where: 'checkNeuron', name: subject.name || 'the neuron', argument: 'neuron', given: {} };
  return holdLaws(named, laws, given, RUNS);
}
