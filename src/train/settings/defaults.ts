// What a run's settings are where the user says nothing: the data set's own defaults, and the settings' for all else.

import type { TrainingData } from '../../data/stream/dataset';
import { anObject, checkKind } from '../../options';
import { imageSettings } from '../network';
import {
  checkRunSettings,
  DATASETS,
  type DatasetName,
  type RunSettings,
  SETTING_NAMES,
  type SettingName,
  settingNamed,
} from '.';
import { checkNeuronAlone, checkPhasesAlone } from './alone';
import { type Circumstances, settingInWords } from './setting';

/** Settings that a user gave; what is `undefined` was not given. */
export type GivenSettings = { readonly [Name in SettingName]?: RunSettings[Name] };

/**
 * Where a data set differs from the settings' own defaults: budgets within which a first run learns on two cores.
 * Measured in bench/results/door.md.
 */
export const DATASET_DEFAULTS: Readonly<Record<DatasetName, GivenSettings>> = {
  cifar10: { epochs: 2, batch: 16, augment: ['flip'] },
  cifar100: { epochs: 2, batch: 16, augment: ['flip'] },
  mnist: { epochs: 1 },
  'fashion-mnist': { epochs: 1 },
  images: { epochs: 4, batch: 16, augment: ['flip'] },
  shapes: { epochs: 8, limit: 4000 },
  // untried on their real files (data/event-sets/sets.ts)
  nmnist: { arch: 'events-conv', timesteps: 6, epochs: 3, limit: 5000 },
  'dvs-gesture': { arch: 'events-conv', timesteps: 16, epochs: 20, batch: 16 },
  'cifar10-dvs': { arch: 'events-conv', timesteps: 8, epochs: 10, batch: 16 },
  shd: { arch: 'events-dense', timesteps: 100, epochs: 10 },
  ssc: { arch: 'events-dense', timesteps: 100, epochs: 5, limit: 10_000 },
};

/** Where nothing else is said. */
const USUAL: Circumstances = { arch: 'resnet20-small', isLif: true, optimizer: 'sgd' };

/** What decides defaults, as settings have it. */
export function circumstancesOf({ arch, neuron, optimizer }: GivenSettings): Circumstances {
  return {
    arch: arch ?? USUAL.arch,
    isLif: neuron === undefined || neuron === 'lif',
    optimizer: optimizer ?? USUAL.optimizer,
  };
}

/** A setting's default. @param dataset the data set of the run */
export function defaultOf<Name extends SettingName>(
  name: Name,
  dataset: DatasetName,
  circumstances: Circumstances = USUAL,
): RunSettings[Name] {
  const own = DATASET_DEFAULTS[dataset][name];
  if (own !== undefined) return own as RunSettings[Name];
  const { given, old } = settingNamed(name);
  const absent = given === undefined ? old : given.absent;
  return (typeof absent === 'function' ? absent(circumstances) : absent) as RunSettings[Name];
}

/**
 * All settings of a run: what was given, what the images decide, and the defaults. Without `dataset` it is the one that
 * the images are called.
 * @throws for a setting that there is not, or of the wrong kind
 */
export function runSettings(given: GivenSettings, images: TrainingData): RunSettings {
  checkKind('runSettings', 'given', anObject, given);
  const fromImages = imageSettings(images);
  const dataset = given.dataset ?? DATASETS.find((name) => name === images.name) ?? 'shapes';
  checkKind('runSettings', 'settings.dataset', settingNamed('dataset').kind, dataset);
  const circumstances = circumstancesOf({ ...given, arch: given.arch ?? defaultOf('arch', dataset) });
  const known: GivenSettings = { ...given, dataset, ...fromImages };
  const entries = SETTING_NAMES.map((name) => {
    const value = known[name] === undefined ? defaultOf(name, dataset, circumstances) : known[name];
    return [name, settingsEqual(value, settingNamed(name).old) ? undefined : value] as const;
  });
  const settings = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  const checked = checkRunSettings({ ...given, ...settings }, 'runSettings');
  checkNeuronAlone('runSettings', checked);
  checkPhasesAlone('runSettings', checked);
  return settings as unknown as RunSettings;
}

/** The value that a run has, also where its files are older than the setting. */
export function settingIn<Name extends SettingName>(settings: RunSettings, name: Name): RunSettings[Name] {
  return settings[name] === undefined ? (settingNamed(name).old as RunSettings[Name]) : settings[name];
}

/** Whether two values of a setting are the same. */
export function settingsEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** A default for help: `32`, or `2 for cifar10 and cifar100, 1 for mnist, 8 for shapes`. */
export function defaultInWords(name: SettingName): string {
  const words = settingNamed(name).given?.absentWords;
  if (words !== undefined) return words;
  const sets = new Map<string, DatasetName[]>();
  for (const dataset of DATASETS) {
    const value = settingInWords(defaultOf(name, dataset));
    sets.set(value, [...(sets.get(value) ?? []), dataset]);
  }
  if (sets.size === 1) return [...sets.keys()][0]!;
  return [...sets].map(([value, names]) => `${value} for ${inWords(names)}`).join(', ');
}

const inWords = (names: readonly string[]): string =>
  names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
