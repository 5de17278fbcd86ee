// Time steps to walk through: play and pause, and a slider for the step.

import { element, freshId } from './element';

export interface PlayerOptions {
  /** Steps a second while playing. */
  readonly rate: number;
  readonly onStep: (step: number) => void;
}

export interface Player {
  readonly element: HTMLElement;
  show(step: number, steps: number): void;
  /** Stops until `resume`, without forgetting that it plays. */
  pause(): void;
  resume(): void;
}

export function player({ rate, onStep }: PlayerOptions): Player {
  const id = freshId('player');
  let [step, steps, playing, due] = [0, 1, false, 0];
  let frame: number | undefined;
  const button = element('button', {
    type: 'button',
    class: 'play',
    title: 'Alt+P',
    'aria-keyshortcuts': 'Alt+P',
  });
  const track = element('input', { type: 'range', id, min: 1, step: 1 });
  const count = element('output', { for: id, 'aria-live': 'off' });
  const face = () => {
    button.textContent = playing ? 'Pause' : 'Play';
    button.classList.toggle('playing', playing);
  };
  const turn = (now: number) => {
    if (now >= due) {
      due = Math.max(due + 1000 / rate, now);
      onStep((step + 1) % steps);
    }
    frame = requestAnimationFrame(turn);
  };
  const pause = () => {
    if (frame !== undefined) cancelAnimationFrame(frame);
    frame = undefined;
  };
  const resume = () => {
    if (playing && frame === undefined) frame = requestAnimationFrame(turn);
  };
  button.addEventListener('click', () => {
    playing = !playing;
    face();
    if (playing) resume();
    else pause();
  });
  track.addEventListener('input', () => onStep(track.valueAsNumber - 1));
  face();
  return {
    element: element(
      'div',
      { class: 'player' },
      button,
      element('label', { for: id }, 'Time step'),
      track,
      count,
    ),
    show(shown, of) {
      [step, steps] = [shown, of];
      track.max = String(of);
      track.value = String(shown + 1);
      count.textContent = `${shown + 1} of ${of}`;
    },
    pause,
    resume,
  };
}
