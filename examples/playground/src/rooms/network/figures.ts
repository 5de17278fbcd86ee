// The numbers of the networks side by side.

import { element } from '../../parts/element';
import { hint } from '../../parts/hint';
import { percent, reading } from '../../parts/reading';
import type { NetworkPicture, Snapshot } from './messages';

interface Row {
  readonly name: string;
  value(picture: NetworkPicture): number;
  /** Three decimals where nothing is said. */
  readonly text?: (value: number) => string;
}

const rowsOf = (layers: number): Row[] => [
  { name: 'loss, training points', value: ({ train }) => train.loss },
  { name: 'loss, test points', value: ({ test }) => test.loss },
  { name: 'test points right', value: ({ test }) => test.right, text: percent },
  ...Array.from({ length: layers }, (_, i) => [
    { name: `layer ${i + 1}: firing rate`, value: (of: NetworkPicture) => of.layers[i]!.rate },
    { name: `layer ${i + 1}: |H − O|`, value: (of: NetworkPicture) => of.layers[i]!.error.before },
    { name: `layer ${i + 1}: |Ĥ − O|`, value: (of: NetworkPicture) => of.layers[i]!.error.after },
  ]).flat(),
];

export const networkName = ({ mpr }: NetworkPicture): 'with' | 'without' => (mpr ? 'with' : 'without');

export interface Figures {
  readonly element: HTMLElement;
  show(snapshot: Snapshot): void;
}

export function figures(): Figures {
  const table = element('table');
  const { element: about } = hint('the numbers', {
    text: 'The error |Ĥ − O| is how far membranes lie from their spikes: watch MPR lower it in every layer, and the rates stay apart only by what was learned.',
    equation: 'quantization',
  });
  return {
    element: element(
      'section',
      { class: 'figures', 'aria-label': 'Numbers' },
      element('h2', {}, 'Numbers ', about),
      table,
    ),
    show({ networks }) {
      const head = element(
        'tr',
        {},
        element('td'),
        ...networks.map((picture) =>
          element('th', { scope: 'col', class: networkName(picture) }, networkName(picture)),
        ),
      );
      const rows = rowsOf(networks[0]?.layers.length ?? 0).map(({ name, value, text = reading }) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, name),
          ...networks.map((picture) =>
            element('td', {}, element('data', { value: value(picture) }, text(value(picture)))),
          ),
        ),
      );
      table.replaceChildren(element('thead', {}, head), element('tbody', {}, ...rows));
    },
  };
}
