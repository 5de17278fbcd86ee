// The options of every command that trains, made from the table of settings, and the settings that they give.

import { type Command, InvalidArgumentError, Option } from 'commander';
import type { GivenSettings } from '../../train';
import { SETTING_NAMES, type SettingName, settingNamed } from '../../train/settings';
import { defaultInWords } from '../../train/settings/defaults';
import { flagOf } from '../../train/settings/setting';
import { asUsage, backendOptions } from '../arguments';
import { neuronNamed } from './neuron';
import { recipeOption } from './recipe';

/** The settings that users give. */
export const GIVEN_SETTINGS = SETTING_NAMES.filter((name) => settingNamed(name).given !== undefined);

/** A parser of a setting's words. `none` stays a word: commander takes a parser's null for no value. */
export function settingParser(name: SettingName): (word: string) => unknown {
  const { kind, given } = settingNamed(name);
  return asUsage((word) => {
    const value = name === 'neuron' ? neuronNamed(word) : given!.read(word);
    if (!kind.holds(value))
      throw new InvalidArgumentError(`Expected ${kind.wanted.replace('null', 'none')}.`);
    return value === null ? 'none' : value;
  });
}

/** The option of a setting. @param help instead of the table's */
export function settingOption(name: SettingName, help?: string): Option {
  const { placeholder, choices, help: words } = settingNamed(name).given!;
  const option = new Option(
    `${flagOf(name)} <${placeholder}>`,
    help ?? `${words} (default: ${defaultInWords(name)})`,
  );
  return choices === undefined ? option.argParser(settingParser(name)) : option.choices(choices);
}

/** --arch, --width, --timesteps, --dynamics: a network without its rectifier. */
export const NETWORK_SETTINGS = ['arch', 'width', 'timesteps', 'dynamics'] as const;

/** Which settings: all that users give but those for which a command has options of its own. */
export interface Which {
  readonly only?: readonly SettingName[];
  readonly without?: readonly SettingName[];
}

function named({ only = GIVEN_SETTINGS, without = [] }: Which): SettingName[] {
  return only.filter((name) => !without.includes(name));
}

/** The settings, --recipe, and where to compute. */
export function addTrainingOptions(command: Command, which: Which = {}): Command {
  for (const name of named(which)) command.addOption(settingOption(name));
  command.addOption(recipeOption());
  for (const option of backendOptions()) command.addOption(option);
  return command;
}

/** What the user gave of the settings. @param options as commander gives them */
export function givenSettings(options: object, which: Which = {}): GivenSettings {
  const values = options as Readonly<Record<string, unknown>>;
  const entries = named(which).map((name) => {
    const isNull = values[name] === 'none' && settingNamed(name).kind.holds(null);
    return [name, isNull ? null : values[name]] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
