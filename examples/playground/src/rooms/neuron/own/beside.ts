// What stands beside differential equations: when it fires, what a spike does, for how long it then rests, how a step
// is made of derivatives. In sight where the equations are differential ones.

import { element, freshId } from '../../../parts/element';
import { mistakeInWords } from './mistake-words';
import type { Mistake } from './studio/messages';
import { besideOf, isDifferential, type Written } from './written';

export interface BesideControl {
  readonly element: HTMLElement;
  show(written: Written): void;
  /** @param mistake one that stands in a text here; undefined where none does */
  showMistake(mistake: Mistake | undefined): void;
}

type Key = 'threshold' | 'reset' | 'refractory' | 'dt' | 'method';

const METHODS = ['', 'exact', 'exponentialEuler', 'euler', 'rk4'];

/** Each with what it reads like. */
const TEXTS: Readonly<Record<Exclude<Key, 'method'>, readonly [label: string, example: string]>> = {
  threshold: ['fires where', 'v > vth'],
  reset: ['then', 'v = 0'],
  refractory: ['rests for', '0'],
  dt: ['step dt', '1'],
};

/** @param onConstant a name is to be a constant */
export function besideControl(
  now: () => Written,
  change: (next: Written) => void,
  onConstant: (name: string) => void,
): BesideControl {
  const set = (key: Key, value: string) => {
    const number = value.trim() === '' ? Number.NaN : Number(value);
    const isText = key === 'threshold' || key === 'reset' || key === 'method' || Number.isNaN(number);
    const given = value.trim() === '' ? undefined : isText ? value : number;
    change({ ...now(), [key]: given });
  };
  const fields = Object.entries(TEXTS).map(([key, [label, example]]) => {
    const id = freshId(key);
    const told = element('p', { id: `${id}-mistake`, class: 'mistake', role: 'status', hidden: true });
    const field = element('input', {
      type: 'text',
      id,
      'aria-describedby': told.id,
      placeholder: example,
      spellcheck: 'false',
      autocapitalize: 'off',
    });
    field.addEventListener('input', () => set(key as Key, field.value));
    return {
      key,
      field,
      told,
      line: element('div', { class: 'menu-line' }, element('label', { for: id }, label), field, told),
    };
  });
  const id = freshId('method');
  const method = element(
    'select',
    { id },
    ...METHODS.map((name) => element('option', { value: name }, name || 'exact or exponential Euler')),
  );
  method.addEventListener('change', () => set('method', method.value));
  const root = element(
    'section',
    { class: 'group beside', 'aria-label': 'Beside the differential equations' },
    ...fields.map(({ line }) => line),
    element('div', { class: 'menu-line' }, element('label', { for: id }, 'method'), method),
  );
  return {
    element: root,
    show(written) {
      root.hidden = !isDifferential(written.equations);
      const beside = besideOf(written);
      for (const { key, field } of fields) {
        const value = String(beside[key as Key] ?? '');
        if (document.activeElement !== field && field.value !== value) field.value = value;
      }
      method.value = String(beside.method ?? '');
    },
    showMistake(mistake) {
      for (const { key, field, told } of fields) {
        const own = mistake?.beside?.key === key ? mistake : undefined;
        field.setAttribute('aria-invalid', String(own !== undefined));
        told.hidden = own === undefined;
        told.replaceChildren(...(own === undefined ? [] : mistakeInWords(own, onConstant)));
      }
    },
  };
}
