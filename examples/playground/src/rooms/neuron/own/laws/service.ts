// Tries the laws of a neuron one after another, with a rest between them in which a newer neuron may come. It runs in a
// worker, or in slices on the page where there are none.

import { neuronFromJson } from 'spikegrad';
import { checkNeuron, LawBroken } from 'spikegrad/testing';
import type { LawAnswer, LawNews, LawQuestion } from './messages';

/** Draws of each law: few enough for an answer while one looks. */
const RUNS = 20;
/** The same draws for the same neuron. */
const SEED = 1;

/** @returns takes questions; the latest is the one that is answered */
export function lawService(tell: (news: LawNews) => void): (question: LawQuestion) => void {
  let latest = 0;
  async function answer({ id, neuron: json }: LawQuestion): Promise<void> {
    const model = neuronFromJson(JSON.parse(json));
    const answers: LawAnswer[] = [];
    const check = (law: string, runs: number) => {
      try {
        return { ...checkNeuron(model, { law, runs, seed: SEED }), counterexamples: [] };
      } catch (error) {
        if (!(error instanceof LawBroken)) throw error;
        return { ...error.report, counterexamples: error.counterexamples };
      }
    };
    const first = check('binary', 1);
    const left = first.notChecked.map(({ law }) => law).filter((law) => law !== 'binary');
    for (const law of ['binary', ...left]) {
      await rest();
      if (id !== latest) return;
      const { held, notChecked, counterexamples } = check(law, RUNS);
      const [broken] = counterexamples;
      const why = notChecked.find((unchecked) => unchecked.law === law)?.reason;
      if (broken !== undefined)
        answers.push({ law, verdict: 'breaks', words: broken.words, numbers: broken.numbers });
      else if (held[0] !== undefined) answers.push({ law, verdict: 'holds', words: held[0].words });
      else answers.push({ law, verdict: 'does not apply', reason: why ?? '' });
      tell({ id, answers: [...answers], done: answers.length === left.length + 1 });
    }
  }
  return (question) => {
    latest = question.id;
    void answer(question);
  };
}

const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
