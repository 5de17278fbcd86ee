// What the network does in integers, as a line for the reader.

import { element } from '../../parts/element';
import { percent } from '../../parts/reading';
import type { Integers } from './messages';

export interface Evaluated {
  readonly element: HTMLElement;
  /** @param integers absent where nothing is known of the network in place */
  show(integers?: Integers): void;
}

export function evaluated(): Evaluated {
  const line = element('p', { class: 'facts integers', role: 'status', hidden: true });
  return {
    element: line,
    show(integers) {
      line.hidden = integers === undefined;
      if (integers === undefined) return;
      const { name, bits, step, accuracy, before, images, milliseconds, times, sameBits } = integers;
      const value = (of: string, number: number, text: string) =>
        element('data', { class: of, value: String(number) }, text);
      line.replaceChildren(
        `${name ?? `Step ${step}`} in ${bits}-bit integers: `,
        value('accuracy', accuracy, percent(accuracy)),
        ` of ${images} test images (f32${name === undefined ? '' : ` of step ${step} here`}: `,
        value('before', before, percent(before)),
        '), ',
        value('milliseconds', milliseconds, `${milliseconds.toFixed(2)} ms`),
        ' an image, ',
        value('times', times, `${times.toFixed(1)} times`),
        ` as fast${sameBits ? ', the same bits on every machine' : ''}.`,
      );
    },
  };
}
