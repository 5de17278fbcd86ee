// States that show something, with what to look at in each: a way in for those who see a room for the first time.

import { element } from './element';

export interface Experiment<S> {
  readonly title: string;
  readonly look: string;
  /** What differs from the room's initial state. */
  readonly change: Partial<S>;
}

/** @param onChoose told what to change in the initial state; nothing to start over */
export function experimentList<S>(
  experiments: readonly Experiment<S>[],
  onChoose: (change: Partial<S>) => void,
): HTMLElement {
  const told = element('p', { class: 'look', role: 'status', hidden: true });
  const choose = (change: Partial<S>, look: string) => {
    told.textContent = look;
    told.hidden = look === '';
    onChoose(change);
  };
  const items = experiments.map(({ title, look, change }) => {
    const button = element('button', { type: 'button', class: 'quiet', title: look }, title);
    button.addEventListener('click', () => choose(change, look));
    return element('li', {}, button);
  });
  const again = element('button', { type: 'button', class: 'plain' }, 'Start over');
  again.addEventListener('click', () => choose({}, ''));
  return element(
    'section',
    { class: 'group experiments', 'aria-label': 'Try' },
    element('h2', {}, 'Try ', again),
    element('ul', {}, ...items),
    told,
  );
}
