// The training in a worker of its own, so that the page stays free. Requests are answered one after another.

import { init } from 'spikegrad';
import type { Answer, Request } from './messages';
import { Training } from './training';

// not the fastest here but at hand everywhere, and everywhere with the same numbers
const ready = init({ backend: 'cpu' });
let training: Training | undefined;

async function answer(request: Request): Promise<Answer> {
  try {
    await ready;
    if (request.ask === 'begin') {
      training?.dispose();
      training = new Training(request.settings);
    } else training?.advance(request.steps);
    if (training === undefined) throw new Error('network worker: asked to advance before it began');
    return { snapshot: await training.snapshot() };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

let last: Promise<void> = Promise.resolve();
addEventListener('message', ({ data }: MessageEvent<Request>) => {
  last = last.then(async () => postMessage(await answer(data)));
});
