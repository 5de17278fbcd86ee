// What the page is about, in one sentence above the rooms, with ways to read on; and the tour, which takes its place.

import { element } from '../parts/element';
import type { Params } from './codec';
import { GUO_TITLE } from './equations';
import { tour } from './tour';

/** By its title: a search finds it wherever it is kept. */
const PAPER = `https://scholar.google.com/scholar?q=${encodeURIComponent(`"${GUO_TITLE}"`)}`;
/** A copy of examples/README.md beside the page; vite.config.ts puts it there. */
const COURSE = './course.txt';

/** @param lead goes to a state of a room */
export function introduction(lead: (room: string, params: Params) => void): HTMLElement {
  const away = { target: '_blank', rel: 'noopener' };
  const text = element('p', { 'aria-live': 'polite' });
  const links = element('span', { class: 'intro-links' });
  const root = element('section', { class: 'intro', 'aria-label': 'Introduction' }, text, links);
  const button = (name: string, look: string, act: () => void) => {
    const made = element('button', { type: 'button', class: look }, name);
    made.addEventListener('click', act);
    return made;
  };

  function welcome(): void {
    text.replaceChildren(
      element('strong', {}, 'Membrane potential rectification'),
      ' (MPR) moves a spiking neuron’s potential towards the spike, 0 or 1, that it becomes, so that firing loses less of it. ',
      element('a', { href: PAPER, ...away }, 'The paper'),
      ', ',
      element('a', { href: COURSE, ...away }, 'a course in nine programs'),
      '.',
    );
    links.replaceChildren(button('Tour: three steps, a minute', 'quiet', () => visit(0)));
  }

  function visit(index: number): void {
    const { room, params, says } = tour[index]!;
    text.replaceChildren(element('strong', {}, `${index + 1} of ${tour.length}  `), says);
    const last = index === tour.length - 1;
    const next = button(last ? 'Done' : 'Next', 'quiet', () => (last ? welcome() : visit(index + 1)));
    links.replaceChildren(next, ...(last ? [] : [button('End tour', 'plain', welcome)]));
    lead(room, params);
    next.focus();
  }

  welcome();
  return root;
}
