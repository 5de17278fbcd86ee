// A number on a range: a slider to drag and a field to type in, under one label.

import { type Range, snap } from '../frame/fields';
import { element, freshId } from './element';
import { type Hint, hint } from './hint';
import type { Part } from './part';

export interface SliderOptions {
  readonly label: string;
  readonly range: Range;
  readonly value: number;
  readonly hint: Hint;
  readonly onInput: (value: number) => void;
}

export function slider({ label, range, value, hint: about, onInput }: SliderOptions): Part<number> {
  const { element: hintElement, id: describedBy } = hint(label, about);
  const id = freshId('slider');
  const bounds = { ...range, 'aria-describedby': describedBy };
  const track = element('input', { type: 'range', id, ...bounds });
  const field = element('input', { type: 'number', 'aria-label': `${label}, as a number`, ...bounds });
  const show = (shown: number) => {
    track.value = String(shown);
    if (document.activeElement !== field) field.value = String(shown);
  };
  track.addEventListener('input', () => {
    field.value = track.value;
    onInput(Number(track.value));
  });
  field.addEventListener('input', () => {
    if (field.value === '' || !field.validity.valid) return; // still typing
    track.value = field.value;
    onInput(snap(field.valueAsNumber, range));
  });
  field.addEventListener('change', () => {
    field.value = track.value;
  });
  show(value);
  const root = element(
    'div',
    { class: 'slider' },
    element('label', { for: id }, label),
    track,
    field,
    hintElement,
  );
  return {
    element: root,
    show,
    enable(enabled) {
      track.disabled = field.disabled = !enabled;
      root.classList.toggle('off', !enabled);
    },
  };
}
