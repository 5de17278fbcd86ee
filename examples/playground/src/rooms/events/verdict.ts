// What the network takes a recording for, as bars and in words; and what it was trained on, since that says how far
// to believe it.

import { element } from '../../parts/element';
import { DIRECTION_NAMES } from './state';

export interface Verdict {
  readonly element: HTMLElement;
  wait(text: string): void;
  /** @param shares of the directions. @returns the verdict in a sentence */
  show(shares: readonly number[], tested: number): string;
}

const percent = (share: number) => `${Math.round(100 * share)} %`;

export function verdict(): Verdict {
  const text = element('p', { class: 'direction-text' });
  const rows = DIRECTION_NAMES.map((name) => {
    const bar = element('span', { class: 'share' });
    const number = element('span', { class: 'number' });
    return {
      bar,
      number,
      row: element('div', { class: 'share-row' }, element('span', {}, name), bar, number),
    };
  });
  const bars = element('div', { class: 'shares', hidden: true }, ...rows.map(({ row }) => row));
  const basis = element('p', { class: 'basis' });
  return {
    element: element(
      'div',
      { class: 'direction card' },
      element('h2', {}, 'Which way it moves'),
      text,
      bars,
      basis,
    ),
    wait(words) {
      text.textContent = words;
      bars.hidden = true;
      basis.textContent = '';
    },
    show(shares, tested) {
      const most = shares.indexOf(Math.max(...shares));
      const said = `Taken for a movement ${DIRECTION_NAMES[most]} (${percent(shares[most]!)}).`;
      text.textContent = said;
      bars.hidden = false;
      rows.forEach(({ bar, number }, i) => {
        bar.style.setProperty('--share', String(shares[i]));
        number.textContent = percent(shares[i]!);
      });
      basis.textContent = `A spiking network of 3,000 weights says so. It was trained just now, in this page, on 256 simulated recordings of a bar that crosses 34x34 pixels, and tells ${percent(tested)} of 64 new ones rightly. It knows nothing else: of a scene with more in it, take its word for what it is.`;
      return said;
    },
  };
}
