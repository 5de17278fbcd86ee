// What the Network room shows: the networks, their losses over training and their numbers.

import { element } from '../../parts/element';
import { reading } from '../../parts/reading';
import { figures } from './figures';
import { lossesView } from './losses';
import type { Snapshot } from './messages';
import { type NetworkView, type NetworkViewActions, networkView } from './network-view';
import { kindNames, type NetworkKind, type NetworkState } from './state';
import { type Learned, takeBack } from './take-back';

export interface Views {
  readonly networks: HTMLElement;
  readonly progress: HTMLElement;
  show(state: NetworkState, snapshot: Snapshot): void;
  movePoint(state: NetworkState): void;
}

const lowered: Readonly<Record<NetworkKind, string>> = {
  with: 'with MPR',
  without: 'without MPR',
  own: 'of your neuron',
};

/** A snapshot's losses in words. */
export const lossesInWords = ({ step, networks }: Snapshot): string =>
  [
    `step ${step}`,
    ...networks.map(({ kind, test }) => `test loss ${lowered[kind]} ${reading(test.loss)}`),
  ].join(', ');

/** @param onTake what a layer of the reader's neurons has learnt is to go back to the Neuron room */
export function networkViews(actions: NetworkViewActions, onTake: (learned: Learned) => void): Views {
  const kinds = Object.keys(kindNames) as NetworkKind[];
  const each = new Map<NetworkKind, NetworkView>(kinds.map((kind) => [kind, networkView(kind, actions)]));
  const losses = lossesView();
  const numbers = figures();
  const back = takeBack(onTake);
  let shown: Snapshot | undefined;
  const all = element('div', { class: 'networks' }, ...[...each.values()].map((view) => view.element));
  return {
    networks: all,
    progress: element('div', { class: 'progress card' }, losses.element, numbers.element, back.element),
    show(state, snapshot) {
      if (snapshot !== shown) {
        losses.show(snapshot, `Losses over training: ${lossesInWords(snapshot)}`);
        numbers.show(snapshot);
        back.show(snapshot);
        shown = snapshot;
      }
      all.classList.toggle('alone', snapshot.networks.length === 1);
      for (const [kind, view] of each) {
        const picture = snapshot.networks.find((one) => one.kind === kind);
        view.element.hidden = picture === undefined;
        if (picture !== undefined) view.show(state, snapshot, picture);
      }
    },
    movePoint(state) {
      for (const view of each.values()) if (!view.element.hidden) view.movePoint(state);
    },
  };
}
