// What a public function takes as options, as a table: each option's kind and default stand in one place, from which
// come the check of what a user wrote and the tables of the documentation (docs/options.md). The marks
// NO_SIDE_EFFECTS let a bundler leave out the tables of functions that a page does not use.

import { SpikegradError } from '../errors';
import type { Kind } from './kinds';
import { suggestion } from './nearest';
import { shown } from './show';

/** One option: what it must be, and what it is when left out. */
export interface Option<T, Absent> {
  readonly kind: Kind<T>;
  /** Made anew for each call, so that no two share it. */
  readonly absent: () => Absent;
  /** The default as the documentation shows it; empty where there is none. */
  readonly shown: string;
  readonly required: boolean;
}

/** An option that has a default. @param words where the value itself would tell a reader too little */
/* @__NO_SIDE_EFFECTS__ */
export function option<T>(kind: Kind<T>, value: T | (() => T), words?: string): Option<T, T> {
  const absent = typeof value === 'function' ? (value as () => T) : () => value;
  return {
    kind,
    absent,
    // asked for by the documentation alone, while every table is made at the start
    get shown() {
      return words ?? shown(absent());
    },
    required: false,
  };
}

/** An option that may be left out, with nothing in its place. @param words what happens then */
/* @__NO_SIDE_EFFECTS__ */
export function optional<T>(kind: Kind<T>, words = ''): Option<T, undefined> {
  return { kind, absent: () => undefined, shown: words, required: false };
}

/** An option that must be given. */
/* @__NO_SIDE_EFFECTS__ */
export function required<T>(kind: Kind<T>): Option<T, never> {
  const absent = () => {
    throw new SpikegradError('options', 'a required option is checked before its default is asked for');
  };
  return { kind, absent, shown: '', required: true };
}

/**
 * For `satisfies`: holds a table to the interface that users see, so that neither has an option that the other lacks.
 */
export type OptionsOf<O> = { readonly [K in keyof O]-?: Option<Exclude<O[K], undefined>, unknown> };

type Specs = Readonly<Record<string, Option<unknown, unknown>>>;

/** Options with all defaults filled in. */
export type Filled<S> = {
  [K in keyof S]: S[K] extends Option<infer T, infer Absent> ? T | Absent : never;
};

/** @throws unless the value is of the kind, naming the function, what is wanted and what came */
export function checkKind<T>(where: string, name: string, kind: Kind<T>, value: unknown): asserts value is T {
  if (kind.holds(value)) return;
  const advice = kind.advice?.(value);
  throw new SpikegradError(
    where,
    `${name} must be ${kind.wanted}, got ${shown(value)}${advice === undefined ? '' : `; ${advice}`}`,
  );
}

/**
 * For what a function is given beyond what it takes, which would be ignored. `list.map` gives an index and the list
 * along.
 */
export function takesNoMore(where: string, more: readonly unknown[]): void {
  if (more.every((value) => value === undefined)) return;
  if (more.length === 2 && typeof more[0] === 'number' && Array.isArray(more[1])) return;
  throw new SpikegradError(where, `takes no further argument, got ${more.map(shown).join(', ')}`);
}

/** What was given, and what was read of it. */
interface Recently<F> {
  readonly names: readonly string[];
  readonly values: readonly unknown[];
  readonly filled: F;
}

/** So many are remembered: the layers of a network have few kinds of options. */
const MOST_RECENT = 4;

/** Whether a plain object has these values under these names, in their order, and no others. */
function isSame({ names, values }: Recently<unknown>, given: Readonly<object>): boolean {
  let count = 0;
  for (const name in given) {
    if (names[count] !== name || values[count] !== (given as Record<string, unknown>)[name]) return false;
    count++;
  }
  return count === names.length && Object.getPrototypeOf(given) === Object.prototype;
}

/** The options of one or more functions. */
export class OptionTable<S extends Specs> {
  readonly names: readonly string[];
  readonly #recent: Recently<Filled<S>>[] = [];

  constructor(readonly specs: S) {
    this.names = Object.keys(specs);
  }

  /** This table with more options. */
  with<More extends Specs>(more: More): OptionTable<S & More> {
    return new OptionTable({ ...this.specs, ...more });
  }

  /** @throws unless `given` is an object with options of the table alone, each of its kind */
  check(where: string, given: unknown): void {
    this.read(where, given);
  }

  /**
   * What was given, checked, with defaults for the rest. An option that is `undefined` was not given.
   * @param where the public function
   * @throws SpikegradError naming the function, the option, and the nearest name there is
   */
  read(where: string, given: unknown = {}): Filled<S> {
    if (!this.#mayBeOptions(given))
      throw new SpikegradError(
        where,
        `options must be an object such as { ${this.#example(given)} }, got ${shown(given)}`,
      );
    const values = given;
    for (const name in values) {
      if (Object.hasOwn(this.specs, name)) continue;
      const known = this.names.length === 0 ? 'it takes none' : `it takes ${this.names.join(', ')}`;
      throw new SpikegradError(where, `has no option '${name}'${suggestion(name, this.names)} (${known})`);
    }
    const filled: Record<string, unknown> = {};
    for (const name of this.names) {
      const { kind, absent, required } = this.specs[name]!;
      const value = values[name];
      if (value === undefined && !required) {
        filled[name] = absent();
        continue;
      }
      if (value === undefined) throw new SpikegradError(where, `needs ${name}, ${kind.wanted}`);
      checkKind(where, name, kind, value);
      filled[name] = value;
    }
    return filled as Filled<S>;
  }

  /**
   * The same for functions that are called again and again: what was given lately, value by value, is not checked once
   * more, and what was read of it is shared. For tables whose values and defaults are never changed.
   */
  again(where: string, given: Readonly<object> = {}): Filled<S> {
    if (typeof given !== 'object' || given === null) return this.read(where, given);
    const recent = this.#recent;
    for (let i = 0; i < recent.length; i++) if (isSame(recent[i]!, given)) return recent[i]!.filled;
    const filled = Object.freeze(this.read(where, given));
    if (Object.getPrototypeOf(given) !== Object.prototype) return filled;
    if (recent.length === MOST_RECENT) recent.pop();
    recent.unshift({ names: Object.keys(given), values: Object.values(given), filled });
    return filled;
  }

  /**
   * Each of a list of objects such as a chart's series, checked.
   * @param name what the list is called
   */
  readEach(where: string, name: string, list: unknown): Filled<S>[] {
    if (!Array.isArray(list))
      throw new SpikegradError(where, `${name} must be a list of objects, got ${shown(list)}`);
    return list.map((entry, i) => this.read(`${where}: ${name}[${i}]`, entry === undefined ? null : entry));
  }

  /** Whether it is an object, and where it is of a class has anything to do with these options. */
  #mayBeOptions(given: unknown): given is Record<string, unknown> {
    // not an array, a map, a promise, …
    if (Object.prototype.toString.call(given) !== '[object Object]') return false;
    const maker = (Object.getPrototypeOf(given) as object | null)?.constructor?.name ?? 'Object';
    return maker === 'Object' || this.names.some((name) => name in (given as object));
  }

  /** How the value that was meant for an option would be given, for whoever wrote `mpr(7)`. */
  #example(given: unknown): string {
    const fitting = this.names.find((name) => this.specs[name]!.kind.holds(given)) ?? this.names[0];
    if (fitting === undefined) return '';
    const value = this.specs[fitting]!.kind.holds(given) ? shown(given) : this.specs[fitting]!.shown || '…';
    return `${fitting}: ${value}`;
  }
}

/** A table of options; see {@link OptionTable}. */
/* @__NO_SIDE_EFFECTS__ */
export function optionTable<S extends Specs>(specs: S): OptionTable<S> {
  return new OptionTable(specs);
}
