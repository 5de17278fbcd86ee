// The room's state as the settings of a run, which every checkpoint carries, and back. The same settings given to the
// command line train the same network.

import { type Dataset, imageSettings, type RunSettings } from 'spikegrad';
import { type Range, snap } from '../../frame/fields';
import { type ResNetState, ranges } from './state';

/** What the page leaves as it is. */
const FIXED = { momentum: 0.9, weightDecay: 0, clip: null, augment: [] } as const;

export function settingsOf(state: ResNetState, train: Dataset): RunSettings {
  const { source, images, variant, width, T, dynamics, mpr, k, batch, lr, epochs, seed } = state;
  return {
    dataset: source,
    limit: images,
    arch: variant,
    width,
    timesteps: T,
    mpr: mpr ? k : null,
    dynamics,
    ...imageSettings(train),
    epochs,
    batch,
    lr,
    seed,
    ...FIXED,
  };
}

/** The state that comes nearest to the settings of a checkpoint; what they do not say stays. */
export function stateWith(state: ResNetState, settings: RunSettings, images: number): ResNetState {
  const near = (value: number, range: Range) => snap(value, range);
  return {
    ...state,
    source: settings.dataset === 'cifar10' ? 'cifar10' : 'shapes',
    images: near(images, ranges.images),
    variant: settings.arch === 'resnet20' ? 'resnet20' : 'resnet20-small',
    width: near(settings.width, ranges.width),
    T: near(settings.timesteps, ranges.T),
    dynamics: settings.dynamics,
    mpr: settings.mpr !== null,
    k: settings.mpr === null ? state.k : near(settings.mpr, ranges.k),
    batch: near(settings.batch, ranges.batch),
    lr: near(settings.lr, ranges.lr),
    epochs: near(settings.epochs, ranges.epochs),
    seed: near(settings.seed, ranges.seed),
  };
}
