// What a program prints, below it: lines of text, and pictures where a text is an SVG.

import { isPicture } from './messages';

export class Printed {
  constructor(readonly root: HTMLElement) {}

  clear(): void {
    this.root.replaceChildren();
    this.root.hidden = true;
  }

  add(text: string, look = ''): void {
    this.root.hidden = false;
    this.root.append(isPicture(text) ? picture(text) : line(text, look));
  }
}

function line(text: string, look: string): HTMLElement {
  const made = document.createElement('pre');
  made.textContent = text;
  if (look !== '') made.className = look;
  return made;
}

/** As an image, in which nothing runs and whose names are its own. */
function picture(svg: string): HTMLElement {
  const made = document.createElement('img');
  const title = /<title[^>]*>([^<]*)</.exec(svg)?.[1] ?? 'A picture';
  made.alt = new DOMParser().parseFromString(title, 'text/html').body.textContent ?? title;
  made.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  return made;
}
