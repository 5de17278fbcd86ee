// What screen readers are told when numbers change away from the focus: the last text, once nothing has changed for a
// moment.

import { element } from '../parts/element';

const QUIET = 700;

export interface Announcer {
  readonly element: HTMLElement;
  say(text: string): void;
}

export function announcer(): Announcer {
  const region = element('p', { class: 'unseen', role: 'status' });
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    element: region,
    say(text) {
      clearTimeout(timer);
      timer = setTimeout(() => {
        region.textContent = text;
      }, QUIET);
    },
  };
}
