// Where the states start, as a line of text: `v = -65; u = -13`. Those that it does not name start at 0.

import { element, freshId } from '../../../parts/element';
import type { Written } from './written';

export interface StartControl {
  readonly element: HTMLElement;
  show(written: Written): void;
}

const ONE = /^\s*([A-Za-z_]\w*)\s*=\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*$/;

/** What a line says; undefined where it says nothing of the kind. */
export function startFrom(line: string): Readonly<Record<string, number>> | undefined {
  const found = line
    .split(/[;,\n]/)
    .filter((piece) => piece.trim() !== '')
    .map((piece) => ONE.exec(piece));
  if (found.includes(null)) return undefined;
  return Object.fromEntries(found.map((one) => [one![1]!, Number(one![2])]));
}

/** The line that says it. */
export const startInWords = (start: Readonly<Record<string, number>> = {}): string =>
  Object.entries(start)
    .map(([name, value]) => `${name} = ${value}`)
    .join('; ');

export function startControl(now: () => Written, change: (next: Written) => void): StartControl {
  const id = freshId('start');
  const told = element('p', { id: `${id}-mistake`, class: 'mistake', role: 'status', hidden: true });
  const field = element('input', {
    type: 'text',
    id,
    class: 'start-field',
    placeholder: 'every state at 0',
    spellcheck: 'false',
    autocapitalize: 'off',
    'aria-describedby': told.id,
  });
  told.textContent = 'Write states and where they start, as in v = -65; u = -13.';
  field.addEventListener('input', () => {
    const start = startFrom(field.value);
    told.hidden = start !== undefined;
    field.setAttribute('aria-invalid', String(start === undefined));
    if (start !== undefined) change({ ...now(), start });
  });
  return {
    element: element('div', { class: 'menu-line' }, element('label', { for: id }, 'starts at'), field, told),
    show({ start }) {
      // a line that says the same stays as it was typed
      const typed = startFrom(field.value);
      if (typed !== undefined && startInWords(typed) === startInWords(start)) return;
      field.value = startInWords(start);
      told.hidden = true;
      field.setAttribute('aria-invalid', 'false');
    },
  };
}
