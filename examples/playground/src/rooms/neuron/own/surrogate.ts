// The surrogate of a written neuron: a menu of the library's, and its numbers as sliders.

import { element, freshId } from '../../../parts/element';
import { slider } from '../../../parts/slider';
import { roomFor } from './range';
import type { Offer } from './studio/messages';
import { surrogateOf, type Written, withSurrogate } from './written';

export interface SurrogateControl {
  readonly element: HTMLElement;
  /** Names and numbers that there are to choose from, once they are known. */
  fill(surrogates: Offer['surrogates']): void;
  show(written: Written): void;
}

export function surrogateControl(now: () => Written, change: (next: Written) => void): SurrogateControl {
  const id = freshId('surrogate');
  const other = element('option', { hidden: true });
  const menu = element('select', { id }, other);
  menu.addEventListener('change', () => change(withSurrogate(now(), menu.value)));
  const list = element('div');
  let known: Offer['surrogates'] = {};
  let shown: Written | undefined;
  let drawn = '';
  let rows: { readonly name: string; value: number }[] = [];

  function build(name: string, constants: Readonly<Record<string, number>>): void {
    const made = Object.entries(constants).map(([key, value]) => {
      const row = { name: key, value };
      const part = slider({
        label: key,
        range: roomFor(value),
        value,
        hint: {
          text: 'Watch the surrogate below grow narrow or wide, and with it how far from the threshold a spike still has a gradient.',
          equation: 'surrogate',
        },
        onInput: (next) => {
          row.value = next;
          change(withSurrogate(now(), { name, ...surrogateOf(now()).constants, [key]: next }));
        },
      });
      return { row, element: part.element };
    });
    rows = made.map(({ row }) => row);
    list.replaceChildren(...made.map((one) => one.element));
  }

  return {
    element: element(
      'section',
      { class: 'group', 'aria-label': 'Surrogate' },
      element('div', { class: 'menu-line' }, element('label', { for: id }, 'Surrogate'), menu),
      list,
    ),
    fill(surrogates) {
      known = surrogates;
      menu.prepend(...Object.keys(known).map((one) => element('option', { value: one }, one)));
      if (shown !== undefined) show(shown);
    },
    show,
  };

  function show(written: Written): void {
    shown = written;
    const { name, constants } = surrogateOf(written);
    const all = { ...known[name], ...constants };
    const entries = Object.entries(all).filter(([key]) => key !== 'scale' || constants.scale !== undefined);
    other.hidden = Object.hasOwn(known, name);
    other.value = other.textContent = name;
    menu.value = name;
    const key = JSON.stringify([name, entries.map(([constant]) => constant)]);
    if (key !== drawn || rows.some((row) => all[row.name] !== row.value)) {
      drawn = key;
      build(name, Object.fromEntries(entries));
    }
  }
}
