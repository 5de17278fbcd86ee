// What a layer of the reader's neurons has learnt, taken back to the Neuron room: the constants stand there where
// training moved them.

import { element } from '../../parts/element';
import type { LayerPicture, Snapshot } from './messages';

export type Learned = LayerPicture['learned'];

export interface TakeBack {
  readonly element: HTMLElement;
  show(snapshot: Snapshot): void;
}

/** @param onTake told what the chosen layer has learnt by now */
export function takeBack(onTake: (learned: Learned) => void): TakeBack {
  const root = element('p', { class: 'take-back', hidden: true });
  let learned: readonly Learned[] = [];
  return {
    element: root,
    show({ networks }) {
      const layers = networks.find(({ kind }) => kind === 'own')?.layers ?? [];
      learned = layers.map((layer) => layer.learned);
      root.hidden = Object.keys(learned[0] ?? {}).length === 0;
      // they stay while training goes on, so that they can be pressed
      if (root.childElementCount === learned.length) return;
      const buttons = learned.map((_, i) => {
        const words = learned.length === 1 ? 'Edit as it was learnt' : `Edit as layer ${i + 1} learnt it`;
        const button = element('button', { type: 'button', class: 'quiet' }, words);
        button.addEventListener('click', () => onTake(learned[i]!));
        return button;
      });
      root.replaceChildren(...buttons);
    },
  };
}
