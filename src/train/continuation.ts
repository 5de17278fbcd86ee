// How long a run goes on and at which learning rate, also where its epochs were changed on the way: each later stretch
// has a cosine of its own, written into the settings, so that a run interrupted in it goes on with the same bits.

import { sharedRecords } from '../data/parts';
import { SpikegradError } from '../errors';
import { cosine, type Schedule } from '../optim';
import { inPhases, phaseAt } from './plan';
import type { Continuation, TrainingSettings } from './settings';
import { scheduleNamed } from './settings/descent';
import type { TrainerProgress } from './trainer/events';

/** A continuation behind the planned end begins at the base rate over this. */
const FRACTION = 10;

type PlannedRun = Pick<TrainingSettings, 'epochs' | 'lr' | 'continued' | 'schedule' | 'warmup' | 'phases'>;

/** The stretches of a run: first the one that it was started with. */
function stretches({ epochs, lr, continued = [] }: PlannedRun): Continuation[] {
  return [{ step: 0, epochs, lr }, ...continued];
}

/** How many epochs a run has in all. */
export function plannedEpochs(plan: PlannedRun): number {
  return stretches(plan).at(-1)!.epochs;
}

/** How many of so many images are trained on, those for validation apart. */
export function trainedLength(images: number, validation: number | null = null): number {
  return validation === null ? images : images - sharedRecords(images, validation);
}

/** Which stretch a step belongs to: 0 as planned, from 1 on those after a change. @param step done before it */
export function stretchAt(plan: PlannedRun, step: number): number {
  return stretches(plan).findLastIndex((stretch) => stretch.step <= step);
}

/** The schedule of the first stretch. @param own in the place of the one that the settings name */
export function scheduleOf(
  { schedule = 'cosine', warmup = 0, phases = [] }: PlannedRun,
  stepsPerEpoch: number,
  own?: Schedule,
): Schedule {
  const inner = own ?? scheduleNamed(schedule);
  const whole = phases.length === 0 ? inner : inPhases(phases, inner);
  return whole.warmUp(Math.round(warmup * stepsPerEpoch));
}

/** Whether the weights of a step are those that the run is for: of its last phase, or of a stretch behind it. */
export function isLastPhase(plan: PlannedRun, step: number, stepsPerEpoch: number): boolean {
  const { epochs, phases = [] } = plan;
  return stretchAt(plan, step) > 0 || phaseAt(phases, step, epochs * stepsPerEpoch) === phases.length - 1;
}

/** Time steps of a step; undefined: those of the run. @param step done before it */
export function timestepsAt(plan: PlannedRun, step: number, stepsPerEpoch: number): number | undefined {
  const { epochs, phases = [] } = plan;
  if (stretchAt(plan, step) > 0) return undefined;
  return phases[phaseAt(phases, step, epochs * stepsPerEpoch)]?.timesteps;
}

/**
 * The learning rate of a step: along the run's schedule, in later stretches along a cosine.
 * @param step done before it
 * @param schedule of the run; default: the one that its settings name
 */
export function learningRate(
  plan: PlannedRun,
  step: number,
  stepsPerEpoch: number,
  schedule = scheduleOf(plan, stepsPerEpoch),
): number {
  const stretch = stretchAt(plan, step);
  const { step: from, epochs, lr } = stretches(plan)[stretch]!;
  return lr * (stretch === 0 ? schedule : cosine()).at(step - from, epochs * stepsPerEpoch - from);
}

/**
 * A run that goes on with another number of epochs. More than planned: behind what is planned comes a cosine from a
 * tenth of the base rate. Fewer: from here on a cosine from the rate of now.
 * @returns the settings, and a line that says what changed; none where that is what was planned
 * @throws where more epochs than that are done or begun
 */
export function withEpochs<S extends PlannedRun>(
  settings: S,
  progress: Pick<TrainerProgress, 'epoch' | 'batch' | 'step'>,
  epochs: number | undefined,
  stepsPerEpoch: number,
): { readonly settings: S; readonly change?: string } {
  if (epochs === undefined || epochs === plannedEpochs(settings)) return { settings };
  const begun = progress.epoch + (progress.batch > 0 ? 1 : 0);
  if (epochs < begun)
    throw new SpikegradError(
      'train',
      `--epochs ${epochs}, but the run has ${progress.epoch} epochs done${begun > progress.epoch ? ' and one begun' : ''}: give --epochs ${begun} or more`,
    );
  const { continued = [], ...rest } = settings;
  const kept = continued.filter(({ step }) => step < progress.step); // what has not begun is planned anew
  const former = { ...rest, ...(kept.length > 0 && { continued: kept }) } as S;
  const planned = plannedEpochs(former);
  const change = `${epochs} epochs instead of ${plannedEpochs(settings)}`;
  if (epochs === planned) return { settings: former, change };
  const [step, lr] =
    epochs > planned
      ? [planned * stepsPerEpoch, settings.lr / FRACTION]
      : [progress.step, learningRate(former, progress.step, stepsPerEpoch)];
  const where = epochs > planned ? `after epoch ${planned}` : 'from here on';
  return {
    settings: { ...former, continued: [...kept, { step, epochs, lr }] },
    change: `${change}; ${where} the learning rate falls to 0 along a cosine of its own from ${Number(lr.toPrecision(4))}`,
  };
}
