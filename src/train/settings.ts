// What a run is made of, as it is written into every checkpoint: enough to build the same network and to go on.

import { AUGMENTATIONS, type AugmentationName } from '../data/augment';
import type { Dataset } from '../data/dataset';
import { check } from '../errors';
import { mpr, type ResNetVariant, resnet20, type SpikingResNet20 } from '../snn';

/** The networks that a run may train. */
export const ARCHITECTURES = ['resnet20-small', 'resnet20'] as const;
/** The name of a network that a run may train. */
export type Architecture = (typeof ARCHITECTURES)[number];

/** The data sets that a run may use. */
export const DATASETS = ['cifar10', 'cifar100', 'mnist', 'shapes'] as const;
/** The name of a data set that a run may use. */
export type DatasetName = (typeof DATASETS)[number];

/** The network of a run. */
export interface NetworkSettings {
  readonly arch: Architecture;
  /** Channels of the first stage. */
  readonly width: number;
  readonly timesteps: number;
  /** Steepness of MPR, or null for none. */
  readonly mpr: number | null;
  readonly dynamics: 'leak' | 'paper';
  readonly classes: number;
  /** Channels, height and width of an image. */
  readonly channels: number;
  readonly height: number;
  readonly imageWidth: number;
}

/** How it is trained. */
export interface TrainingSettings {
  readonly epochs: number;
  readonly batch: number;
  /** Learning rate of the first step; falls to 0 along a cosine. */
  readonly lr: number;
  readonly momentum: number;
  readonly weightDecay: number;
  /** Largest norm of all gradients together, or null for no clipping. */
  readonly clip: number | null;
  readonly augment: readonly AugmentationName[];
  readonly seed: number;
}

/** Where the images come from. */
export interface DataSettings {
  readonly dataset: DatasetName;
  /** Use only the first so many images of each split, or null for all. */
  readonly limit: number | null;
}

/** Everything that decides a run. */
export interface RunSettings extends NetworkSettings, TrainingSettings, DataSettings {}

/** The part of a run's settings that its images decide. */
export function imageSettings({
  classes,
  channels,
  height,
  width,
}: Dataset): Pick<NetworkSettings, 'classes' | 'channels' | 'height' | 'imageWidth'> {
  return { classes: classes.length, channels, height, imageWidth: width };
}

const variants: Record<Architecture, ResNetVariant> = { 'resnet20-small': 'small', resnet20: 'wide' };

/** Channels of the first stage where none are asked for. */
export const defaultWidth: Record<Architecture, number> = { 'resnet20-small': 16, resnet20: 64 };

/**
 * Settings from a place that is not trusted: a file, a queue.
 * @throws naming `where` and the first field that cannot be
 */
export function checkRunSettings(value: unknown, where: string): RunSettings {
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const demand = (name: keyof RunSettings, wanted: string, holds: (field: unknown) => boolean) =>
    check(
      holds(fields[name]),
      where,
      () => `settings.${name} must be ${wanted}, got ${JSON.stringify(fields[name])}`,
    );
  const whole = (least: number) => (field: unknown) =>
    Number.isSafeInteger(field) && (field as number) >= least;
  const finite = (field: unknown) => Number.isFinite(field);
  const orNull = (holds: (field: unknown) => boolean) => (field: unknown) => field === null || holds(field);
  const oneOf = (values: readonly string[]) => (field: unknown) => values.includes(field as string);
  demand('dataset', `one of ${DATASETS.join(', ')}`, oneOf(DATASETS));
  demand('arch', `one of ${ARCHITECTURES.join(', ')}`, oneOf(ARCHITECTURES));
  demand('dynamics', 'leak or paper', oneOf(['leak', 'paper']));
  for (const name of [
    'width',
    'timesteps',
    'classes',
    'channels',
    'height',
    'imageWidth',
    'epochs',
    'batch',
  ] as const)
    demand(name, 'a whole number >= 1', whole(1));
  demand('seed', 'a whole number >= 0', whole(0));
  demand('limit', 'a whole number >= 1, or null', orNull(whole(1)));
  for (const name of ['lr', 'momentum', 'weightDecay'] as const) demand(name, 'a finite number', finite);
  for (const name of ['mpr', 'clip'] as const) demand(name, 'a finite number, or null', orNull(finite));
  demand('augment', 'a list of names', (field) => Array.isArray(field) && field.every(oneOf(AUGMENTATIONS)));
  return value as RunSettings;
}

/** Builds the network; its initial weights are drawn from the global random stream. */
export function buildNetwork(settings: NetworkSettings): SpikingResNet20 {
  check(
    ARCHITECTURES.includes(settings.arch),
    'buildNetwork',
    () => `arch must be one of ${ARCHITECTURES.join(', ')}, got ${String(settings.arch)}`,
  );
  return resnet20({
    variant: variants[settings.arch],
    width: settings.width,
    classes: settings.classes,
    timesteps: settings.timesteps,
    channels: settings.channels,
    neuron: {
      dynamics: settings.dynamics,
      rectifier: settings.mpr === null ? null : mpr({ k: settings.mpr }),
    },
  });
}

/** Whether images fit a network. @throws when they are not those it was made for */
export function checkImages(settings: NetworkSettings, dataset: Dataset): void {
  const wanted = [settings.height, settings.imageWidth, settings.channels];
  const got = [dataset.height, dataset.width, dataset.channels];
  check(
    wanted.every((length, i) => length === got[i]),
    'checkImages',
    () => `the network was made for images [${wanted}], ${dataset.name} has [${got}]`,
  );
  check(
    dataset.classes.length === settings.classes,
    'checkImages',
    () =>
      `the network tells ${settings.classes} classes apart, ${dataset.name} has ${dataset.classes.length}`,
  );
}
