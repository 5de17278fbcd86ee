// A line that says what a change has put aside, with a button that brings it back.

import { element } from './element';

export interface Undo {
  readonly element: HTMLElement;
  /** @param back called once, when the reader wants it back */
  offer(text: string, name: string, back: () => void): void;
  /** There is nothing to bring back any more. */
  withdraw(): void;
}

export function undo(): Undo {
  const text = element('span', { role: 'status' });
  const place = element('span');
  const root = element('p', { class: 'undo', hidden: true }, text, ' ', place);
  const withdraw = () => {
    root.hidden = true;
    text.textContent = '';
    place.replaceChildren();
  };
  return {
    element: root,
    offer(said, name, back) {
      const button = element('button', { type: 'button', class: 'quiet' }, name);
      button.addEventListener('click', () => {
        withdraw();
        back();
      });
      text.textContent = said;
      place.replaceChildren(button);
      root.hidden = false;
    },
    withdraw,
  };
}
