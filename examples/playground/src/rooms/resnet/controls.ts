// The controls of the ResNet room, each with what to watch for.

import { choice } from '../../parts/choice';
import { element } from '../../parts/element';
import { type Change, group, Settings, sliders } from '../../parts/settings';
import { toggle } from '../../parts/toggle';
import { backends, type ResNetState, ranges, sources, variants } from './state';

type Numeric = Exclude<keyof typeof ranges, 'layer'>;

export interface Controls {
  readonly element: HTMLElement;
  show(state: ResNetState): void;
}

/** @param files what chooses the reader's own files, to stand among the images */
export function resnetControls(
  first: ResNetState,
  files: HTMLElement,
  change: Change<ResNetState>,
): Controls {
  const settings = new Settings(first, change);
  const amount = sliders<Numeric, ResNetState>(ranges, (...words) => settings.bind(...words));

  const images = group(
    'Images',
    settings.bind('source', (bound) =>
      choice({
        ...bound,
        label: 'Source',
        values: sources,
        hint: {
          text: 'Drawn shapes are there at once and easy; with photographs, watch how much longer the loss takes to fall.',
          equation: 'loss',
        },
      }),
    ),
    amount('images', 'Images', {
      text: 'With few images watch the training loss go to nothing while the test loss turns up again.',
      equation: 'loss',
    }),
    files,
  );
  const network = group(
    'Network',
    settings.bind('variant', (bound) =>
      choice({
        ...bound,
        label: 'ResNet20',
        values: variants,
        hint: {
          text: 'Small has three stages, wide four, each with twice the channels of the one before: watch the parameters and the images a second.',
          equation: 'layer',
        },
      }),
    ),
    amount('width', 'Channels', {
      text: 'Channels of the first stage: twice as many learn more from the same images, at about a third of the images a second.',
      equation: 'layer',
    }),
    amount('T', 'Steps T', {
      text: 'How often each neuron may fire for one image: watch accuracy rise and images a second fall with it.',
      equation: 'charge',
    }),
    settings.bind('dynamics', (bound) =>
      choice({
        ...bound,
        label: 'Dynamics',
        values: { leak: 'leak', paper: 'paper' },
        hint: {
          text: 'In the form printed in the paper tau weakens the input: watch the firing rates fall and the loss with them stay up.',
          equation: 'charge',
        },
      }),
    ),
    settings.bind('mpr', (bound) =>
      toggle({
        ...bound,
        label: 'MPR',
        hint: {
          text: 'Off, the two membrane histograms are one: watch the quantization error stay and the loss fall another way from the same seed.',
          equation: 'rectify',
        },
      }),
    ),
    amount(
      'k',
      'k',
      {
        text: 'The steeper φ, the more of Ĥ stands at 0 and 1; watch whether deep layers still learn.',
        equation: 'rectify',
      },
      ({ mpr }) => mpr,
    ),
  );
  const training = group(
    'Training',
    amount('batch', 'Batch', {
      text: 'Images a step: watch a small batch make the loss jump, and a large one take fewer steps in an epoch.',
      equation: 'update',
    }),
    amount('lr', 'Rate lr', {
      text: 'The learning rate of the first step: watch the loss leap about where it is too high and creep where too low.',
      equation: 'update',
    }),
    amount('epochs', 'Epochs', {
      text: 'How often every image is seen; the learning rate reaches 0 at the end, so watch the loss settle there.',
      equation: 'update',
    }),
    amount('seed', 'Seed', {
      text: 'Other first weights and another order: watch how much of a difference between two settings is luck.',
      equation: 'update',
    }),
    settings.bind('backend', (bound) =>
      choice({
        ...bound,
        label: 'Backend',
        values: backends,
        hint: {
          text: 'Where the network is computed: watch the images a second; cpu is the plain reference and very slow.',
          equation: 'update',
        },
      }),
    ),
  );
  return {
    element: element(
      'form',
      { class: 'controls', 'aria-label': 'Settings of the training' },
      images,
      network,
      training,
    ),
    show: (state) => settings.show(state),
  };
}
