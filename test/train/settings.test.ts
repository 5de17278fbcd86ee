// The table of settings against everything that is made of it: a setting joins by one entry.

import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { addTrainingOptions, GIVEN_SETTINGS, givenSettings } from '../../src/cli/run/training-options';
import { trainCommand } from '../../src/cli/train';
import { shapes } from '../../src/data/shapes';
import { cellName } from '../../src/paper/cell';
import { alif, neuronToJson } from '../../src/snn';
import {
  checkRunSettings,
  DATASETS,
  type GivenSettings,
  RECIPES,
  type RunSettings,
  recipes,
  runSettings,
} from '../../src/train';
import { SETTING_NAMES, type SettingName, settingNamed } from '../../src/train/settings';
import { DATASET_DEFAULTS, defaultInWords, defaultOf, settingIn } from '../../src/train/settings/defaults';
import { RECIPE_FIELDS } from '../../src/train/settings/recipes';
import { checkGiven, RESUME_TABLE, resumeInWords } from '../../src/train/settings/resume';
import { flagOf } from '../../src/train/settings/setting';
import { SETTINGS } from '../support/records';

const images = shapes({ count: 10, seed: 1 });
/** For each setting that users give a word of the command line that is not its default, and its value. */
const OTHER: Readonly<Partial<Record<SettingName, readonly [string, unknown]>>> = {
  dataset: ['mnist', 'mnist'],
  limit: ['7', 7],
  memory: ['0.5', 0.5],
  arch: ['resnet20', 'resnet20'],
  width: ['3', 3],
  timesteps: ['5', 5],
  mpr: ['none', null],
  dynamics: ['paper', 'paper'],
  epochs: ['6', 6],
  batch: ['9', 9],
  lr: ['1e-3', 0.001],
  momentum: ['0', 0],
  weightDecay: ['.5', 0.5],
  clip: ['2.5', 2.5],
  augment: ['crop,cutout', ['crop', 'cutout']],
  seed: ['11', 11],
  neuron: ['alif', neuronToJson(alif())],
  gradientScale: ['0.65', 0.65],
  validation: ['0.2', 0.2],
  optimizer: ['lion', 'lion'],
  decay: ['weights', 'weights'],
  schedule: ['one-cycle', 'one-cycle'],
  warmup: ['3', 3],
  ema: ['0.75', 0.75],
  phases: [
    '1:1.5:0-1,1:0.3-0',
    [
      { timesteps: 1, parts: 1.5, from: 0, to: 1 },
      { parts: 1, from: 0.3, to: 0 },
    ],
  ],
  normBiasRate: ['16', 16],
  neuronRate: ['0.5', 0.5],
  gradientSteps: ['one', 'one'],
  stem: ['whitened', 'whitened'],
  loss: ['tet', 'tet'],
  labelSmoothing: ['0.2', 0.2],
  surrogateWidth: ['1.5', 1.5],
  normBatches: ['4', 4],
  rateBounds: ['0.05,0.3', [0.05, 0.3]],
  rateStrength: ['2', 2],
};

/** What a setting is nothing without. */
const BESIDE: Readonly<Partial<Record<SettingName, GivenSettings>>> = {
  normBatches: { phases: [{ parts: 1, from: 1, to: 0 }] },
};

/** A word as messages have the value. */
const inWords = (word: string) =>
  word
    .replace('1e-3', '0.001')
    .replace('.5', '\\S*\\.5')
    .replace('alif', 'h = tau\\*v \\+ x; spikes = spike.*');

const words = (line: string) => {
  const command = addTrainingOptions(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  command.parse(line.split(' ').filter(Boolean), { from: 'user' });
  return givenSettings(command.opts());
};

describe('a setting is one entry', () => {
  test.each(GIVEN_SETTINGS)(
    '%s: its option, its default in help, its value in a run, its refusal on --resume',
    (name) => {
      const [word, value] = OTHER[name]!;
      const option = trainCommand().options.find((one) => one.attributeName() === name)!;
      expect(option.long).toBe(flagOf(name));
      expect(option.description).toContain(settingNamed(name).given!.help);
      expect(option.description).toContain(`(default: ${defaultInWords(name)})`);
      const given = words(`${flagOf(name)} ${word}`);
      expect(given).toEqual({ [name]: value });
      const settings = runSettings({ dataset: 'shapes', ...BESIDE[name], ...given }, images);
      expect(settings[name]).toEqual(value);
      expect(checkRunSettings(settings, 'test')).toBe(settings);
      expect(() => checkGiven(settings, given)).not.toThrow();
      const plain = runSettings({ dataset: 'shapes' }, images);
      if (RESUME_TABLE[name] === 'freely') expect(() => checkGiven(plain, given)).not.toThrow();
      else
        expect(() => checkGiven(plain, given)).toThrow(
          new RegExp(`^train: ${flagOf(name)} ${inWords(word)}, but the run has `),
        );
    },
  );

  test.each(SETTING_NAMES)('%s of a wrong kind is refused, from files too', (name) => {
    expect(() => checkRunSettings({ ...SETTINGS, [name]: {} }, 'queue')).toThrow(
      `queue: settings.${name} must be ${settingNamed(name).kind.wanted}, got {}`,
    );
    if (settingNamed(name).given === undefined) return;
    expect(() => words(`${flagOf(name)} wibbleflump`)).toThrow(/wibbleflump/);
  });

  test('recipes decide those that say so, and what others they have are settings', () => {
    for (const name of RECIPES) {
      const decided = Object.keys(recipes[name].settings);
      expect(decided).toEqual(expect.arrayContaining(RECIPE_FIELDS));
      expect(SETTING_NAMES).toEqual(expect.arrayContaining(decided));
    }
  });

  test('a setting that this version does not know is refused, with the nearest', () => {
    expect(() => checkRunSettings({ ...SETTINGS, weightdecay: 1 }, 'file')).toThrow(
      'file: settings.weightdecay is no setting of this version; did you mean weightDecay?',
    );
  });
});

describe('defaults', () => {
  test('a data set has its own, and the settings have the rest', () => {
    for (const dataset of DATASETS)
      for (const name of GIVEN_SETTINGS) {
        if (name === 'dataset' || name === 'width') continue; // the width is the network's
        const value = settingIn(runSettings({ dataset }, images), name);
        expect(value).toEqual(DATASET_DEFAULTS[dataset][name] ?? defaultOf(name, dataset));
        expect(settingNamed(name).kind.holds(value), `${dataset} ${name}`).toBe(true);
      }
    expect(runSettings({}, images)).toMatchObject({
      dataset: 'shapes',
      limit: 4000,
      epochs: 8,
      batch: 32,
      lr: 0.1,
      timesteps: 2,
    });
    expect(runSettings({ arch: 'resnet20' }, images).width).toBe(64);
    expect(runSettings({ dataset: 'cifar10' }, images).width).toBe(16);
    expect(runSettings({ arch: 'events-dense' }, images).width).toBe(128);
    expect(defaultInWords('limit')).toBe(
      'none for cifar10, cifar100, mnist, fashion-mnist, images, dvs-gesture, cifar10-dvs and shd, 4000 for shapes, 5000 for nmnist, 10000 for ssc',
    );
  });

  test('what is given stays, null too', () => {
    expect(runSettings({ mpr: null, limit: null, clip: 1 }, images)).toMatchObject({
      mpr: null,
      limit: null,
      clip: 1,
    });
  });

  test('a later setting at its old value is absent, so that files and names of cells stay', () => {
    const settings: RunSettings = { ...SETTINGS, continued: [], validation: null, gradientScale: 1 };
    expect(checkRunSettings(SETTINGS, 'test')).toBe(SETTINGS);
    for (const name of ['continued', 'validation', 'gradientScale'])
      expect(runSettings(settings, images)).not.toHaveProperty(name);
    expect(Object.keys(runSettings(SETTINGS, images))).toEqual(Object.keys(SETTINGS));
    const changed = { ...SETTINGS, continued: [{ step: 1, epochs: 3, lr: 0.1 }] };
    expect(cellName(changed)).not.toBe(cellName(SETTINGS));
  });
});

describe('what may change on --resume', () => {
  test('every option of train stands in the table, but those that say where and that a run goes on', () => {
    const besides = ['recipe', 'out', 'network', 'resume', 'force']; // a network of one's own is asked for again
    const options = trainCommand().options.map((option) => option.attributeName());
    expect(options.filter((name) => !(name in RESUME_TABLE))).toEqual(besides);
  });

  test('and help says it', () => {
    expect(resumeInWords().split('\n  ')).toEqual([
      'freely --epochs, --data, --threads, --workers, --save-every, --profile, --detect-anomaly',
      'with a line in the report newer version, another build',
      'with --force and such a line --backend, --simd, older version',
      'never all other settings, and images',
    ]);
  });

  test('all that is contrary is told at once', () => {
    expect(() => checkGiven(SETTINGS, { lr: 0.5, width: 4, seed: 3, epochs: 99, mpr: 3 })).toThrow(
      'train: --lr 0.5, but the run has 0.1; --seed 3, but the run has 0; --mpr 3, but the run has none: --resume keeps',
    );
  });
});
