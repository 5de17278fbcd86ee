// --recipe: what the command line does not say itself comes from named settings, each printed with its source.

import { type Command, Option } from 'commander';
import {
  describeRecipe,
  RECIPES,
  type Recipe,
  type RecipeName,
  type RecipeSettings,
  recipes,
  withRecipe,
} from '../train';
import { unlessNone } from './arguments';
import { say } from './terminal';
import type { TrainingOptions } from './training-options';

export function recipeOption(): Option {
  return new Option(
    '--recipe <name>',
    "take what is not given here from the code of the authors' line of work, and print where each value was read",
  ).choices(RECIPES);
}

/** Whether the user wrote the option, as opposed to its default. */
export function isGiven(command: Command, option: string): boolean {
  return command.getOptionValueSource(option) === 'cli';
}

/** Options of training, of a command that may have no choice of dynamics. */
type Options = Omit<TrainingOptions, 'dynamics'> & Partial<Pick<TrainingOptions, 'dynamics'>>;

/** Time steps and MPR of a command that has one of each, where they are given. */
export function ownNetwork(
  { timesteps, mpr }: { timesteps: number; mpr: number | 'none' },
  command: Command,
): Pick<Partial<RecipeSettings>, 'timesteps' | 'mpr'> {
  return {
    timesteps: isGiven(command, 'timesteps') ? timesteps : undefined,
    mpr: isGiven(command, 'mpr') ? unlessNone(mpr) : undefined,
  };
}

/**
 * Prints the recipe to standard error.
 * @param network what takes the place of the recipe's time steps and MPR
 * @param shown what a command has in the place of a field, of whatever kind, as it is printed
 * @returns the recipe with all that was given in its place
 */
export function applyRecipe(
  name: RecipeName,
  options: Options,
  command: Command,
  network: Pick<Partial<RecipeSettings>, 'timesteps' | 'mpr'>,
  shown: Partial<Record<keyof RecipeSettings, unknown>> = {},
): RecipeSettings {
  const own = <T>(option: keyof Options, value: T) => (isGiven(command, option) ? value : undefined);
  const given: Partial<RecipeSettings> = {
    epochs: own('epochs', options.epochs),
    batch: own('batch', options.batch),
    lr: own('lr', options.lr),
    momentum: own('momentum', options.momentum),
    weightDecay: own('weightDecay', options.weightDecay),
    clip: own('clip', unlessNone(options.clip)),
    augment: own('augment', options.augment),
    dynamics: own('dynamics', options.dynamics),
  };
  const filled = { ...given, ...network };
  const recipe: Recipe = recipes[name];
  const lines = [`recipe ${name}: ${recipe.title}`, ...describeRecipe(recipe, { ...filled, ...shown })];
  say(`${lines.join('\n')}\n`);
  return withRecipe(recipe, filled);
}

/** What a recipe says of training, as the options have it. */
export function trainingOptionsOf({
  clip,
  ...rest
}: Omit<RecipeSettings, 'timesteps' | 'mpr' | 'dynamics'> &
  Partial<Pick<RecipeSettings, 'dynamics'>>): Partial<TrainingOptions> {
  return { ...rest, clip: clip ?? 'none' };
}
