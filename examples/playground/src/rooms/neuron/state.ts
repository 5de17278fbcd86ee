// Everything that the Neuron room shows follows from this.

import { codec } from '../../frame/codec';
import { choice, flag, number, signal } from '../../frame/fields';
import { writtenField } from './own/written';

export const inputs = {
  constant: 'Constant',
  pulses: 'Pulses',
  ramp: 'Ramp',
  sine: 'Sine',
  noise: 'Noise',
  drawn: 'Drawn',
} as const;
export type InputKind = keyof typeof inputs;

export const gains = { '1': '×1', '10': '×10', '100': '×100', '1000': '×1000' } as const;
export type Gain = keyof typeof gains;

export interface NeuronState {
  /** Time steps. */
  readonly T: number;
  /** The time step under the cursor, from 0. */
  readonly step: number;
  readonly input: InputKind;
  readonly amplitude: number;
  /** Time steps from one pulse or wave to the next. */
  readonly period: number;
  /** Which noise. */
  readonly seed: number;
  /** X[t] of the drawn input; beyond its end X is 0. */
  readonly drawn: readonly number[];
  readonly dynamics: 'leak' | 'paper';
  readonly tau: number;
  readonly vth: number;
  readonly vReset: number;
  readonly reset: 'hard' | 'soft';
  readonly mpr: boolean;
  readonly k: number;
  /** Whether φ is centred on vth; else on ½, as the paper has it. */
  readonly centred: boolean;
  readonly window: number;
  /** What the input of a neuron of the reader's own is multiplied with: millivolts and picoamperes need more. */
  readonly gain: Gain;
  /** A neuron of the reader's own as JSON, in the place of the one above; empty for none. */
  readonly own: string;
}

export const LONGEST = 100;

/** What sliders and drawing offer; the library takes more. */
export const ranges = {
  T: { min: 4, max: LONGEST, step: 1 },
  step: { min: 0, max: LONGEST - 1, step: 1 },
  amplitude: { min: -1, max: 2, step: 0.05 },
  period: { min: 2, max: 50, step: 1 },
  seed: { min: 0, max: 999, step: 1 },
  drawn: { min: -1, max: 2, step: 0.05 },
  tau: { min: 0, max: 1, step: 0.01 },
  vth: { min: 0.1, max: 1.5, step: 0.01 },
  vReset: { min: -1, max: 1, step: 0.01 },
  k: { min: 0.5, max: 10, step: 0.1 },
  window: { min: 0.1, max: 3, step: 0.05 },
} as const;

/** A hard reset must end below the threshold, or the neuron would fire for ever. */
const BELOW = 0.05;

function settle(state: NeuronState): NeuronState {
  return {
    ...state,
    step: Math.min(state.step, state.T - 1),
    vReset: Math.min(state.vReset, Number((state.vth - BELOW).toFixed(2))),
  };
}

export const neuronCodec = codec<NeuronState>(
  {
    T: number(48, ranges.T),
    step: number(7, ranges.step),
    input: choice<InputKind>('sine', Object.keys(inputs) as InputKind[]),
    amplitude: number(0.7, ranges.amplitude),
    period: number(24, ranges.period),
    seed: number(1, ranges.seed),
    drawn: signal(LONGEST, ranges.drawn),
    dynamics: choice('leak', ['leak', 'paper']),
    tau: number(0.25, ranges.tau),
    vth: number(0.5, ranges.vth),
    vReset: number(0, ranges.vReset),
    reset: choice('hard', ['hard', 'soft']),
    mpr: flag(true),
    k: number(3, ranges.k),
    centred: flag(true),
    window: number(1, ranges.window),
    gain: choice<Gain>('1', Object.keys(gains) as Gain[]),
    own: writtenField,
  },
  settle,
);

/** The state with some fields changed, and mended where the change asks for it. */
export const changed = (state: NeuronState, change: Partial<NeuronState>): NeuronState =>
  settle({ ...state, ...change });
