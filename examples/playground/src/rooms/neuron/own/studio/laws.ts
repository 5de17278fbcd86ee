// Tries the laws of a neuron one after another, with a rest between them in which a newer neuron may come.

import { neuronFromJson } from 'spikegrad';
import { checkNeuron, LawBroken } from 'spikegrad/testing';
import type { Answer, LawAnswer, Question } from './messages';

/** Draws of each law: few enough for an answer while one looks. */
const RUNS = 20;
/** The same draws for the same neuron. */
const SEED = 1;

/** @returns takes questions; the latest is the one that is answered */
export function lawService(tell: (answer: Answer) => void) {
  let latest = 0;
  return async ({ id, own }: Extract<Question, { ask: 'laws' }>): Promise<void> => {
    latest = id;
    const model = neuronFromJson(JSON.parse(own));
    const check = (law: string, runs: number) => {
      try {
        return { ...checkNeuron(model, { law, runs, seed: SEED }), counterexamples: [] };
      } catch (error) {
        if (!(error instanceof LawBroken)) throw error;
        return { ...error.report, counterexamples: error.counterexamples };
      }
    };
    const others = check('binary', 1).notChecked.map(({ law }) => law);
    const all = ['binary', ...others.filter((law) => law !== 'binary')];
    const laws: LawAnswer[] = [];
    for (const law of all) {
      await rest();
      if (id !== latest) return;
      const { held, notChecked, counterexamples } = check(law, RUNS);
      const [broken] = counterexamples;
      const reason = notChecked.find((unchecked) => unchecked.law === law)?.reason ?? '';
      if (broken !== undefined)
        laws.push({ law, verdict: 'breaks', words: broken.words, numbers: broken.numbers });
      else if (held[0] !== undefined) laws.push({ law, verdict: 'holds', words: held[0].words });
      else laws.push({ law, verdict: 'does not apply', reason });
      tell({ to: 'laws', id, laws: [...laws], done: laws.length === all.length });
    }
  };
}

const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
