// The laws of a written neuron: which hold, and of one that breaks what it says and the smallest counterexample; those
// that do not apply below, with the reason.

import { element } from '../../../parts/element';
import type { LawAnswer, LawNews } from './studio/messages';

export interface LawsView {
  readonly element: HTMLElement;
  /** Nothing is known yet of what is written now. */
  wait(): void;
  /** Whether what is written now has a mistake, so that the laws are of an older text. */
  showStale(isStale: boolean): void;
  show(news: LawNews): void;
}

export function lawsView(): LawsView {
  const opened = new Set<string>();
  let isOld = false;
  const count = element('span', { class: 'count', role: 'status' });
  const list = element('ul', { class: 'law-list' });
  const summary = element('summary');
  const others = element('ul', { class: 'law-list' });
  const rest = element('details', { hidden: true }, summary, others);
  const root = element(
    'section',
    { class: 'laws', 'aria-label': 'Laws' },
    element('h2', {}, 'Laws ', count),
    list,
    rest,
  );
  return {
    element: root,
    wait() {
      count.textContent = 'trying …';
    },
    showStale(isStale) {
      isOld = isStale;
      root.classList.toggle('stale', isStale);
      if (isStale) count.textContent = list.childElementCount > 0 ? 'of the equations before' : '';
    },
    show({ laws: answers, done }) {
      const broken = answers.filter(({ verdict }) => verdict === 'breaks');
      const held = answers.filter(({ verdict }) => verdict === 'holds');
      const idle = answers.filter(({ verdict }) => verdict === 'does not apply');
      list.replaceChildren(...[...broken, ...held].map((answer) => item(answer, opened)));
      others.replaceChildren(...idle.map((answer) => item(answer, opened)));
      rest.hidden = idle.length === 0;
      summary.textContent = `${idle.length} do${idle.length === 1 ? 'es' : ''} not apply`;
      const hold = `${held.length} of ${held.length + broken.length} hold`;
      // what was asked before the mistake may be answered after it
      if (!isOld) count.textContent = done ? hold : `${hold} so far …`;
    },
  };
}

const marks = { holds: '✓', breaks: '✗', 'does not apply': '–' } as const;

/** One line each until it is opened; what breaks is open. @param opened laws that the reader has opened */
function item(answer: LawAnswer, opened: Set<string>): HTMLElement {
  const { law, verdict } = answer;
  const words = answer.verdict === 'does not apply' ? answer.reason : answer.words;
  const numbers = answer.verdict === 'breaks' ? [element('pre', {}, answer.numbers.join('\n'))] : [];
  const line = element(
    'details',
    { open: verdict === 'breaks' || opened.has(law) },
    element(
      'summary',
      {},
      element('span', { class: 'law-mark', role: 'img', 'aria-label': verdict }, marks[verdict]),
      ' ',
      element('strong', {}, law),
      ' ',
      element('span', { class: 'law-words' }, words),
    ),
    ...numbers,
  );
  line.addEventListener('toggle', () => {
    if (line.open) opened.add(law);
    else opened.delete(law);
  });
  return element('li', { class: verdict.replaceAll(' ', '-') }, line);
}
