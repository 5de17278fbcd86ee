// The way to Play for those who use no pointer: a link before everything else, and Alt+P from anywhere. Both find the
// button of the room in view.

import { element } from '../parts/element';

const playOf = (main: HTMLElement) => main.querySelector<HTMLButtonElement>('.room:not([hidden]) .play');

/** Unseen until it has the focus. */
export function skipToPlay(main: HTMLElement): HTMLElement {
  const button = element('button', { type: 'button', class: 'skip' }, 'Skip the controls');
  button.addEventListener('click', () => playOf(main)?.focus());
  return button;
}

/** By the key's place, since with Alt it may give another letter. */
export function playByKey(main: HTMLElement): void {
  addEventListener('keydown', (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.code !== 'KeyP') return;
    event.preventDefault();
    playOf(main)?.click();
  });
}
