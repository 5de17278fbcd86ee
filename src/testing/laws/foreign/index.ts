// The laws of a neuron that runs elsewhere, as far as it shows its inside.

import { inputCurrents } from '../../currents';
import { holdLaterLaws, type LawOptions, type LawReport, type Unchecked } from '../hold';
import type { LaterLaw } from '../law';
import { outsideLaterLaws } from '../neuron/outside';
import { driveOf } from './drive';
import { gradientInPiecesLaw, gradientLaw } from './gradient';
import { decayLaw, resetLaw, shownBy, thresholdLaw } from './inside';
import { type Foreign, type ForeignNeuron, foreignOf } from './subject';
import { otherwiseLaw, piecesLaw } from './ways';
import { boundedLaw, firesLaw, firesOnceLaw, refractoryLaw, restLaw } from './whole';

/** A process that answers takes some milliseconds for a draw. */
const RUNS = 100;

async function lawsOf(neuron: Foreign): Promise<(LaterLaw | Unchecked)[]> {
  const drive = await driveOf(neuron);
  const shown = await shownBy(neuron);
  const { amount = 1 } = drive;
  // so strong that one step alone may hold two spikes
  const currents = inputCurrents({
    min: -4 * amount,
    max: 8 * amount,
    maxSteps: 5,
    maxBatch: 3,
    maxNeurons: 3,
  });
  return [
    ...outsideLaterLaws(async (x) => (await neuron.run(x)).spikes, currents),
    restLaw(neuron),
    firesLaw(neuron, drive),
    firesOnceLaw(neuron, drive),
    boundedLaw(neuron, drive),
    thresholdLaw(neuron, shown, currents),
    resetLaw(neuron, shown, currents),
    refractoryLaw(neuron, drive),
    decayLaw(neuron, shown, drive),
    piecesLaw(neuron, shown, currents),
    otherwiseLaw(neuron, currents),
    gradientLaw(neuron, drive),
    gradientInPiecesLaw(neuron, drive),
  ];
}

/** @throws LawBroken with the simplest counterexample to each law that fails */
export async function checkForeign(given: ForeignNeuron, options: LawOptions): Promise<LawReport> {
  const neuron = foreignOf(given);
  const subject = {
    where: 'checkNeuron',
    argument: 'neuron',
    name: neuron.parts.name || 'the neuron',
    given: {},
  };
  return holdLaterLaws(subject, await lawsOf(neuron), options, RUNS);
}
