// What to watch for: one sentence and a link to the equation, behind a question mark. The browser's popover closes it
// on Escape or a click elsewhere, and one at a time is open.

import type { EquationName } from '../frame/equations';
import { element, freshId } from './element';

export interface Hint {
  /** One sentence. */
  readonly text: string;
  readonly equation?: EquationName;
}

export interface HintPart {
  readonly element: HTMLElement;
  /** For `aria-describedby` of the control that the hint is about. */
  readonly id: string;
}

const GAP = 6;

/** Under the button, or above it where there is no room, and always inside the window. */
function place(bubble: HTMLElement, button: HTMLElement): void {
  const { left, bottom, top } = button.getBoundingClientRect();
  const { width, height } = bubble.getBoundingClientRect();
  const below = bottom + GAP;
  bubble.style.left = `${Math.max(GAP, Math.min(left, innerWidth - width - GAP))}px`;
  bubble.style.top = `${below + height + GAP > innerHeight ? Math.max(GAP, top - height - GAP) : below}px`;
}

/** @param about what the control is called, for the button's name */
export function hint(about: string, { text, equation }: Hint): HintPart {
  const id = freshId('hint');
  const bubble = element('div', { class: 'hint', popover: 'auto', id: `${id}-bubble` });
  bubble.append(element('p', { id }, text));
  if (equation !== undefined) {
    const link = element('a', { href: `#${equation}` }, `Equation: ${equation}`);
    link.addEventListener('click', () => bubble.hidePopover());
    bubble.append(link);
  }
  const button = element(
    'button',
    { type: 'button', class: 'hint-button', popovertarget: bubble.id, 'aria-label': `About ${about}` },
    '?',
  );
  bubble.addEventListener('toggle', () => place(bubble, button));
  return { element: element('span', { class: 'hint-anchor' }, button, bubble), id };
}
