// --recipe: what the command line does not say itself comes from named settings, each printed with its source.

import { Option } from 'commander';
import {
  describeRecipe,
  type GivenSettings,
  RECIPES,
  type Recipe,
  type RecipeName,
  type RecipeSettings,
  recipes,
  withRecipe,
} from '../../train';
import { say } from '../terminal';

export function recipeOption(): Option {
  return new Option(
    '--recipe <name>',
    'take what is not given here from the paper and the code of its authors (paper, long) or from the speed run (fast; drawn for drawn shapes), and print where each value was read',
  ).choices(RECIPES);
}

/**
 * Prints the recipe to standard error.
 * @param given what takes the place of the recipe's values
 * @param shown what a command has in the place of a field, of whatever kind, as it is printed
 * @returns what was given, and the recipe where nothing was
 */
export function applyRecipe(
  name: RecipeName | undefined,
  given: GivenSettings,
  shown: Partial<Record<keyof RecipeSettings, unknown>> = {},
): GivenSettings {
  if (name === undefined) return given;
  const recipe: Recipe = recipes[name];
  const lines = [`recipe ${name}: ${recipe.title}`, ...describeRecipe(recipe, { ...given, ...shown })];
  say(`${lines.join('\n')}\n`);
  return { ...given, ...withRecipe(recipe, given) };
}
