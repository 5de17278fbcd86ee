// Everything that the Network room shows follows from this: the same state, the same picture.

import { codec } from '../../frame/codec';
import { choice, flag, number } from '../../frame/fields';
import { writtenField } from '../neuron/own/written';

export const shapes = { circles: 'Circles', moons: 'Moons', spirals: 'Spirals', xor: 'Xor' } as const;
export type ShapeName = keyof typeof shapes;

export const speeds = { slow: 'Slow', steady: 'Steady', fast: 'Fast' } as const;
export type Speed = keyof typeof speeds;

export const networks = { both: 'Both', on: 'MPR', off: 'LIF', own: 'Yours' } as const;
/**
 * Which networks train: with MPR, without, or both from the same first weights; or one of the reader's neurons beside
 * one of LIF neurons, likewise.
 */
export type Networks = keyof typeof networks;

/** What a network is made of: LIF neurons with MPR or without, or the reader's own. */
export type NetworkKind = 'with' | 'without' | 'own';

export const kindsOf: Readonly<Record<Networks, readonly NetworkKind[]>> = {
  both: ['with', 'without'],
  on: ['with'],
  off: ['without'],
  own: ['own', 'without'],
};

/** What they are called. */
export const kindNames: Readonly<Record<NetworkKind, string>> = {
  with: 'With MPR',
  without: 'Without MPR',
  own: 'Your neuron',
};

/** What the numbers of a training follow from. */
export interface TrainingSettings {
  readonly shape: ShapeName;
  /** Standard deviation of the points about their shape. */
  readonly noise: number;
  /** Draws the points, the first weights and the order of training. */
  readonly seed: number;
  /** Hidden layers, and neurons in each. */
  readonly layers: number;
  readonly width: number;
  /** Time steps. */
  readonly T: number;
  readonly tau: number;
  readonly k: number;
  /** Learning rate. */
  readonly lr: number;
  readonly networks: Networks;
  /** The reader's own neuron as JSON; empty where nobody has written one. */
  readonly own: string;
}

export interface NetworkState extends TrainingSettings {
  /** Training steps done. A link leads to a network trained that far. */
  readonly steps: number;
  readonly speed: Speed;
  /** The point whose spikes are shown. */
  readonly x: number;
  readonly y: number;
  /** The neuron whose rate covers the plane, counted from 1 through all layers; 0 for the decision. */
  readonly neuron: number;
  readonly testPoints: boolean;
}

/** What sliders offer; the library takes more. */
export const ranges = {
  noise: { min: 0, max: 0.3, step: 0.01 },
  seed: { min: 0, max: 999, step: 1 },
  layers: { min: 1, max: 3, step: 1 },
  width: { min: 2, max: 12, step: 1 },
  T: { min: 1, max: 12, step: 1 },
  tau: { min: 0, max: 1, step: 0.05 },
  k: { min: 0.5, max: 10, step: 0.1 },
  lr: { min: 0.01, max: 0.5, step: 0.01 },
  steps: { min: 0, max: 5000, step: 1 },
  x: { min: -1.2, max: 1.2, step: 0.06 },
  y: { min: -1.2, max: 1.2, step: 0.06 },
  neuron: { min: 0, max: 36, step: 1 },
} as const;

const settle = (state: NetworkState): NetworkState => ({
  ...state,
  neuron: state.neuron > state.layers * state.width ? 0 : state.neuron,
});

export const networkCodec = codec<NetworkState>(
  {
    shape: choice<ShapeName>('moons', Object.keys(shapes) as ShapeName[]),
    noise: number(0.08, ranges.noise),
    seed: number(1, ranges.seed),
    layers: number(2, ranges.layers),
    width: number(8, ranges.width),
    T: number(6, ranges.T),
    tau: number(0.25, ranges.tau),
    k: number(3, ranges.k),
    lr: number(0.04, ranges.lr),
    networks: choice<Networks>('both', Object.keys(networks) as Networks[]),
    own: writtenField,
    steps: number(0, ranges.steps),
    speed: choice<Speed>('steady', Object.keys(speeds) as Speed[]),
    x: number(0.48, ranges.x),
    y: number(0.48, ranges.y),
    neuron: number(0, ranges.neuron),
    testPoints: flag(false),
  },
  settle,
);

const trainingKeys = [
  'shape',
  'noise',
  'seed',
  'layers',
  'width',
  'T',
  'tau',
  'k',
  'lr',
  'networks',
  'own',
] as const satisfies readonly (keyof TrainingSettings)[];

/** Whether two states train alike, so that one can go on from the other. */
export const trainAlike = (a: TrainingSettings, b: TrainingSettings): boolean =>
  trainingKeys.every((key) => a[key] === b[key]);

/** The state with some fields changed. What changes the training starts it anew. */
export function changed(state: NetworkState, change: Partial<NetworkState>): NetworkState {
  const next = { ...state, ...change };
  return settle(trainAlike(state, next) ? next : { ...next, steps: change.steps ?? 0 });
}
