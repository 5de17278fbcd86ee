// The room's state as the settings of a run, which every checkpoint carries, and back. The same settings given to the
// command line train the same network.

import { type Dataset, imageSettings, type RunSettings } from 'spikegrad';
import { type Range, snap } from '../../frame/fields';
import { type ResNetState, ranges } from './state';

/** What the page leaves as it is. */
const FIXED = { momentum: 0.9, weightDecay: 0, clip: null, augment: [] };

export function settingsOf(state: ResNetState, train: Dataset): RunSettings {
  const { source, variant, width } = state;
  return { dataset: source, arch: variant, width, ...imageSettings(train), ...trainingOf(state) };
}

/** What the weights of a network do not tell. */
export function trainingOf(state: ResNetState) {
  const { images, T, dynamics, mpr, k, batch, lr, epochs, seed } = state;
  return { limit: images, timesteps: T, mpr: mpr ? k : null, dynamics, epochs, batch, lr, seed, ...FIXED };
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
