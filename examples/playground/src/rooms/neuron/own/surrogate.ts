// The surrogate of a written neuron: a menu of the library's, and its numbers as sliders.

import {
  arctan,
  doubleExponential,
  fastSigmoid,
  gaussian,
  rectangular,
  type Surrogate,
  sigmoidal,
  straightThrough,
  triangular,
} from 'spikegrad';
import type { Range } from '../../../frame/fields';
import { element, freshId } from '../../../parts/element';
import { slider } from '../../../parts/slider';
import { isOn, roomFor } from './range';
import { surrogateOf, type Written, withSurrogate } from './written';

/** Those that are commonly used; a file may name any. */
const makers: Readonly<Record<string, () => Surrogate>> = {
  arctan,
  fastSigmoid,
  sigmoidal,
  triangular,
  rectangular,
  gaussian,
  doubleExponential,
  straightThrough,
};

const isListed = (name: string): boolean => Object.hasOwn(makers, name);

/** Its numbers as they are where nothing is said. */
const defaultsOf = (name: string): Readonly<Record<string, number>> =>
  isListed(name) ? makers[name]!().parameters : {};

export interface SurrogateControl {
  readonly element: HTMLElement;
  show(written: Written): void;
}

export function surrogateControl(now: () => Written, change: (next: Written) => void): SurrogateControl {
  const id = freshId('surrogate');
  const names = Object.keys(makers);
  const other = element('option', { hidden: true });
  const menu = element(
    'select',
    { id },
    ...names.map((name) => element('option', { value: name }, name)),
    other,
  );
  menu.addEventListener('change', () => change(withSurrogate(now(), menu.value)));
  const list = element('div');
  let drawn = '';
  let rows: { readonly name: string; readonly range: Range; show(value: number): void }[] = [];

  function build(name: string, constants: Readonly<Record<string, number>>): void {
    const made = Object.entries(constants).map(([key, value]) => {
      const range = roomFor(value);
      const part = slider({
        label: key,
        range,
        value,
        hint: {
          text: 'Watch the surrogate below grow narrow or wide, and with it how far from the threshold a spike still has a gradient.',
          equation: 'surrogate',
        },
        onInput: (next) =>
          change(withSurrogate(now(), { name, ...surrogateOf(now()).constants, [key]: next })),
      });
      return { name: key, range, element: part.element, show: part.show };
    });
    rows = made;
    list.replaceChildren(...made.map((row) => row.element));
  }

  return {
    element: element(
      'section',
      { class: 'group', 'aria-label': 'Surrogate' },
      element('div', { class: 'menu-line' }, element('label', { for: id }, 'Surrogate'), menu),
      list,
    ),
    show(written) {
      const { name, constants } = surrogateOf(written);
      const all = { ...defaultsOf(name), ...constants };
      const known = Object.entries(all).filter(([key]) => key !== 'scale' || constants.scale !== undefined);
      other.hidden = isListed(name);
      other.value = other.textContent = name;
      menu.value = name;
      const key = JSON.stringify([name, known.map(([constant]) => constant)]);
      if (key !== drawn || rows.some((row) => !isOn(all[row.name]!, row.range))) {
        drawn = key;
        build(name, Object.fromEntries(known));
      }
      for (const row of rows) row.show(all[row.name]!);
    },
  };
}
