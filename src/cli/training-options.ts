// The options that every command that trains has, and the settings of a run that they make.

import { type Command, Option } from 'commander';
import { parseAugmentations } from '../data/augment';
import type { Dataset } from '../data/dataset';
import { ARCHITECTURES, defaultWidth, imageSettings, type RecipeName, type RunSettings } from '../train';
import { asUsage, backendOptions, orNone, realNumber, unlessNone, wholeNumber } from './arguments';
import { recipeOption } from './recipe';

/** Their values, as commander gives them. */
export interface TrainingOptions {
  arch: RunSettings['arch'];
  width?: number;
  dynamics: RunSettings['dynamics'];
  epochs: number;
  batch: number;
  lr: number;
  momentum: number;
  weightDecay: number;
  clip: number | 'none';
  augment: RunSettings['augment'];
  limit?: number;
  recipe?: RecipeName;
}

/** --arch, --width, --dynamics. */
export function networkOptions(): Option[] {
  return [
    new Option('--arch <name>', 'network').choices(ARCHITECTURES).default('resnet20-small'),
    new Option(
      '--width <n>',
      'channels of the first stage (default: 16 for resnet20-small, 64 for resnet20)',
    ).argParser(wholeNumber(1)),
    new Option('--dynamics <name>', 'charge equation').choices(['leak', 'paper']).default('leak'),
  ];
}

/** @param choice.dynamics whether there is a choice of dynamics; default true */
export function addTrainingOptions(command: Command, { dynamics = true } = {}): Command {
  for (const option of networkOptions()) {
    if (dynamics || option.attributeName() !== 'dynamics') command.addOption(option);
  }
  command
    .option('--epochs <n>', 'passes over the training images', wholeNumber(1), 10)
    .option('--batch <n>', 'images a step', wholeNumber(1), 128)
    .option('--lr <x>', 'learning rate of the first step', realNumber(0), 0.01)
    .option('--momentum <x>', 'momentum of the steps', realNumber(0), 0.9)
    .option('--weight-decay <x>', 'weight decay', realNumber(0), 0)
    .option('--clip <norm>', 'largest gradient norm, or none', orNone(realNumber(0, false)), 'none')
    .addOption(
      new Option('--augment <list>', 'crop, flip, autoaugment, cutout joined by commas, or none')
        .argParser(asUsage(parseAugmentations))
        .default([], 'none'),
    )
    .option(
      '--limit <n>',
      'use only the first n images for training, and the first n for testing',
      wholeNumber(1),
    )
    .addOption(recipeOption());
  for (const option of backendOptions()) command.addOption(option);
  return command;
}

/** @param train the images that decide shapes and classes */
export function settingsOf(
  options: TrainingOptions,
  run: Pick<RunSettings, 'dataset' | 'timesteps' | 'mpr' | 'seed'>,
  train: Dataset,
): RunSettings {
  return {
    dataset: run.dataset,
    limit: options.limit ?? null,
    arch: options.arch,
    width: options.width ?? defaultWidth[options.arch],
    timesteps: run.timesteps,
    mpr: run.mpr,
    dynamics: options.dynamics,
    ...imageSettings(train),
    epochs: options.epochs,
    batch: options.batch,
    lr: options.lr,
    momentum: options.momentum,
    weightDecay: options.weightDecay,
    clip: unlessNone(options.clip),
    augment: options.augment,
    seed: run.seed,
  };
}
