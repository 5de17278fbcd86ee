// The rooms as tabs. They are links, so that a room can be opened in a new window; arrow keys go from one to the next.

import { element } from '../parts/element';

export interface Tabs {
  readonly element: HTMLElement;
  show(id: string): void;
}

export function tabs(
  entries: readonly { id: string; title: string }[],
  onChoose: (id: string) => void,
): Tabs {
  const links = entries.map(({ id, title }) =>
    element('a', { role: 'tab', id: `tab-${id}`, href: `#${id}`, 'aria-controls': `room-${id}` }, title),
  );
  const root = element(
    'nav',
    { class: 'tabs' },
    element('div', { role: 'tablist', 'aria-label': 'Rooms' }, ...links),
  );
  const choose = (index: number) => {
    const wrapped = (index + links.length) % links.length;
    links[wrapped]!.focus();
    onChoose(entries[wrapped]!.id);
  };
  links.forEach((link, i) => {
    link.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      choose(i);
    });
    link.addEventListener('keydown', ({ key }) => {
      if (key === 'ArrowRight') choose(i + 1);
      else if (key === 'ArrowLeft') choose(i - 1);
      else if (key === 'Home') choose(0);
      else if (key === 'End') choose(-1);
    });
  });
  return {
    element: root,
    show(id) {
      entries.forEach((entry, i) => {
        links[i]!.setAttribute('aria-selected', String(entry.id === id));
        links[i]!.tabIndex = entry.id === id ? 0 : -1;
      });
    },
  };
}
