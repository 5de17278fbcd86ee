// The controls of the Network room, each with what to watch for.

import { choice } from '../../parts/choice';
import { element } from '../../parts/element';
import { type Change, group, Settings, sliders } from '../../parts/settings';
import { toggle } from '../../parts/toggle';
import { FIRST } from '../neuron/own/first';
import { fromJson } from '../neuron/own/written';
import { type NetworkState, networks, ranges, shapes, speeds } from './state';

type Numeric = Exclude<keyof typeof ranges, 'steps' | 'neuron'>;

export interface Controls {
  readonly element: HTMLElement;
  /** The speed of training: it stands beside what starts it. */
  readonly speed: HTMLElement;
  show(state: NetworkState): void;
}

/** @param onEdit the reader wants to change the equations of their neuron */
export function networkControls(
  first: NetworkState,
  change: Change<NetworkState>,
  onEdit: () => void,
): Controls {
  const settings = new Settings(first, change);
  const amount = sliders<Numeric, NetworkState>(ranges, (...words) => settings.bind(...words));

  const points = group(
    'Points',
    settings.bind('shape', (bound) =>
      choice({
        ...bound,
        label: 'Shape',
        values: shapes,
        hint: {
          text: 'Watch how many neurons a border needs: each of the first layer fires on one side of a line.',
          equation: 'layer',
        },
      }),
    ),
    amount('noise', 'Noise', {
      text: 'With more noise the classes overlap: watch the training loss go on falling where the test loss turns up.',
      equation: 'loss',
    }),
    amount('seed', 'Seed', {
      text: 'Other points, other first weights, another order: watch how much of a difference between the two networks is luck.',
      equation: 'update',
    }),
    settings.bind('testPoints', (bound) =>
      toggle({
        ...bound,
        label: 'Test points',
        hint: {
          text: 'Shows the points that the network never learns from, hollow: watch which of them lie on the wrong side.',
          equation: 'loss',
        },
      }),
    ),
  );
  const network = group(
    'Network',
    amount('layers', 'Layers', {
      text: 'Watch pictures of later layers: they bend and join the straight edges of the first.',
      equation: 'layer',
    }),
    amount('width', 'Neurons', {
      text: 'Neurons in each layer: with two or three, watch how the border stays made of few straight pieces.',
      equation: 'layer',
    }),
    amount('T', 'Steps T', {
      text: 'With one time step a neuron is on or off; with more, watch its picture gain shades, one for each count of spikes.',
      equation: 'fire',
    }),
    amount('tau', 'tau', {
      text: 'How much of the membrane survives a time step: at 0 watch the spikes of the first layer be the same at every step.',
      equation: 'charge',
    }),
  );
  const equations = element('pre', {
    class: 'own-equations',
    role: 'group',
    'aria-label': 'Equations of your neuron',
  });
  const edit = element('button', { type: 'button', class: 'quiet' }, 'Edit in the Neuron room');
  edit.addEventListener('click', onEdit);
  const own = element('div', { class: 'own-neuron' }, equations, edit);
  const learning = group(
    'Learning',
    settings.bind('networks', (bound) =>
      choice({
        ...bound,
        label: 'Neurons',
        values: networks,
        hint: {
          text: 'Both start as the same network and fire alike, since MPR changes only the gradient: watch them part step by step. Or watch a neuron of your own beside a LIF neuron, from the same weights.',
          equation: 'rectify',
        },
      }),
    ),
    own,
    amount(
      'k',
      'k',
      {
        text: 'The steeper φ, the nearer membranes come to their spikes: watch |Ĥ − O| fall as k grows, and whether learning gains by it.',
        equation: 'rectify',
      },
      ({ networks: which }) => which === 'both' || which === 'on',
    ),
    amount('lr', 'Rate', {
      text: 'The learning rate: watch the losses fall slowly when it is small, and leap when it is large.',
      equation: 'update',
    }),
  );
  const look = group(
    'Spikes at',
    amount('x', 'x', {
      text: 'Where the crosshair is, or point at the plane: watch spikes change as it crosses an edge of a neuron’s picture.',
      equation: 'fire',
    }),
    amount('y', 'y', {
      text: 'Up and down: watch which neurons keep firing along a border of the decision.',
      equation: 'fire',
    }),
  );
  const speed = settings.bind('speed', (bound) =>
    choice({
      ...bound,
      label: 'Speed',
      values: speeds,
      hint: {
        text: 'Slow shows every training step: watch single neurons turn on and off.',
        equation: 'update',
      },
    }),
  );
  return {
    element: element(
      'form',
      { class: 'controls', 'aria-label': 'Settings of the networks' },
      points,
      network,
      learning,
      look,
    ),
    speed,
    show(state) {
      settings.show(state);
      own.hidden = state.networks !== 'own';
      equations.textContent = fromJson(state.own || FIRST)?.equations ?? '';
    },
  };
}
