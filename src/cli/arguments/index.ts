// Turning words of the command line into values, with an error that says what would have been right.

import { InvalidArgumentError, Option } from 'commander';
import type { BackendName, Flavour } from '../../init';
import { plainMessage } from '../exit';

/** A parser for whole numbers of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`Expected a whole number >= ${least}.`);
    }
    return value;
  };
}

/** A parser for numbers of at least `least` (or above it). */
export function realNumber(least: number, inclusive = true): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (!Number.isFinite(value) || (inclusive ? value < least : value <= least)) {
      throw new InvalidArgumentError(`Expected a number ${inclusive ? '>=' : '>'} ${least}.`);
    }
    return value;
  };
}

/** A parser that complains with a library error, as one of wrong usage. */
export function asUsage<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError(plainMessage(error));
    }
  };
}

/** A parser for values joined by commas, none of them twice. */
export function listOf<T>(parse: (text: string) => T): (text: string) => T[] {
  return (text) => {
    const values = text.split(',').map((part) => parse(part.trim()));
    if (new Set(values).size < values.length) throw new InvalidArgumentError('A value is given twice.');
    return values;
  };
}

/** A word of the command line that may be `none`, as the settings of a run hold it. */
export function unlessNone<T>(value: T | 'none'): T | null {
  return value === 'none' ? null : value;
}

/** Where to compute, as the command line says it. */
export interface BackendChoice {
  backend: BackendName;
  threads?: number;
  simd?: Flavour;
}

/** --backend, --threads, --simd. */
export function backendOptions(): Option[] {
  return [
    new Option('--backend <name>', 'where to compute; auto measures wasm and, where there is one, the GPU')
      .choices(['auto', 'wasm', 'gpu', 'cpu'])
      .default('auto'),
    new Option('--threads <n>', 'threads of wasm (default: all, up to 8)').argParser(wholeNumber(1)),
    new Option(
      '--simd <flavour>',
      'instructions of wasm: plain gives the same bits on every machine, relaxed is faster where there is a fused multiply-add (default: relaxed, where it runs)',
    ).choices(['plain', 'relaxed']),
  ];
}

/** --force, for runs that go on. */
export function forceOption(): Option {
  return new Option(
    '--force',
    'go on with a run on another backend or SIMD flavour, or with an older version, than it was begun with',
  );
}
