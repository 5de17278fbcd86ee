// What one setting of a run is made of: its kind, how it is given on the command line, what it is where nothing is
// said, and whether a run that goes on may change it. The settings themselves are listed in index.ts.

import type { Kind } from '../../options';
import type { OptimizerName } from './descent';
import { phaseInWords, type RunPhase } from './phases';

/** Whether a run that goes on may be given another value. */
export type MayChange = 'freely' | 'never';

/** What decides a default. */
export interface Circumstances {
  readonly arch: string;
  /** Whether the neurons are those of `Lif`, not equations. */
  readonly isLif: boolean;
  readonly optimizer: OptimizerName;
}

/** How a user gives a setting. Its flag is its name: `--weight-decay` for weightDecay. */
export interface Given<T> {
  /** The flag's value in help: `n` for `<n>`. */
  readonly placeholder: string;
  readonly help: string;
  /** From a word of the command line to a value, which its kind then judges. */
  readonly read: (word: string) => unknown;
  /** Where there is a closed list of values, to be shown in help. */
  readonly choices?: readonly string[];
  /** What it is where nothing is said, unless the data set has a default of its own (defaults.ts). */
  readonly absent: T | ((of: Circumstances) => T);
  /** The default in words, where a value would tell too little. */
  readonly absentWords?: string;
}

/** One setting of a run. */
export interface Setting<T> {
  readonly kind: Kind<T>;
  readonly resume: MayChange;
  /** Absent where users do not give it: the images decide it, or the run itself. */
  readonly given?: Given<T>;
}

/** What files mean that do not have the setting yet. It is never written, so that their names and hashes stay. */
export interface Later<T> {
  readonly old: T;
}

/** Marks a setting that a recipe decides. */
export interface InRecipe {
  readonly recipe: true;
}

/** The values of a table of settings; those that came later may be absent. */
export type SettingsOf<Table> = {
  readonly [K in keyof Table as Table[K] extends Later<unknown> ? never : K]: ValueOf<Table[K]>;
} & {
  readonly [K in keyof Table as Table[K] extends Later<unknown> ? K : never]?: ValueOf<Table[K]>;
};
type ValueOf<S> = S extends Setting<infer T> ? T : never;

/** A setting that the user decides, and a run keeps. */
/* @__NO_SIDE_EFFECTS__ */
export function setting<T>(kind: Kind<T>, given: Given<NoInfer<T>>): Setting<T> {
  return { kind, resume: 'never', given };
}

/** The same, which a recipe decides where the user does not. */
/* @__NO_SIDE_EFFECTS__ */
export function recipeSetting<T>(kind: Kind<T>, given: Given<NoInfer<T>>): Setting<T> & InRecipe {
  return { ...setting(kind, given), recipe: true };
}

/** A setting that the images decide. */
/* @__NO_SIDE_EFFECTS__ */
export function imageSetting<T>(kind: Kind<T>): Setting<T> {
  return { kind, resume: 'never' };
}

/** A setting that the run itself makes, and that older files do not have. */
/* @__NO_SIDE_EFFECTS__ */
export function laterSetting<T>(kind: Kind<T>, old: NoInfer<T>): Setting<T> & Later<T> {
  return { kind, resume: 'never', old };
}

/** A setting that older files do not have. Where it has its old value it is not written. */
/* @__NO_SIDE_EFFECTS__ */
export function later<T>(entry: Setting<T>, old: NoInfer<T>): Setting<T> & Later<T> {
  return { ...entry, old };
}

/** The same setting, which may be given another value when a run goes on. */
/* @__NO_SIDE_EFFECTS__ */
export function mayChange<S extends { readonly resume: MayChange }>(entry: S): S {
  return { ...entry, resume: 'freely' };
}

/** A number of the command line; what is none is NaN, which no kind takes. */
export function readNumber(word: string): number {
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(word) ? Number(word) : Number.NaN;
}

export const readWord = (word: string): string => word;

/** `none` for null, or whatever `read` understands. */
/* @__NO_SIDE_EFFECTS__ */
export function readOrNone(read: (word: string) => unknown): (word: string) => unknown {
  return (word) => (word === 'none' ? null : read(word));
}

/** The flag of a setting or an option: `--weight-decay`. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** A value as the command line takes it: `none`, `crop,flip`, `0.1`; of equations their text. */
export function settingInWords(value: unknown): string {
  if (value === null) return 'none';
  if (Array.isArray(value)) return value.map(settingInWords).join(',') || 'none';
  if (typeof value !== 'object') return String(value);
  // a neuron: its equations say more than all of its JSON
  if ('parts' in value) return phaseInWords(value as RunPhase);
  return 'equations' in value
    ? [value.equations].flat().join('\n').split('\n').join('; ')
    : JSON.stringify(value);
}
