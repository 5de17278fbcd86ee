// The controls of the Neuron room, each with what to watch for. A control tells its change; what is shown in it comes from
// the state.

import { choice } from '../../parts/choice';
import { element } from '../../parts/element';
import type { Hint } from '../../parts/hint';
import { group, Settings } from '../../parts/settings';
import { slider } from '../../parts/slider';
import { toggle } from '../../parts/toggle';
import { inputs, type NeuronState, ranges } from './state';

type Numeric = Exclude<keyof typeof ranges, 'step' | 'drawn'>;
type Change = (change: Partial<NeuronState>) => void;

export interface Controls {
  readonly element: HTMLElement;
  show(state: NeuronState): void;
}

export function neuronControls(first: NeuronState, change: Change): Controls {
  const settings = new Settings<NeuronState>();
  const amount = (key: Numeric, label: string, hint: Hint) =>
    slider({
      label,
      range: ranges[key],
      value: first[key],
      hint,
      onInput: (value) => change({ [key]: value }),
    });

  const inputGroup = group(
    'Input current X',
    settings.bind(
      'input',
      choice({
        label: 'Input',
        values: inputs,
        value: first.input,
        hint: {
          text: 'Watch how many steps of input the membrane needs before it fires; draw on the X chart for an input of your own.',
          equation: 'charge',
        },
        onInput: (input) => change({ input }),
      }),
    ),
    settings.bind(
      'amplitude',
      amount('amplitude', 'Amplitude', {
        text: 'Watch the point where the input alone lifts H over the threshold, and how dense the spikes get beyond it.',
        equation: 'charge',
      }),
      ({ input }) => input !== 'drawn',
      'hide',
    ),
    settings.bind(
      'period',
      amount('period', 'Period', {
        text: 'Watch short periods: the leak joins pulses that follow each other closely, and forgets those that do not.',
        equation: 'charge',
      }),
      ({ input }) => input === 'pulses' || input === 'sine',
      'hide',
    ),
    settings.bind(
      'seed',
      amount('seed', 'Seed', {
        text: 'Another draw of the same noise: watch what changes in the spikes and what stays in the error.',
        equation: 'charge',
      }),
      ({ input }) => input === 'noise',
      'hide',
    ),
    settings.bind(
      'T',
      amount('T', 'Steps T', {
        text: 'Networks run for two to six time steps: watch how little of the rhythm below fits into so few.',
        equation: 'charge',
      }),
    ),
  );
  const neuronGroup = group(
    'Neuron',
    settings.bind(
      'dynamics',
      choice({
        label: 'Dynamics',
        values: { leak: 'leak', paper: 'paper' },
        value: first.dynamics,
        hint: {
          text: 'With the same noise, watch the printed form (paper) fire late and seldom: tau weakens its input instead of its memory.',
          equation: 'charge',
        },
        onInput: (dynamics) => change({ dynamics }),
      }),
    ),
    settings.bind(
      'tau',
      amount('tau', 'tau', {
        text: 'In the leak form tau is how much of V survives a step: watch H fall back at once at 0 and pile up at 1.',
        equation: 'charge',
      }),
    ),
    settings.bind(
      'vth',
      amount('vth', 'vth', {
        text: 'Raise the threshold and watch spikes vanish one by one, each where Ĥ no longer reaches the dashed line.',
        equation: 'fire',
      }),
    ),
    settings.bind(
      'reset',
      choice({
        label: 'Reset',
        values: { hard: 'hard', soft: 'soft' },
        value: first.reset,
        hint: {
          text: 'Watch V after a strong spike: hard forgets how far H was above the threshold, soft keeps the rest and may fire again.',
          equation: 'reset',
        },
        onInput: (reset) => change({ reset }),
      }),
    ),
    settings.bind(
      'vReset',
      amount('vReset', 'vReset', {
        text: 'Where a hard reset puts V: watch the pause after a spike grow as it goes down.',
        equation: 'reset',
      }),
      ({ reset }) => reset === 'hard',
    ),
  );
  const learningGroup = group(
    'Rectifier and surrogate',
    settings.bind(
      'mpr',
      toggle({
        label: 'MPR',
        value: first.mpr,
        hint: {
          text: 'Switch it and watch Ĥ, the gradient and the error change while the spikes stay the same.',
          equation: 'rectify',
        },
        onInput: (mpr) => change({ mpr }),
      }),
    ),
    settings.bind(
      'k',
      amount('k', 'k', {
        text: 'The steeper φ, the nearer Ĥ is to its spike and the higher the gradient’s peak; watch how little is left beside it.',
        equation: 'rectify',
      }),
      ({ mpr }) => mpr,
    ),
    settings.bind(
      'centred',
      toggle({
        label: 'Centre at vth',
        value: first.centred,
        hint: {
          text: 'Off, φ is centred on ½ as the paper has it: with vth elsewhere, watch MPR change spikes.',
          equation: 'rectify',
        },
        onInput: (centred) => change({ centred }),
      }),
      ({ mpr }) => mpr,
    ),
    settings.bind(
      'window',
      amount('window', 'Window', {
        text: 'Only membranes inside the surrogate’s window learn: narrow it and watch dots fall to gradient 0.',
        equation: 'surrogate',
      }),
    ),
  );
  return {
    element: element(
      'form',
      { class: 'controls', 'aria-label': 'Settings of the neuron' },
      inputGroup,
      neuronGroup,
      learningGroup,
    ),
    show: (state) => settings.show(state),
  };
}
