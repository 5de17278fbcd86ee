// What the page is about, in one sentence above the rooms, with ways to read on; and the tour, which takes its place.

import { element } from '../parts/element';
import type { Params } from './codec';
import { GUO_TITLE } from './equations';
import { inSite } from './site';
import { tour } from './tour';

/** By its title: a search finds it wherever it is kept. */
const PAPER = `https://scholar.google.com/scholar?q=${encodeURIComponent(`"${GUO_TITLE}"`)}`;

/** Ways to the site's other parts, where the page is one of them. */
function siteLinks(): (Node | string)[] {
  const parts = { 'docs/course/index.html': 'the course', 'docs/index.html': 'the documents' };
  return Object.entries(parts).flatMap(([path, name]) => {
    const href = inSite(path);
    return href === undefined ? [] : [', ', element('a', { href }, name)];
  });
}

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
      ...siteLinks(),
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
