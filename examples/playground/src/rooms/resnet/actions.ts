// What the reader can do with the training: drive it, keep it and bring it back.

import { element } from '../../parts/element';
import { transport } from '../../parts/transport';

export interface Standing {
  /** `none` after one that did not start or stopped with an error. */
  readonly network: 'starting' | 'ready' | 'none';
  readonly playing: boolean;
  /** Whether the last epoch is over. */
  readonly done: boolean;
  /** Whether it is evaluated in integers. */
  readonly evaluating: boolean;
  /** What it is at, in words. */
  readonly word: string;
  /** Whether it is at something that takes long. */
  readonly busy: boolean;
}

export interface Actions {
  readonly element: HTMLElement;
  show(standing: Standing): void;
}

export interface ActionEvents {
  onPlay(playing: boolean): void;
  onStep(): void;
  onReset(): void;
  onIntegers(): void;
  onSave(): void;
}

/** @param opener the button that opens a checkpoint */
export function actions(opener: HTMLElement, { onIntegers, onSave, ...driving }: ActionEvents): Actions {
  const drive = transport(driving);
  const save = element('button', { type: 'button', class: 'quiet' }, 'Save checkpoint');
  const integers = element(
    'button',
    { type: 'button', class: 'quiet', title: 'The test images through the network compiled to integers' },
    'Evaluate in integers',
  );
  integers.addEventListener('click', onIntegers);
  save.addEventListener('click', onSave);
  return {
    element: element(
      'div',
      { class: 'actions' },
      drive.element,
      element('div', { class: 'keep' }, integers, save, opener),
    ),
    show({ network, playing, done, evaluating, word, busy }) {
      const ready = network === 'ready';
      drive.showPlaying(playing);
      drive.enable(ready && !done);
      drive.showProgress(
        network === 'starting' ? 'starting …' : ready && done && !busy ? 'trained' : word,
        busy || network === 'starting',
      );
      save.disabled = !ready;
      integers.disabled = !ready || evaluating;
    },
  };
}
