// On or off.

import { element, freshId } from './element';
import { type Hint, hint } from './hint';
import type { Part } from './part';

export interface ToggleOptions {
  readonly label: string;
  readonly value: boolean;
  readonly hint: Hint;
  readonly onInput: (value: boolean) => void;
}

export function toggle({ label, value, hint: about, onInput }: ToggleOptions): Part<boolean> {
  const { element: hintElement, id: describedBy } = hint(label, about);
  const id = freshId('toggle');
  const box = element('input', { type: 'checkbox', role: 'switch', id, 'aria-describedby': describedBy });
  box.checked = value;
  box.addEventListener('change', () => onInput(box.checked));
  const root = element('div', { class: 'toggle' }, element('label', { for: id }, label), box, hintElement);
  return {
    element: root,
    show: (shown) => {
      box.checked = shown;
    },
    enable(enabled) {
      box.disabled = !enabled;
      root.classList.toggle('off', !enabled);
    },
  };
}
