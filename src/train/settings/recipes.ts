// Named settings of training runs, each field with the places it was read in: those from the work of Guo et al., the
// paper where it states it, else the authors' code; fast and drawn are this project's own (fast.ts, drawn.ts). Facts to
// fill a run's settings with; nothing here trains, and the network's width is left to the user.

import { check } from '../../errors';
import { anObject, checkKind, type Kind, kind, suggestion } from '../../options';
import { type RunSettings, SETTING_NAMES, SETTINGS, type SettingName } from '.';
import { drawn } from './drawn';
import { fast } from './fast';
import { onePiece } from './phases';
import { type InRecipe, settingInWords } from './setting';

/** The name of a setting that every recipe decides. */
export type RecipeField = {
  [Name in SettingName]: (typeof SETTINGS)[Name] extends InRecipe ? Name : never;
}[SettingName];
/** What a recipe decides, with values: some of them others too. */
export type RecipeSettings = Pick<RunSettings, RecipeField> & Partial<Omit<RunSettings, RecipeField>>;
/** The settings that every recipe decides, by name. */
export const RECIPE_FIELDS = /* @__PURE__ */ SETTING_NAMES.filter(
  (name) => 'recipe' in SETTINGS[name],
) as RecipeField[];

/** What every run here has anyway: said, because a recipe is not whole without it, but not to be set. */
export type RecipeConstant = 'tau' | 'vth' | 'vReset' | 'cutoutSize';

export interface Sourced<T> {
  readonly value: T;
  /** The paper where it states it, then repository file and lines. */
  readonly source: string;
}

/** Settings of a training run, each with the place it was read in. */
export interface Recipe {
  readonly title: string;
  readonly settings: { readonly [Field in RecipeField]: Sourced<RunSettings[Field]> } & {
    readonly [Field in Exclude<SettingName, RecipeField>]?: Sourced<NonNullable<RunSettings[Field]>>;
  };
  readonly constants: { readonly [Name in RecipeConstant]?: Sourced<number> };
  /** What the short names in its sources stand for. */
  readonly sources: Readonly<Record<string, string>>;
}

/** The short names in the sources of the paper's recipes. */
export const RECIPE_SOURCES = {
  'Re-Loss':
    'github.com/yfguo91/Re-Loss at 0937f36, code of "Reducing Information Loss for Spiking Neural Networks" (ECCV 2022); the one with MPR',
  'IM-Loss':
    'github.com/yfguo91/IM-Loss-Information-Maximization-Loss-for-Spiking-Neural-Networks at c12bca3 (NeurIPS 2022)',
  MPBN: 'github.com/yfguo91/MPBN at 149379d, code of "Membrane Potential Batch Normalization" (ICCV 2023)',
  paper:
    'Guo et al., "Training High-performance Spiking Neural Networks Through Reducing Quantization Error" (AAAI 2022), its experiments; it states neither epochs, nor weight decay, nor augmentation',
} as const;

const common = {
  batch: {
    value: 128,
    source: 'paper; Re-Loss main_train.py:87, IM-Loss main_train.py:88, MPBN main_train.py:87',
  },
  lr: {
    value: 0.01,
    source:
      'paper; Re-Loss main_train.py:156-157, cosine to 0 (once an epoch there, every step here); IM-Loss and MPBN start from 0.1',
  },
  momentum: {
    value: 0.9,
    source: 'paper; Re-Loss main_train.py:156, IM-Loss main_train.py:163, MPBN main_train.py:168',
  },
  weightDecay: {
    value: 1e-4,
    source:
      'Re-Loss main_train.py:156, IM-Loss main_train.py:163, on every parameter as here; MPBN spares norms and biases',
  },
  clip: {
    value: null,
    source: 'nothing between backward and step: Re-Loss main_train.py:198-199, IM-Loss main_train.py:210-211',
  },
  timesteps: {
    value: 4,
    source: 'paper, one of its 2, 4 and 6; Re-Loss README (--step 4) and main_train.py:93',
  },
  mpr: {
    value: 3,
    source:
      'paper, its best; Re-Loss models/spike_layer.py:37, tanh(3·…) on 0..1 (cube roots outside it, here tanh throughout)',
  },
  dynamics: {
    value: 'leak',
    source: 'mem·decay + x: IM-Loss models/spike_layer.py:42, Re-Loss :50, MPBN :51',
  },
} as const satisfies Partial<Recipe['settings']>;

const neuron = {
  tau: {
    value: 0.25,
    source:
      'paper; IM-Loss models/spike_layer.py:76, MPBN :95; Re-Loss has decay 1 and a soft reset (:57, :87)',
  },
  vth: {
    value: 0.5,
    source: 'paper; IM-Loss models/spike_layer.py:25, Re-Loss :25 (fires above it, here from it on)',
  },
  vReset: { value: 0, source: 'paper; mem·(1 - spike): IM-Loss models/spike_layer.py:47, MPBN :59' },
} as const satisfies Recipe['constants'];

/** The recipes by name. */
export const recipes = {
  paper: {
    title: 'what the paper states, and what it does not from the code of its authors, crop and flip alone',
    settings: {
      epochs: {
        value: 100,
        source: 'not stated in the paper; IM-Loss main_train.py:160, which trains with crop and flip alone',
      },
      ...common,
      augment: {
        value: ['crop', 'flip'],
        source: 'IM-Loss main_train.py:29 (RandomCrop(32, padding=4), RandomHorizontalFlip) and :112',
      },
    },
    constants: neuron,
    sources: RECIPE_SOURCES,
  },
  long: {
    title: '400 epochs with AutoAugment and Cutout, as the authors train for their best accuracies',
    settings: {
      epochs: { value: 400, source: 'Re-Loss main_train.py:153, MPBN main_train.py:161' },
      ...common,
      augment: {
        value: ['crop', 'flip', 'autoaugment', 'cutout'],
        source: 'Re-Loss main_train.py:28-35 in this order and :110, MPBN main_train.py:28-35 and :112',
      },
    },
    constants: {
      ...neuron,
      cutoutSize: {
        value: 16,
        source:
          'Re-Loss main_train.py:35, MPBN main_train.py:35 (blanks with black there, with the mean here)',
      },
    },
    sources: RECIPE_SOURCES,
  },
  fast,
  drawn,
} as const satisfies Record<string, Recipe>;

/** The name of a recipe. */
export type RecipeName = keyof typeof recipes;
/** The names of the recipes. */
export const RECIPES = /* @__PURE__ */ Object.keys(recipes) as RecipeName[];

/** @throws unless it is a recipe, and what is given are settings that it has */
function checkedRecipe(where: string, recipe: Recipe, given: object): Recipe {
  checkKind(where, 'recipe', aRecipe, recipe);
  checkKind(where, 'given', anObject, given);
  const names = Object.keys(recipe.settings);
  for (const name in given)
    check(
      SETTING_NAMES.includes(name as SettingName), // what a recipe does not decide may stand beside what it does
      where,
      () => `has no setting '${name}'${suggestion(name, names)} (it takes ${names.join(', ')})`,
    );
  return recipe;
}

const aRecipe: Kind<Recipe> = kind(
  'a recipe, such as recipes.paper',
  (value) =>
    anObject.holds(value) &&
    [value.settings, value.constants, value.sources].every((part) => anObject.holds(part)),
  (value) => (typeof value === 'string' ? `recipes.${value} is one` : undefined),
);

/** The recipe's settings where none are given. A field that is `undefined` is not given, one that is `null` is. */
export function withRecipe(recipe: Recipe, given: Partial<RecipeSettings> = {}): RecipeSettings {
  const { settings } = checkedRecipe('withRecipe', recipe, given);
  const told: Partial<RecipeSettings> = { ...given, ...onePiece(given) };
  const { optimizer } = settings;
  check(
    optimizer === undefined ||
      (told.optimizer ?? optimizer.value) === optimizer.value ||
      told.lr !== undefined,
    'withRecipe',
    () =>
      `its lr ${settings.lr.value} is for the optimizer ${optimizer!.value}: beside optimizer ${told.optimizer} give lr too`,
  );
  const values = Object.entries(settings).map(([field, { value }]) => {
    const own = told[field as keyof RecipeSettings];
    return [field, own === undefined ? value : own];
  });
  return Object.fromEntries(values) as unknown as RecipeSettings;
}

/**
 * Lines to print: `field  value  source` in columns, then the constants, then what the sources' names stand for.
 * @param given settings that take the place of the recipe's; their line says so
 */
export function describeRecipe(
  recipe: Recipe,
  given: Partial<Record<keyof RecipeSettings, unknown>> = {},
): string[] {
  const { settings, constants, sources } = checkedRecipe('describeRecipe', recipe, given);
  const rows = Object.entries(settings).map(([field, { value, source }]) => {
    const own = given[field as keyof RecipeSettings];
    return own === undefined
      ? [field, settingInWords(value), source]
      : [field, settingInWords(own), `given; the recipe has ${settingInWords(value)} (${source})`];
  });
  for (const [name, { value, source }] of Object.entries(constants))
    rows.push([name, settingInWords(value), `always so; ${source}`]);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map(
    ([field, value, source]) => `${field!.padEnd(widths[0]!)}  ${value!.padEnd(widths[1]!)}  ${source}`,
  );
  const legend = Object.entries(sources).map(([name, meaning]) => `${name}: ${meaning}`);
  return [...lines, '', ...legend];
}
