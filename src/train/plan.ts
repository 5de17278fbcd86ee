// Where a run stands in its phases: which time steps and which share of the rate a step has. Boundaries are steps, so
// that a phase may begin within an epoch.

import { Schedule } from '../optim';
import type { RunPhase } from './settings/phases';

/** The step behind each phase, of a run of so many. */
function ends(phases: readonly RunPhase[], steps: number): number[] {
  const whole = phases.reduce((sum, { parts }) => sum + parts, 0);
  let before = 0;
  return phases.map(({ parts }, p) => {
    before += parts;
    return p === phases.length - 1 ? steps : Math.round((before / whole) * steps);
  });
}

/** Which phase a step belongs to; the last one behind the end. @param step done before it */
export function phaseAt(phases: readonly RunPhase[], step: number, steps: number): number {
  const found = ends(phases, steps).findIndex((end) => step < end);
  return found < 0 ? phases.length - 1 : found;
}

/** In each phase from its first rate to its last, along `inner`, which falls from 1 to 0. */
export function inPhases(phases: readonly RunPhase[], inner: Schedule): Schedule {
  return new Schedule(`${inner.name} in ${phases.length} phases`, (step, steps) => {
    const p = phaseAt(phases, step, steps);
    const bounds = [0, ...ends(phases, steps)];
    const { from, to } = phases[p]!;
    return to + (from - to) * inner.at(step - bounds[p]!, bounds[p + 1]! - bounds[p]!);
  });
}
