// Settings that contradict one another, each of which would be right alone.

import { check, SpikegradError } from '../../errors';
import type { NetworkSettings, TrainingSettings } from '.';

/**
 * A neuron of equations brings its own charge, rectifier and surrogate.
 * @throws for settings of `Lif` beside it
 */
export function checkNeuronAlone(where: string, settings: NetworkSettings): void {
  if (settings.neuron === undefined || settings.neuron === 'lif') return;
  const others = {
    mpr: null,
    dynamics: 'leak',
    gradientScale: undefined,
    surrogateWidth: undefined,
  } as const;
  for (const [name, absent] of Object.entries(others)) {
    const value = settings[name as keyof typeof others];
    if (value === absent) continue;
    throw new SpikegradError(
      where,
      `${name} ${String(value)} is a setting of the neuron lif, and this run's neuron has equations of its own, which it would not change: leave it out, or write it into the equations, for MPR { "functions": { "phi": { "name": "mpr", "k": 3 } } }`,
    );
  }
}

/**
 * What a phase says of the rate and a warm-up say it twice.
 * @throws for settings that contradict one another or have nothing to work on
 */
export function checkPhasesAlone(where: string, settings: Partial<TrainingSettings>): void {
  const { phases = [], warmup = 0, normBatches = 0 } = settings;
  check(
    phases.length === 0 || warmup === 0,
    where,
    () => `warmup ${warmup} beside phases: a first phase such as 1:1:0-1 is the warm-up`,
  );
  check(
    phases.length > 0 || normBatches === 0,
    where,
    () =>
      `normBatches ${normBatches} without phases: it is for the place where a phase changes the time steps; leave it out, or give phases`,
  );
}
