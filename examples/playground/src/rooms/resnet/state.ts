// The choices of the ResNet room. A change of any but the learning rate, the
// epochs and the layer in view starts the training over. Weights and the reader's
// own files are not in the address.

import { codec } from '../../frame/codec';
import { choice, flag, number } from '../../frame/fields';

export const sources = { shapes: 'shapes', cifar10: 'CIFAR-10' } as const;
export type Source = keyof typeof sources;

export const variants = { 'resnet20-small': 'small', resnet20: 'wide' } as const;
export type Variant = keyof typeof variants;

export const backends = { wasm: 'wasm', gpu: 'gpu', cpu: 'cpu' } as const;
export type BackendChoice = keyof typeof backends;

export interface ResNetState {
  readonly source: Source;
  /** Training images. */
  readonly images: number;
  readonly variant: Variant;
  /** Channels of the first stage. */
  readonly width: number;
  /** Time steps. */
  readonly T: number;
  readonly dynamics: 'leak' | 'paper';
  readonly mpr: boolean;
  readonly k: number;
  readonly batch: number;
  readonly lr: number;
  readonly epochs: number;
  readonly seed: number;
  readonly backend: BackendChoice;
  /** The LIF layer in view, from 0 at the image's side. */
  readonly layer: number;
}

/** LIF layers of either variant. */
export const LAYERS = 19;

export const ranges = {
  images: { min: 20, max: 50_000, step: 20 },
  width: { min: 2, max: 64, step: 2 },
  T: { min: 1, max: 8, step: 1 },
  k: { min: 0.5, max: 10, step: 0.1 },
  batch: { min: 4, max: 128, step: 4 },
  lr: { min: 0.005, max: 0.5, step: 0.005 },
  epochs: { min: 1, max: 100, step: 1 },
  seed: { min: 0, max: 999, step: 1 },
  layer: { min: 0, max: LAYERS - 1, step: 1 },
} as const;

/** Whether a training from one state can go on as one from the other. */
export function goesOn(a: ResNetState, b: ResNetState): boolean {
  const { layer: _, lr: _lr, epochs: _epochs, ...rest } = a;
  return (Object.keys(rest) as (keyof typeof rest)[]).every((key) => a[key] === b[key]);
}

const names = <V extends string>(words: Readonly<Record<V, string>>) => Object.keys(words) as V[];

export const resnetCodec = codec<ResNetState>({
  source: choice<Source>('shapes', names(sources)),
  images: number(2000, ranges.images),
  variant: choice<Variant>('resnet20-small', names(variants)),
  width: number(8, ranges.width),
  T: number(2, ranges.T),
  dynamics: choice<'leak' | 'paper'>('leak', ['leak', 'paper']),
  mpr: flag(true),
  k: number(3, ranges.k),
  batch: number(32, ranges.batch),
  lr: number(0.1, ranges.lr),
  epochs: number(10, ranges.epochs),
  seed: number(0, ranges.seed),
  backend: choice<BackendChoice>('wasm', names(backends)),
  layer: number(0, ranges.layer),
});
