// Answers the page's questions about a written neuron.

import { createBackend, differenceForm } from 'spikegrad';
import { fromJson, sound } from '../written';
import { compile } from './compile';
import { lawService } from './laws';
import type { Answer, Question } from './messages';
import { runWritten } from './run';
import { offer } from './zoo';

/** @returns takes questions; of runs and of laws the latest is answered */
export function studioService(tell: (answer: Answer) => void): (question: Question) => Promise<void> {
  const ready = createBackend({ backend: 'cpu', precision: 'f64' });
  const laws = lawService(tell);
  return async (question) => {
    if (question.ask === 'laws') return laws(question);
    const backend = await ready;
    if (question.ask === 'offer') tell({ to: 'offer', offer: offer(backend) });
    else if (question.ask === 'difference')
      tell({ to: 'difference', own: JSON.stringify(differenceForm(sound(fromJson(question.own)!))) });
    else {
      const { id, own, input } = question;
      const compiled = compile(fromJson(own)!);
      if ('mistake' in compiled) tell({ to: 'run', id, mistake: compiled.mistake });
      else tell({ to: 'run', id, run: runWritten(compiled.model, input, backend) });
    }
  };
}
