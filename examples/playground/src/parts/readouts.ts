// A few numbers that matter, large, each under its name.

import { element } from './element';

export interface Readout {
  /** As it is read. */
  readonly text: string;
  /** With all its digits; the text where there is none. */
  readonly value?: number | string;
}

export interface Readouts<K extends string> {
  readonly element: HTMLElement;
  show(values: Readonly<Partial<Record<K, Readout>>>): void;
}

/** @param names what each is called, in order */
export function readouts<K extends string>(label: string, names: Readonly<Record<K, string>>): Readouts<K> {
  const values = new Map<K, HTMLDataElement>();
  const list = element('dl');
  for (const name of Object.keys(names) as K[]) {
    const value = element('data', { class: name }, '–');
    values.set(name, value);
    list.append(element('div', {}, element('dt', {}, names[name]), element('dd', {}, value)));
  }
  return {
    element: element('section', { class: 'readouts', 'aria-label': label }, list),
    show(shown) {
      for (const [name, value] of values) {
        const readout = shown[name];
        if (readout === undefined) continue;
        value.textContent = readout.text;
        value.value = String(readout.value ?? readout.text);
      }
    },
  };
}
