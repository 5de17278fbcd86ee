// The compiler, and in a worker of its own the laws, so that typing stays fluid; and so that the page has no need of
// either before somebody writes.

import type { Question } from './messages';
import { studioService } from './service';

const ask = studioService((answer) => postMessage(answer));
addEventListener('message', ({ data }: MessageEvent<Question>) => void ask(data));
