// Answers requests, one training at a time. It runs in the worker, or on the page where there are no workers.

import { init, SpikegradError } from 'spikegrad';
import type { Answer, Request } from './messages';
import { type MakeOwn, Training } from './training';

/**
 * @param makeOwn reads the reader's own neuron: the worker's, so that the page has no need of the compiler
 * @returns answers requests in the order in which they come; it never throws
 */
export function trainingService(makeOwn?: MakeOwn): (request: Request) => Promise<Answer> {
  // not the fastest here but at hand everywhere, and everywhere with the same numbers
  const ready = init({ backend: 'cpu' });
  let training: Training | undefined;

  async function answer(request: Request): Promise<Answer> {
    try {
      await ready;
      if (request.ask === 'begin') {
        training?.dispose();
        training = new Training(request.settings, makeOwn);
      } else training?.advance(request.steps);
      if (training === undefined) throw new Error('asked to advance before it began');
      return { snapshot: await training.snapshot() };
    } catch (error) {
      if (error instanceof SpikegradError) return { error: error.problem };
      return { error: error instanceof Error ? error.message : String(error) };
    }
  }

  let last: Promise<unknown> = Promise.resolve();
  return (request) => {
    const next = last.then(() => answer(request));
    last = next;
    return next;
  };
}
