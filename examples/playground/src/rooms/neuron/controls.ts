// The controls of the Neuron room, each with what to watch for. A control tells its change; what is shown in it comes
// from the state.

import { choice } from '../../parts/choice';
import { element } from '../../parts/element';
import { type Change, group, Settings, sliders } from '../../parts/settings';
import { toggle } from '../../parts/toggle';
import { inputs, type NeuronState, ranges } from './state';

type Numeric = Exclude<keyof typeof ranges, 'step' | 'drawn'>;

export interface Controls {
  readonly element: HTMLElement;
  show(state: NeuronState): void;
}

/** The input current, which every neuron of the room has. */
export function inputControls(first: NeuronState, change: Change<NeuronState>): Controls {
  const settings = new Settings(first, change);
  const amount = sliders<Numeric, NeuronState>(ranges, (...words) => settings.bind(...words));

  const root = group(
    'Input current X',
    settings.bind('input', (bound) =>
      choice({
        ...bound,
        label: 'Input',
        values: inputs,
        hint: {
          text: 'Watch how many steps of input the membrane needs before it fires; draw on the X chart for an input of your own.',
          equation: 'charge',
        },
      }),
    ),
    amount(
      'amplitude',
      'Amplitude',
      {
        text: 'Watch the point where the input alone lifts H over the threshold, and how dense the spikes get beyond it.',
        equation: 'charge',
      },
      ({ input }) => input !== 'drawn',
      'hide',
    ),
    amount(
      'period',
      'Period',
      {
        text: 'Watch short periods: the leak joins pulses that follow each other closely, and forgets those that do not.',
        equation: 'charge',
      },
      ({ input }) => input === 'pulses' || input === 'sine',
      'hide',
    ),
    amount(
      'seed',
      'Seed',
      {
        text: 'Another draw of the same noise: watch what changes in the spikes and what stays in the error.',
        equation: 'charge',
      },
      ({ input }) => input === 'noise',
      'hide',
    ),
    amount('T', 'Steps T', {
      text: 'Networks run for two to six time steps: watch how little of the rhythm below fits into so few.',
      equation: 'charge',
    }),
  );
  return { element: root, show: (state) => settings.show(state) };
}

export function neuronControls(first: NeuronState, change: Change<NeuronState>): Controls {
  const settings = new Settings(first, change);
  const amount = sliders<Numeric, NeuronState>(ranges, (...words) => settings.bind(...words));
  const input = inputControls(first, change);
  const neuronGroup = group(
    'Neuron',
    settings.bind('dynamics', (bound) =>
      choice({
        ...bound,
        label: 'Dynamics',
        values: { leak: 'leak', paper: 'paper' },
        hint: {
          text: 'With the same noise, watch the printed form (paper) fire late and seldom: tau weakens its input instead of its memory.',
          equation: 'charge',
        },
      }),
    ),
    amount('tau', 'tau', {
      text: 'In the leak form tau is how much of V survives a step: watch H fall back at once at 0 and pile up at 1.',
      equation: 'charge',
    }),
    amount('vth', 'vth', {
      text: 'Raise the threshold and watch spikes vanish one by one, each where Ĥ no longer reaches the dashed line.',
      equation: 'fire',
    }),
    settings.bind('reset', (bound) =>
      choice({
        ...bound,
        label: 'Reset',
        values: { hard: 'hard', soft: 'soft' },
        hint: {
          text: 'Watch V after a strong spike: hard forgets how far H was above the threshold, soft keeps the rest and may fire again.',
          equation: 'reset',
        },
      }),
    ),
    amount(
      'vReset',
      'vReset',
      {
        text: 'Where a hard reset puts V: watch the pause after a spike grow as it goes down.',
        equation: 'reset',
      },
      ({ reset }) => reset === 'hard',
    ),
  );
  const learningGroup = group(
    'Rectifier and surrogate',
    settings.bind('mpr', (bound) =>
      toggle({
        ...bound,
        label: 'MPR',
        hint: {
          text: 'Switch it and watch Ĥ, the gradient and the error change while the spikes stay the same.',
          equation: 'rectify',
        },
      }),
    ),
    amount(
      'k',
      'k',
      {
        text: 'The steeper φ, the nearer Ĥ is to its spike and the higher the gradient’s peak; watch how little is left beside it.',
        equation: 'rectify',
      },
      ({ mpr }) => mpr,
    ),
    settings.bind(
      'centred',
      (bound) =>
        toggle({
          ...bound,
          label: 'Centre at vth',
          hint: {
            text: 'Off, φ is centred on ½ as the paper has it: with vth elsewhere, watch MPR change spikes.',
            equation: 'rectify',
          },
        }),
      ({ mpr }) => mpr,
    ),
    amount('window', 'Window', {
      text: 'Only membranes inside the surrogate’s window learn: narrow it and watch dots fall to gradient 0.',
      equation: 'surrogate',
    }),
  );
  return {
    element: element(
      'form',
      { class: 'controls', 'aria-label': 'Settings of the neuron' },
      input.element,
      neuronGroup,
      learningGroup,
    ),
    show(state) {
      input.show(state);
      settings.show(state);
    },
  };
}
