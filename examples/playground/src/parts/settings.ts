// Controls over the fields of a room's state: each is bound to its field and shows what the state says.

import { element } from './element';
import type { Part } from './part';

export class Settings<S> {
  readonly #shows: ((state: S) => void)[] = [];

  /**
   * @param usable whether the control does anything in a state; one that does not is hidden or off
   * @returns the control's element
   */
  bind<K extends keyof S>(
    key: K,
    part: Part<S[K]>,
    usable: (state: S) => boolean = () => true,
    whenNot: 'hide' | 'off' = 'off',
  ): HTMLElement {
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

/** Controls that belong together, under a title. */
export function group(title: string, ...children: HTMLElement[]): HTMLElement {
  return element('section', { class: 'group', 'aria-label': title }, element('h2', {}, title), ...children);
}
