// What a trainer says of a run whose numbers are no longer finite: it is lost, and the first of them is what to mend.

import { SpikegradError } from '../../errors';
import type { Module } from '../../nn/module';
import { findAnomaly } from './anomaly';
import { firstNonFinite } from './finite';

/** A step, counted from 1, and its learning rate. */
export interface StepTaken {
  readonly step: number;
  readonly lr: number;
}

const ADVICE = 'Try a smaller lr, or clip gradients';

/** The numbers of a run are no longer finite: the arm or rate is at fault, not the machine. */
export class LostRunError extends SpikegradError {}

/** Whether a {@link LostRunError} was told in these words, as they come from another process or through a queue. */
export function tellsOfLostRun(message: string): boolean {
  return message.endsWith(ADVICE);
}

const DETECT = 'run again from the last checkpoint with detectAnomaly (--detect-anomaly)';
const inWords = ({ step, lr }: StepTaken) => `step ${step} (learning rate ${lr.toPrecision(3)})`;

/**
 * Runs a step's forward and backward once more, watched, and says what was first not finite. Running statistics and
 * gradients move by that.
 * @param symptom what was noticed without watching
 */
export async function explainStep(
  network: Module,
  pass: () => unknown,
  taken: StepTaken,
  symptom: string,
): Promise<LostRunError> {
  const { anomaly } = await findAnomaly(pass, { network });
  const culprit = anomaly?.what ?? 'nothing, when the step was run again';
  // what no operator of this step computed was so before it
  const more = anomaly?.side === undefined ? `; to see where that came from, ${DETECT}` : '';
  return new LostRunError(
    'Trainer',
    `${symptom} at ${inWords(taken)}; first not finite: ${culprit}${more}. ${ADVICE}`,
  );
}

/** Runs a step's forward and backward, watched. @throws naming the first value that is not finite */
export async function watchedStep<R>(network: Module, pass: () => R, taken: StepTaken): Promise<R> {
  const { result, anomaly } = await findAnomaly(pass, { network });
  if (anomaly === undefined) return result;
  throw new LostRunError('Trainer', `first not finite at ${inWords(taken)}: ${anomaly.what}. ${ADVICE}`);
}

function nonFiniteState(network: Module): Promise<string | undefined> {
  return firstNonFinite(
    [...network.state()].map(([name, { tensor, trainable }]) => [
      `${trainable ? 'parameter' : 'buffer'} ${name}`,
      tensor,
    ]),
  );
}

/** Looks at the parameters behind a watched step's update. @throws when it made one of them not finite */
export async function checkUpdate(network: Module, taken: StepTaken): Promise<void> {
  const name = await nonFiniteState(network);
  if (name === undefined) return;
  throw new LostRunError(
    'Trainer',
    `the update of ${inWords(taken)} made ${name} not finite, though its gradient was finite. ${ADVICE}`,
  );
}

/** Looks at the parameters where nobody has watched the steps. @throws when one of them is not finite */
export async function checkState(network: Module, step: number): Promise<void> {
  const name = await nonFiniteState(network);
  if (name === undefined) return;
  throw new LostRunError(
    'Trainer',
    `${name} is not finite after step ${step}, and nothing was saved; to see which step and operator made it so, ${DETECT}. ${ADVICE}`,
  );
}
