import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../src/core/random';
import { writeImage } from '../../src/data/augment';
import { shapes } from '../../src/data/shapes';
import { neuronOf } from '../../src/snn/options';
import { checkRunSettings } from '../../src/train/settings';
import {
  describeRecipe,
  RECIPE_SOURCES,
  RECIPES,
  type Recipe,
  type RecipeSettings,
  recipes,
  withRecipe,
} from '../../src/train/settings/recipes';

const named = RECIPES.map((name) => [name, recipes[name] as Recipe] as const);
/** Those that others published. */
const published = named.filter(([, { sources }]) => sources === RECIPE_SOURCES);
const sourcesOf = ({ settings, constants }: Recipe) =>
  [...Object.values(settings), ...Object.values(constants)].map(({ source }) => source);

describe('recipes', () => {
  test('paper and long are these numbers', () => {
    const common = { batch: 128, lr: 0.01, momentum: 0.9, weightDecay: 1e-4, clip: null };
    const network = { timesteps: 4, mpr: 3, dynamics: 'leak' };
    expect(withRecipe(recipes.paper)).toEqual({
      ...common,
      ...network,
      epochs: 100,
      augment: ['crop', 'flip'],
    });
    expect(withRecipe(recipes.long)).toEqual({
      ...common,
      ...network,
      epochs: 400,
      augment: ['crop', 'flip', 'autoaugment', 'cutout'],
    });
  });

  test.each(published)('every field of %s names a file with a line, or a README', (_, recipe) => {
    const known = Object.keys(recipe.sources).filter((name) => name !== 'paper');
    for (const source of sourcesOf(recipe)) {
      expect(known.some((name) => source.includes(`${name} `))).toBe(true);
      expect(source).toMatch(/\.py:\d+|README/);
    }
  });

  test.each(named)('the settings of %s are settings of a run', (_, recipe) => {
    const rest = { dataset: 'cifar10', limit: null, arch: 'resnet20', width: 64, seed: 0 } as const;
    const images = { classes: 10, channels: 3, height: 32, imageWidth: 32 };
    const settings = { ...rest, ...images, ...withRecipe(recipe) };
    expect(checkRunSettings(settings, 'test')).toEqual(settings);
  });

  test.each(published)('the constants of %s are what a run has where nothing is said', (_, { constants }) => {
    const neuron = neuronOf('test', {});
    for (const name of ['tau', 'vth', 'vReset'] as const) expect(constants[name]!.value).toBe(neuron[name]);
    expect(neuron.reset).toBe('hard');
    if (constants.cutoutSize === undefined) return;
    const images = shapes({ count: 1, seed: 1 });
    const blanked = [undefined, constants.cutoutSize.value].map((cutoutSize) => {
      const out = new Float32Array(images.pixels.length);
      writeImage(images, 0, out, 0, new Random(5), { augment: ['cutout'], cutoutSize });
      return out;
    });
    expect(blanked[0]).toEqual(blanked[1]);
  });

  test('only a recipe that cuts out says how large', () => {
    for (const [, { settings, constants }] of named)
      expect('cutoutSize' in constants).toBe(settings.augment.value.includes('cutout'));
  });
});

/** Some fields of a run, of which some are there and undefined. */
const given: fc.Arbitrary<Partial<RecipeSettings>> = fc.record(
  {
    epochs: fc.option(fc.integer({ min: 1 }), { nil: undefined }),
    lr: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
    clip: fc.option(fc.double({ min: 0.1, max: 9, noNaN: true })),
    mpr: fc.option(fc.double({ min: 0.1, max: 9, noNaN: true })),
    augment: fc.constantFrom([], ['flip' as const]),
  },
  { requiredKeys: [] },
);

describe('withRecipe', () => {
  test('what is given stays, null too, and all else is the recipe', () => {
    fc.assert(
      fc.property(fc.constantFrom(...named), given, ([, recipe], own) => {
        const filled = withRecipe(recipe, own);
        expect(Object.keys(filled).sort()).toEqual(Object.keys(recipe.settings).sort());
        for (const [field, { value }] of Object.entries(recipe.settings)) {
          const wanted = own[field as keyof RecipeSettings];
          expect(filled[field as keyof RecipeSettings]).toEqual(wanted === undefined ? value : wanted);
        }
      }),
    );
  });
});

describe('the recipes of phases', () => {
  const own = named.filter(([, { settings }]) => settings.phases !== undefined);

  test.each(own)('%s is of one piece where phases are none, or a warm-up is given', (_, recipe) => {
    expect(withRecipe(recipe, { phases: [] })).toMatchObject({ phases: [], normBatches: 0 });
    expect(withRecipe(recipe, { warmup: 1 })).toMatchObject({ phases: [], normBatches: 0 });
    expect(withRecipe(recipe, { epochs: 2 }).phases).toEqual(recipe.settings.phases!.value);
  });

  test.each(own)('%s has a rate for its optimiser alone', (name, recipe) => {
    const { value } = recipe.settings.optimizer!;
    expect(() => withRecipe(recipe, { optimizer: 'lion' })).toThrow(
      `withRecipe: its lr ${recipe.settings.lr.value} is for the optimizer ${value}: beside optimizer lion give lr too`,
    );
    expect(withRecipe(recipe, { optimizer: 'lion', lr: 0.001 }), name).toMatchObject({ lr: 0.001 });
    expect(withRecipe(recipe, { optimizer: value }).optimizer).toBe(value);
  });
});

describe('describeRecipe', () => {
  test.each(named)(
    'has one line for each field and constant of %s, then the names of the sources',
    (_, recipe) => {
      const lines = describeRecipe(recipe);
      const names = [...Object.keys(recipe.settings), ...Object.keys(recipe.constants)];
      const end = lines.indexOf('');
      expect(lines.slice(0, end).map((line) => line.split(' ')[0])).toEqual(names);
      sourcesOf(recipe).forEach((source, i) => {
        expect(lines[i]).toContain(source);
      });
      expect(lines.length - end - 1).toBe(Object.keys(recipe.sources).length);
    },
  );

  test('columns begin at one place', () => {
    const lines = describeRecipe(recipes.long);
    const line = (field: string) => lines.find((text) => text.startsWith(`${field} `))!;
    expect(line('augment').indexOf('crop,flip,autoaugment,cutout')).toBe(line('lr').indexOf('0.01'));
    expect(line('clip')).toMatch(/^clip +none +nothing between/);
  });

  test('says what was given in the place of the recipe', () => {
    const lines = describeRecipe(recipes.paper, { lr: 0.1, augment: [], epochs: undefined });
    expect(lines.find((line) => line.startsWith('lr '))).toMatch(
      /^lr +0\.1 +given; the recipe has 0\.01 \(paper; Re-Loss/,
    );
    expect(lines.find((line) => line.startsWith('augment '))).toMatch(/^augment +none +given; .*crop,flip/);
    expect(lines.find((line) => line.startsWith('epochs '))).toMatch(/^epochs +100 +not stated/);
  });
});
