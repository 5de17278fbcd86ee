// States that show something, with what to look at in each: a way in for those who see the room for the first time.

import { element } from '../../parts/element';
import { changed, type NeuronState, neuronCodec } from './state';

interface Experiment {
  readonly title: string;
  readonly look: string;
  readonly change: Partial<NeuronState>;
}

const experiments: readonly Experiment[] = [
  {
    title: 'MPR moves no spike',
    look: 'Switch MPR: Ĥ, error and gradient change, O does not.',
    change: { input: 'noise', amplitude: 0.5, k: 5 },
  },
  {
    title: 'The printed form',
    look: 'Noise as tdBN gives it: switch Dynamics to leak and count spikes.',
    change: { input: 'noise', amplitude: 0.5, dynamics: 'paper', T: 24 },
  },
  {
    title: 'Soft reset',
    look: 'What is left above the threshold fires again: switch Reset.',
    change: { input: 'pulses', amplitude: 1.4, period: 16, tau: 0.95, reset: 'soft' },
  },
];

export function experimentList(onChoose: (state: NeuronState) => void): HTMLElement {
  const items = experiments.map(({ title, look, change }) => {
    const button = element('button', { type: 'button' }, title);
    button.addEventListener('click', () => onChoose(changed(neuronCodec.initial, change)));
    return element('li', {}, button, element('p', {}, look));
  });
  const again = element('button', { type: 'button', class: 'plain' }, 'Start over');
  again.addEventListener('click', () => onChoose(neuronCodec.initial));
  return element(
    'section',
    { class: 'group experiments', 'aria-label': 'Try' },
    element('h2', {}, 'Try ', again),
    element('ul', {}, ...items),
  );
}
