// The numbers of the networks side by side.

import { element } from '../../parts/element';
import { hint } from '../../parts/hint';
import { percent, reading } from '../../parts/reading';
import type { NetworkPicture, Snapshot } from './messages';

interface Row {
  readonly name: string;
  /** undefined where a network has no such number. */
  value(picture: NetworkPicture): number | undefined;
  /** Three decimals where nothing is said. */
  readonly text?: (value: number) => string;
}

const rowsOf = (layers: number, learned: readonly string[]): Row[] => [
  { name: 'loss, training points', value: ({ train }) => train.loss },
  { name: 'loss, test points', value: ({ test }) => test.loss },
  { name: 'test points right', value: ({ test }) => test.right, text: percent },
  ...Array.from({ length: layers }, (_, i) => [
    { name: `layer ${i + 1}: firing rate`, value: (of: NetworkPicture) => of.layers[i]!.rate },
    ...learned.map((name) => ({
      name: `layer ${i + 1}: ${name}`,
      value: (of: NetworkPicture) => of.layers[i]!.learned[name],
    })),
    { name: `layer ${i + 1}: |H − O|`, value: (of: NetworkPicture) => of.layers[i]!.error?.before },
    { name: `layer ${i + 1}: |Ĥ − O|`, value: (of: NetworkPicture) => of.layers[i]!.error?.after },
  ]).flat(),
];

/** What the networks are called beside each other. */
export function networkNames(networks: readonly NetworkPicture[]): string[] {
  const short = {
    with: 'with',
    without: networks.some(({ kind }) => kind === 'own') ? 'LIF' : 'without',
    own: 'yours',
  };
  return networks.map(({ kind }) => short[kind]);
}

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
      const names = networkNames(networks);
      const head = element(
        'tr',
        {},
        element('td'),
        ...networks.map(({ kind }, i) => element('th', { scope: 'col', class: kind }, names[i]!)),
      );
      const learned = networks.flatMap(({ layers }) => Object.keys(layers[0]?.learned ?? {}));
      const rows = rowsOf(networks[0]?.layers.length ?? 0, learned).map(({ name, value, text = reading }) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, name),
          ...networks.map((picture) => {
            const number = value(picture);
            return element(
              'td',
              {},
              number === undefined ? '–' : element('data', { value: number }, text(number)),
            );
          }),
        ),
      );
      table.replaceChildren(element('thead', {}, head), element('tbody', {}, ...rows));
    },
  };
}
