// The page's side of the laws: asks once typing rests, and hears of the latest neuron alone.

import type { LawNews, LawQuestion } from './messages';

/** Milliseconds without a change before a neuron is tried. */
const REST = 250;

export interface LawClient {
  /**
   * @param neuron as JSON; undefined: there is none at the moment
   * @returns whether it is another than before, so that its laws are not known
   */
  ask(neuron: string | undefined): boolean;
}

export function lawClient(onNews: (news: LawNews) => void): LawClient {
  let id = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked: string | undefined;
  let send: Promise<(question: LawQuestion) => void> | undefined;
  const hear = (news: LawNews) => {
    if (news.id === id) onNews(news);
  };
  return {
    ask(neuron) {
      if (neuron === asked) return false;
      asked = neuron;
      clearTimeout(timer);
      id += 1;
      if (neuron === undefined) return false;
      const question = { id, neuron };
      timer = setTimeout(async () => {
        send ??= 'Worker' in globalThis ? inWorker(hear) : onPage(hear);
        (await send)(question);
      }, REST);
      return true;
    },
  };
}

async function inWorker(hear: (news: LawNews) => void): Promise<(question: LawQuestion) => void> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('message', ({ data }: MessageEvent<LawNews>) => hear(data));
  return (question) => worker.postMessage(question);
}

async function onPage(hear: (news: LawNews) => void): Promise<(question: LawQuestion) => void> {
  const { lawService } = await import('./service');
  return lawService(hear);
}
