// Driving something that trains: play and pause, one step, back to the start, and how far it is.

import { element } from './element';

export interface TransportOptions {
  readonly onPlay: (playing: boolean) => void;
  readonly onStep: () => void;
  readonly onReset: () => void;
}

export interface Transport {
  readonly element: HTMLElement;
  showPlaying(playing: boolean): void;
  /** Whether there is anything to play. */
  enable(enabled: boolean): void;
  /** @param busy whether it is at something that takes long. Default false */
  showProgress(text: string, busy?: boolean): void;
}

export function transport({ onPlay, onStep, onReset }: TransportOptions): Transport {
  const button = (name: string, kind: string, act: () => void) => {
    const made = element('button', { type: 'button', class: kind }, name);
    made.addEventListener('click', act);
    return made;
  };
  let playing = false;
  const play = button('Play', 'play', () => onPlay(!playing));
  play.title = 'Alt+P';
  play.setAttribute('aria-keyshortcuts', 'Alt+P');
  const step = button('Step', 'plain', onStep);
  const progress = element('output', { 'aria-live': 'off' });
  return {
    element: element(
      'div',
      { class: 'transport', role: 'group', 'aria-label': 'Training' },
      play,
      step,
      button('Reset', 'plain', onReset),
      progress,
    ),
    showPlaying(now) {
      playing = now;
      play.textContent = playing ? 'Pause' : 'Play';
    },
    enable(enabled) {
      play.disabled = step.disabled = !enabled;
    },
    showProgress(text, busy = false) {
      progress.textContent = text;
      progress.classList.toggle('busy', busy);
    },
  };
}
