// One of a few, all in sight: radio buttons drawn as one bar.

import { element, freshId } from './element';
import { type Hint, hint } from './hint';
import type { Part } from './part';

export interface ChoiceOptions<V extends string> {
  readonly label: string;
  /** Values and how they are called, in order. */
  readonly values: Readonly<Record<V, string>>;
  readonly value: V;
  readonly hint: Hint;
  readonly onInput: (value: V) => void;
}

/** More than these stand in two rows. */
const MANY = 4;

export function choice<V extends string>(options: ChoiceOptions<V>): Part<V> {
  const { label, values, hint: about, onInput } = options;
  const name = freshId('choice');
  const { element: hintElement, id: describedBy } = hint(label, about);
  const buttons = new Map<V, HTMLInputElement>();
  const many = Object.keys(values).length > MANY;
  const bar = element('div', { class: many ? 'choice-bar many' : 'choice-bar' });
  for (const value of Object.keys(values) as V[]) {
    const button = element('input', { type: 'radio', name, value });
    button.addEventListener('change', () => onInput(value));
    buttons.set(value, button);
    bar.append(element('label', {}, button, element('span', {}, values[value])));
  }
  const root = element(
    'fieldset',
    { class: 'choice', 'aria-describedby': describedBy },
    element('legend', {}, label),
    bar,
    hintElement,
  );
  const show = (value: V) => {
    buttons.get(value)!.checked = true;
  };
  show(options.value);
  return {
    element: root,
    show,
    enable(enabled) {
      root.disabled = !enabled;
      root.classList.toggle('off', !enabled);
    },
  };
}
