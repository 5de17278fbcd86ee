// What a run is made of, as it is written into every checkpoint: enough to build the same network and to go on. One
// entry a setting: from it come its option and help, its default, its check, its place in recipes and what --resume
// says of it. Defaults that a data set has of its own stand in defaults.ts.

import { AUGMENTATIONS, parseAugmentations } from '../../data/augment';
import { SpikegradError } from '../../errors';
import {
  anObject,
  checkKind,
  finite,
  kind,
  listOf,
  oneOf,
  orNull,
  suggestion,
  text,
  whole,
} from '../../options';
import { INGREDIENTS } from './ingredients';
import { LEARNING } from './learning';
import {
  ARCHITECTURES,
  type Architecture,
  CHARGES,
  DATASETS,
  defaultWidth,
  hasUnnormed,
  OWN,
  UNNORMED,
} from './names';
import { aNeuronSetting, neuronsInWords } from './neuron';
import {
  imageSetting,
  type Later,
  later,
  laterSetting,
  mayChange,
  readNumber,
  readOrNone,
  readWord,
  recipeSetting,
  type Setting,
  type SettingsOf,
  setting,
} from './setting';

export {
  ARCHITECTURES,
  type Architecture,
  CHARGES,
  DATASETS,
  type DatasetName,
  defaultWidth,
  hasUnnormed,
  type ImageSetName,
  OWN,
} from './names';

const widthsInWords = () => ARCHITECTURES.map((arch) => `${defaultWidth[arch]} for ${arch}`).join(', ');
const augmentHelp = () => `${AUGMENTATIONS.join(', ')} joined by commas, or none`;

/** A stretch of a run under a cosine of its own, after a change of `--epochs`. */
export interface Continuation {
  /** Steps done before it. */
  readonly step: number;
  /** Epochs of the whole run at its end. */
  readonly epochs: number;
  /** Learning rate of its first step; falls to 0 along a cosine. */
  readonly lr: number;
}

const count = whole({ least: 1 });
const notNegative = finite({ least: 0 });
const positive = finite({ above: 0 });
const continuation = kind<Continuation>('{ step, epochs, lr }', (value) => {
  const { step, epochs, lr } = (value ?? {}) as Partial<Continuation>;
  return whole({ least: 0 }).holds(step) && count.holds(epochs) && notNegative.holds(lr);
});

const DATA = {
  dataset: setting(oneOf(DATASETS), {
    placeholder: 'name',
    help: 'what to learn',
    read: readWord,
    choices: DATASETS,
    absent: 'shapes',
    absentWords: 'the one that lies in --data, or shapes, drawn from a seed',
  }),
  /** Use only the first so many images of each split, or null for all. */
  limit: setting(orNull(count), {
    placeholder: 'n',
    help: 'use only the first n images for training, and the first n for testing',
    read: readNumber,
    absent: null,
  }),
  /** Megabytes that images may take; where they take more they are read in parts. null for all in memory. */
  memory: later(
    setting(orNull(positive), {
      placeholder: 'MB',
      help: 'read the images in parts while training where they take more than so many megabytes; or none',
      read: readOrNone(readNumber),
      absent: null,
    }),
    null,
  ),
};

const NETWORK = {
  arch: setting(oneOf([...ARCHITECTURES, OWN] as const), {
    placeholder: 'name',
    help: 'network; events-conv and events-dense are for recordings of events',
    read: readWord,
    choices: ARCHITECTURES,
    absent: 'resnet20-small',
  }),
  /** Channels of the first stage. */
  width: setting(count, {
    placeholder: 'n',
    help: 'channels of the first stage; of mlp and events-dense, neurons of a layer',
    read: readNumber,
    absent: ({ arch }) => defaultWidth[arch as Architecture],
    absentWords: /* @__PURE__ */ widthsInWords(),
  }),
  timesteps: recipeSetting(count, {
    placeholder: 'n',
    help: 'time steps T; of events, frames of a recording',
    read: readNumber,
    absent: 2,
  }),
  /** Steepness of MPR, or null for none. */
  mpr: recipeSetting(orNull(positive), {
    placeholder: 'k',
    help: 'steepness of membrane potential rectification, or none',
    read: readOrNone(readNumber),
    absent: ({ isLif, arch }) => (isLif && !hasUnnormed(arch) ? 3 : null),
    absentWords: `3, none with a --neuron of equations, and for ${UNNORMED.join(', ')}`,
  }),
  dynamics: recipeSetting(oneOf(CHARGES), {
    placeholder: 'name',
    help: 'charge equation',
    read: readWord,
    choices: CHARGES,
    absent: 'leak',
  }),
  /** The neuron: that of `Lif`, or equations. */
  neuron: later(
    setting(aNeuronSetting, {
      placeholder: 'name|file',
      help: /* @__PURE__ */ neuronsInWords(),
      read: readWord,
      absent: 'lif',
    }),
    'lif',
  ),
  /** Factor on the gradient of every spike: the scale of the surrogate. */
  gradientScale: later(
    setting(positive, {
      placeholder: 'x',
      help: 'factor on the gradient that passes each spike',
      read: readNumber,
      absent: 1,
    }),
    1,
  ),
  /** Width of the window around the threshold in which a membrane has a gradient. */
  surrogateWidth: later(
    setting(positive, {
      placeholder: 'x',
      help: 'width of the window around the threshold in which a membrane has a gradient, whose height is 1/x',
      read: readNumber,
      absent: 1,
    }),
    1,
  ),
  /** The name of the file that builds a network of the user's own; null for those that are known. */
  network: laterSetting(orNull(text), null),
  classes: imageSetting(count),
  /** Channels, height and width of an image. */
  channels: imageSetting(count),
  height: imageSetting(count),
  imageWidth: imageSetting(count),
};

const TRAINING = {
  epochs: mayChange(
    recipeSetting(count, {
      placeholder: 'n',
      help: 'passes over the training images; with --resume, of the whole run',
      read: readNumber,
      absent: 2,
    }),
  ),
  batch: recipeSetting(count, {
    placeholder: 'n',
    help: 'images a step',
    read: readNumber,
    absent: 32,
  }),
  ...LEARNING,
  ...INGREDIENTS,
  /** Largest norm of all gradients together, or null for no clipping. */
  clip: recipeSetting(orNull(positive), {
    placeholder: 'norm',
    help: 'largest gradient norm, or none',
    read: readOrNone(readNumber),
    absent: null,
  }),
  augment: recipeSetting(listOf(oneOf(AUGMENTATIONS)), {
    placeholder: 'list',
    help: /* @__PURE__ */ augmentHelp(),
    read: parseAugmentations,
    absent: [],
  }),
  seed: setting(whole({ least: 0 }), {
    placeholder: 'n',
    help: 'seed of weights, order and augmentation',
    read: readNumber,
    absent: 0,
  }),
  /** Share of the training images that the weights are chosen by, or null for none. */
  validation: later(
    setting(orNull(finite({ above: 0, below: 1 })), {
      placeholder: 'share',
      help: 'share of the training images to choose the best epoch by, whose weights are kept; or none',
      read: readOrNone(readNumber),
      absent: null,
    }),
    null,
  ),
  /** How the learning rate was chosen for the arm that the run belongs to, in words; null where it was given. */
  rateRule: laterSetting(orNull(text), null),
  /** Stretches after a change of the epochs; in order, none is absent. */
  continued: laterSetting(listOf(continuation), []),
};

/** Every setting of a run. */
export const SETTINGS = /* @__PURE__ */ (() => ({ ...DATA, ...NETWORK, ...TRAINING }))();

/** The name of a setting. */
export type SettingName = keyof typeof SETTINGS;
/** The names of the settings, in the order in which files have them. */
export const SETTING_NAMES = /* @__PURE__ */ Object.keys(SETTINGS) as SettingName[];

/** Where the images come from. */
export interface DataSettings extends SettingsOf<typeof DATA> {}
/** The network of a run. */
export interface NetworkSettings extends SettingsOf<typeof NETWORK> {}
/** How it is trained. */
export interface TrainingSettings extends SettingsOf<typeof TRAINING> {}
/** Everything that decides a run. */
export interface RunSettings extends NetworkSettings, TrainingSettings, DataSettings {}

/** A setting by name, whatever its type. */
export function settingNamed(name: SettingName): Setting<unknown> & Partial<Later<unknown>> {
  return SETTINGS[name] as Setting<unknown> & Partial<Later<unknown>>;
}

/** @param prefix of a setting's name in errors */
function checkSettings(
  where: string,
  settings: unknown,
  names: readonly SettingName[],
  prefix: string,
): asserts settings is Record<string, unknown> {
  checkKind(where, 'settings', anObject, settings);
  for (const name of names) {
    const { kind, old } = settingNamed(name);
    if (settings[name] === undefined && old !== undefined) continue;
    checkKind(where, prefix + name, kind, settings[name]);
  }
  const stranger = Object.keys(settings).find((name) => !Object.hasOwn(SETTINGS, name));
  if (stranger !== undefined)
    throw new SpikegradError(
      where,
      `${prefix}${stranger} is no setting of this version${suggestion(stranger, names)}; a newer one may have written it`,
    );
}

/**
 * Settings from a place that is not trusted: a file, a queue.
 * @throws naming `where` and the first field that cannot be, or that this version does not know
 */
export function checkRunSettings(value: unknown, where: string): RunSettings {
  checkSettings(where, anObject.holds(value) ? value : {}, SETTING_NAMES, 'settings.');
  return value as unknown as RunSettings;
}

/** The same for the settings of a network, which may stand among those of a whole run. */
export function checkNetworkSettings(where: string, value: unknown): asserts value is NetworkSettings {
  checkSettings(where, value, Object.keys(NETWORK) as (keyof typeof NETWORK)[], '');
}

/** Those of a run's settings that a Trainer takes: `new Trainer(network, images, trainingSettings(settings))`. */
export function trainingSettings(settings: TrainingSettings): TrainingSettings {
  const names = Object.keys(TRAINING) as (keyof typeof TRAINING)[];
  checkSettings('trainingSettings', settings, names, '');
  const entries = names.map((name) => [name, settings[name]] as const);
  return Object.fromEntries(
    entries.filter(([, value]) => value !== undefined),
  ) as unknown as TrainingSettings;
}
