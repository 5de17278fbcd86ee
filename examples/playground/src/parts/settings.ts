// Controls over the fields of a room's state: each is bound to its field, tells a change of it, and shows what the
// state says.

import type { Range } from '../frame/fields';
import { element } from './element';
import type { Hint } from './hint';
import type { Part } from './part';
import { slider } from './slider';

/** What a control is given of the field it is bound to. */
export interface Bound<V> {
  readonly value: V;
  readonly onInput: (value: V) => void;
}

export type Change<S> = (change: Partial<S>) => void;

export class Settings<S> {
  readonly #first: S;
  readonly #change: Change<S>;
  readonly #shows: ((state: S) => void)[] = [];

  constructor(first: S, change: Change<S>) {
    this.#first = first;
    this.#change = change;
  }

  /**
   * @param usable whether the control does anything in a state; one that does not is hidden or off
   * @returns the control's element
   */
  bind<K extends keyof S>(
    key: K,
    control: (bound: Bound<S[K]>) => Part<S[K]>,
    usable: (state: S) => boolean = () => true,
    whenNot: 'hide' | 'off' = 'off',
  ): HTMLElement {
    const none: Partial<S> = {}; // its type is that of the change below
    const part = control({
      value: this.#first[key],
      onInput: (value) => this.#change({ ...none, [key]: value }),
    });
    this.#shows.push((state) => {
      part.show(state[key]);
      if (whenNot === 'hide') part.element.hidden = !usable(state);
      else part.enable(usable(state));
    });
    return part.element;
  }

  show(state: S): void {
    for (const show of this.#shows) show(state);
  }
}

/** {@link Settings.bind} for the fields of a room that hold numbers. */
type BindNumber<N, S> = (
  key: N,
  control: (bound: Bound<number>) => Part<number>,
  usable?: (state: S) => boolean,
  whenNot?: 'hide' | 'off',
) => HTMLElement;

/** @returns binds a slider, over the range of its field */
export function sliders<N extends string, S>(
  ranges: Readonly<Record<N, Range>>,
  bind: BindNumber<N, S>,
): (
  key: N,
  label: string,
  hint: Hint,
  usable?: (state: S) => boolean,
  whenNot?: 'hide' | 'off',
) => HTMLElement {
  return (key, label, hint, usable, whenNot) =>
    bind(key, (bound) => slider({ ...bound, label, range: ranges[key], hint }), usable, whenNot);
}

/** Controls that belong together, under a title. */
export function group(title: string, ...children: HTMLElement[]): HTMLElement {
  return element('section', { class: 'group', 'aria-label': title }, element('h2', {}, title), ...children);
}
