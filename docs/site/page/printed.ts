// What a program prints, below it: lines of text, and pictures where a text is an SVG.

/** So much is kept: who prints in a loop without end is to have a page that still scrolls. */
const MOST_LINES = 500;

export class Printed {
  #lines = 0;

  constructor(readonly root: HTMLElement) {}

  clear(): void {
    this.#lines = 0;
    this.root.replaceChildren();
    this.root.hidden = true;
  }

  add(text: string, look = ''): void {
    this.root.hidden = false;
    if (this.#lines++ === MOST_LINES) this.#append(line('… (more is not shown)', ''));
    if (this.#lines > MOST_LINES) return;
    this.#append(text.startsWith('<svg') ? picture(text) : line(text, look));
  }

  #append(child: Node): void {
    this.root.append(child);
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
