// A few test images, each with the class that the network takes it for.

import { element } from '../../parts/element';
import { valueTable } from '../../parts/value-table';
import type { Guess, Look } from './messages';

export interface Gallery {
  readonly element: HTMLElement;
  /** The numbers behind it. */
  readonly table: HTMLElement;
  show(look: Look): void;
}

/** Index of the largest logit. */
function guessed({ logits }: Guess): number {
  return logits.indexOf(Math.max(...logits));
}

function draw(canvas: HTMLCanvasElement, { pixels, width, height }: Guess): void {
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0);
}

export function gallery(): Gallery {
  const places: { canvas: HTMLCanvasElement; mark: HTMLElement; verdict: HTMLElement }[] = [];
  const list = element('ol', {
    class: 'gallery',
    'aria-label': 'Test images and what the network takes them for',
  });
  const table = valueTable('Logits of these images as a table', 'image');
  const add = () => {
    const canvas = element('canvas', { role: 'img' });
    const mark = element('span', { class: 'mark' });
    const verdict = element('span', { class: 'verdict' });
    places.push({ canvas, mark, verdict });
    list.append(element('li', {}, canvas, mark, verdict));
  };
  return {
    element: list,
    table: table.element,
    show({ guesses, classes }) {
      while (places.length < guesses.length) add();
      while (places.length > guesses.length) {
        places.pop();
        list.lastElementChild!.remove();
      }
      guesses.forEach((guess, i) => {
        const { canvas, mark, verdict } = places[i]!;
        const [truth, taken] = [classes[guess.label]!, classes[guessed(guess)]!];
        const right = truth === taken;
        draw(canvas, guess);
        canvas.setAttribute('aria-label', `Test image ${i + 1}, ${truth}`);
        mark.className = right ? 'mark right' : 'mark wrong';
        mark.textContent = right ? '✓' : '✗';
        verdict.className = right ? 'verdict right' : 'verdict wrong';
        verdict.textContent = taken;
        verdict.title = right ? `${truth}, taken for it` : `${truth}, taken for ${taken}`;
      });
      table.show(classes.map((name, c) => ({ name, values: guesses.map(({ logits }) => logits[c]!) })));
    },
  };
}
