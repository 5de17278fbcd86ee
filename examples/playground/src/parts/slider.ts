// A number on a range: a slider to drag and a field to type in, under one label. A number that the range does not
// have gives the nearest that it has, and a word on it.

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

/** A range in words. */
const spoken = ({ min, max, step }: Range): string =>
  `${min} to ${max}${step === 1 ? ', whole numbers' : `, steps of ${step}`}`.replaceAll('-', '−');

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
  const take = (value: number) => {
    track.value = String(value);
    onInput(value);
  };
  field.addEventListener('input', () => {
    word.hidden = true;
    if (field.value === '' || !field.validity.valid) return; // still typing
    take(snap(field.valueAsNumber, range));
  });
  // a browser hands over nothing of what is no number
  field.addEventListener('change', () => {
    const typed = field.valueAsNumber;
    const isNumber = !Number.isNaN(typed);
    if (isNumber && snap(typed, range) !== typed) {
      take(snap(typed, range));
      word.textContent = `${typed} is not in ${spoken(range)}: ${track.value} taken`;
      word.hidden = false;
    }
    field.value = track.value;
  });
  const word = element('p', { class: 'slider-word', role: 'status', hidden: true });
  show(value);
  const root = element(
    'div',
    { class: 'slider' },
    element('label', { for: id }, label),
    track,
    field,
    hintElement,
    word,
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
