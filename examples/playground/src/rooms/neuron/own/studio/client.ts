// The page's side: runs as fast as they are answered, the latest question alone; laws once typing rests.

import type { Answer, LawNews, Mistake, Offer, Question, WrittenRun } from './messages';

/** Milliseconds without a change before the laws of a neuron are tried. */
const REST = 250;

export interface StudioEvents {
  onOffer(offer: Offer): void;
  onRun(run: WrittenRun): void;
  onMistake(mistake: Mistake): void;
  onLaws(news: LawNews): void;
  /** Differential equations as a step of differences. */
  onDifference(own: string): void;
  /** A worker did not start, or broke. */
  onProblem(text: string): void;
}

export interface Studio {
  /** What a neuron does with its input: `onRun`, or `onMistake`. */
  run(own: string, input: readonly number[]): void;
  /** Of differential equations without a mistake: `onDifference`. */
  difference(own: string): void;
  /** @returns whether it is another than before, so that its laws are not known */
  laws(own: string): boolean;
}

export function studio({ onOffer, onRun, onMistake, onLaws, onDifference, onProblem }: StudioEvents): Studio {
  let id = 0;
  let isBusy = false;
  let waiting: Question | undefined;
  let tried: string | undefined;
  let lawId = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const start = (hear: (answer: Answer) => void): Worker => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => hear(data));
    worker.addEventListener('error', ({ message }) => onProblem(message || 'the worker did not load'));
    return worker;
  };
  const compiler = start((answer) => {
    if (answer.to === 'offer') return onOffer(answer.offer);
    if (answer.to === 'difference') return onDifference(answer.own);
    isBusy = false;
    if (waiting !== undefined) send(waiting);
    else if (answer.to === 'run' && 'run' in answer) onRun(answer.run);
    else if (answer.to === 'run') onMistake(answer.mistake);
  });
  let judge: Worker | undefined;
  const send = (question: Question) => {
    isBusy = true;
    waiting = undefined;
    compiler.postMessage(question);
  };
  const ask = (question: Question) => {
    judge ??= start((answer) => {
      if (answer.to === 'laws' && answer.id === lawId) onLaws(answer);
    });
    judge.postMessage(question);
  };
  compiler.postMessage({ ask: 'offer' } satisfies Question);
  return {
    run(own, input) {
      id += 1;
      const question: Question = { ask: 'run', id, own, input };
      if (isBusy) waiting = question;
      else send(question);
    },
    difference: (own) => compiler.postMessage({ ask: 'difference', own } satisfies Question),
    laws(own) {
      if (own === tried) return false;
      tried = own;
      lawId += 1;
      const question: Question = { ask: 'laws', id: lawId, own };
      clearTimeout(timer);
      timer = setTimeout(() => ask(question), REST);
      return true;
    },
  };
}
