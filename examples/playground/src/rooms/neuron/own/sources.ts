// The zoo as a menu: neurons to begin with. What has been changed since is one's own.

import { element, freshId } from '../../../parts/element';
import { toJson } from './written';
import type { ZooEntry } from './zoo';

export interface Sources {
  readonly element: HTMLElement;
  /** @param own what is written now, as JSON */
  show(own: string): void;
}

export function sources(entries: readonly ZooEntry[], onChoose: (entry: ZooEntry) => void): Sources {
  const id = freshId('zoo');
  const own = element('option', { value: '' }, 'your own');
  const menu = element(
    'select',
    { id },
    own,
    ...entries.map(({ name, title }) => element('option', { value: name }, title)),
  );
  const texts = new Map(entries.map((entry) => [toJson(entry.make()), entry.name]));
  menu.addEventListener('change', () => {
    const entry = entries.find(({ name }) => name === menu.value);
    if (entry !== undefined) onChoose(entry);
  });
  return {
    element: element('div', { class: 'menu-line' }, element('label', { for: id }, 'Begin with'), menu),
    show(text) {
      menu.value = texts.get(text) ?? '';
    },
  };
}
