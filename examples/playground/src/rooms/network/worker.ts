// The training in a worker of its own, so that the page stays free.

import type { Request } from './messages';
import { ownNeuron } from './own-neuron';
import { trainingService } from './service';

const answer = trainingService(ownNeuron);
addEventListener('message', async ({ data }: MessageEvent<Request>) => postMessage(await answer(data)));
