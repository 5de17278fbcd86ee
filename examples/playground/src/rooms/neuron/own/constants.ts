// Every constant of a written neuron as a slider, with a mark of those that are learnt; the surrogate's numbers too.

import { element, freshId } from '../../../parts/element';
import { slider } from '../../../parts/slider';
import { roomFor } from './range';
import { numberOf, usedParameters, type Written, withLearning, withValue } from './written';

interface Row {
  readonly element: HTMLElement;
  readonly learns: HTMLInputElement;
  /** Where it stands. A value from elsewhere, such as another neuron's, has a range of its own. */
  value: number;
}

export interface Constants {
  readonly element: HTMLElement;
  /** @param isSound whether the equations can be read; while not, constants that they do not name stay in sight */
  show(written: Written, isSound: boolean): void;
}

/** @param change told what is written with another number */
export function constants(now: () => Written, change: (next: Written) => void): Constants {
  const rows = new Map<string, Row>();
  const none = element('p', { class: 'none' }, 'The equations name no constant.');
  const list = element('div', { class: 'constants' });

  function rowOf(name: string, value: number): Row {
    const part = slider({
      label: name,
      range: roomFor(value),
      value,
      hint: {
        text: `Move ${name} and watch the traces; “learnt” gives it a gradient, and training moves it from where it stands.`,
      },
      onInput: (next) => {
        row.value = next;
        change(withValue(now(), name, next));
      },
    });
    const id = freshId('learns');
    const learns = element('input', { type: 'checkbox', id });
    learns.addEventListener('change', () => change(withLearning(now(), name, learns.checked)));
    const mark = element('span', { class: 'learns' }, learns, element('label', { for: id }, 'learnt'));
    const row: Row = { element: element('div', { class: 'constant' }, part.element, mark), learns, value };
    return row;
  }

  return {
    element: element(
      'section',
      { class: 'group', 'aria-label': 'Constants' },
      element('h2', {}, 'Constants'),
      none,
      list,
    ),
    show(written, isSound) {
      const used = Object.entries(isSound ? usedParameters(written) : written.parameters);
      for (const name of rows.keys()) if (!used.some(([other]) => other === name)) rows.delete(name);
      for (const [name, parameter] of used) {
        const value = numberOf(parameter);
        const found = rows.get(name);
        const row = found?.value === value ? found : rowOf(name, value);
        rows.set(name, row);
        const isLearnt = typeof parameter === 'object';
        row.learns.checked = isLearnt;
        row.element.classList.toggle('learnt', isLearnt);
      }
      none.hidden = used.length > 0;
      const wanted = used.map(([name]) => rows.get(name)!.element);
      if (wanted.length !== list.children.length || wanted.some((row, i) => list.children[i] !== row))
        list.replaceChildren(...wanted);
    },
  };
}
