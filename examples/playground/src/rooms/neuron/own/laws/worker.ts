// The laws in a worker of their own, so that typing stays fluid.

import type { LawQuestion } from './messages';
import { lawService } from './service';

const ask = lawService((news) => postMessage(news));
addEventListener('message', ({ data }: MessageEvent<LawQuestion>) => ask(data));
