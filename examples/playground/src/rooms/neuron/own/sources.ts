// The zoo as a menu: neurons to begin with. What has been changed since is one's own.

import { element, freshId } from '../../../parts/element';
import type { ZooEntry } from './studio/messages';

export interface Sources {
  readonly element: HTMLElement;
  /** What there is to choose from, once it is known. */
  fill(entries: readonly ZooEntry[]): void;
  /** @param own what is written now, as JSON */
  show(own: string): void;
}

export function sources(onChoose: (entry: ZooEntry) => void): Sources {
  const id = freshId('zoo');
  const menu = element('select', { id }, element('option', { value: '' }, 'your own'));
  let zoo: readonly ZooEntry[] = [];
  let shown = '';
  menu.addEventListener('change', () => {
    const entry = zoo.find(({ name }) => name === menu.value);
    if (entry !== undefined) onChoose(entry);
  });
  const show = (own: string) => {
    shown = own;
    menu.value = zoo.find((entry) => entry.own === own)?.name ?? '';
  };
  return {
    element: element('div', { class: 'menu-line' }, element('label', { for: id }, 'Begin with'), menu),
    fill(entries) {
      zoo = entries;
      menu.append(
        ...entries.map(({ name, title }) => element('option', { value: name }, `${name}: ${title}`)),
      );
      show(shown);
    },
    show,
  };
}
