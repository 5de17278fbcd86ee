// The input current X[t] of each kind.

import { Random } from 'spikegrad';
import { snap } from '../../frame/fields';
import type { Point } from '../../parts/draw';
import { changed, type InputKind, type NeuronState, ranges } from './state';

type Settings = Pick<NeuronState, 'T' | 'amplitude' | 'period' | 'seed' | 'drawn'>;

const kinds: Record<InputKind, (settings: Settings) => (t: number) => number> = {
  constant:
    ({ amplitude }) =>
    () =>
      amplitude,
  // on for a quarter of the period
  pulses:
    ({ amplitude, period }) =>
    (t) =>
      t % period < Math.ceil(period / 4) ? amplitude : 0,
  ramp:
    ({ amplitude, T }) =>
    (t) =>
      (amplitude * t) / (T - 1),
  // in the middle of each time step: at its ends the shortest waves would be sampled at their zeros
  sine:
    ({ amplitude, period }) =>
    (t) =>
      amplitude * Math.sin((2 * Math.PI * (t + 0.5)) / period),
  // N(0, amplitude²)
  noise: ({ amplitude, seed }) => {
    const random = new Random(seed);
    return () => random.normal(0, amplitude);
  },
  drawn:
    ({ drawn }) =>
    (t) =>
      drawn[t] ?? 0,
};

/** X[t] for t = 0..T-1. */
export function inputCurrent(state: Settings & Pick<NeuronState, 'input'>): number[] {
  const at = kinds[state.input](state);
  return Array.from({ length: state.T }, (_, t) => at(t));
}

/** The input as it is, as near as drawing comes to it. */
const asDrawn = (state: NeuronState): number[] =>
  inputCurrent(state).map((value) => snap(value, ranges.drawn));

/**
 * The state with some fields changed. A drawn input begins as the input that was in view, where none has been drawn.
 */
export function chosen(state: NeuronState, change: Partial<NeuronState>): NeuronState {
  const begins = change.input === 'drawn' && change.drawn === undefined && state.drawn.length === 0;
  return changed(state, begins ? { ...change, drawn: asDrawn(state) } : change);
}

/** The input as it is, with a straight stroke drawn over it. */
export function withStroke(state: NeuronState, from: Point, to: Point): NeuronState {
  const drawn = asDrawn(state);
  const span = to.step - from.step;
  for (let i = 0; i <= Math.abs(span); i++) {
    const value = span === 0 ? to.value : from.value + ((to.value - from.value) * i) / Math.abs(span);
    drawn[from.step + i * Math.sign(span)] = snap(value, ranges.drawn);
  }
  return changed(state, { input: 'drawn', drawn });
}
