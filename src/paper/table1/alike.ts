// Whether the cells of a condition were computed alike, in words: by one build, on one backend and SIMD flavour, from
// the same images. Workers of a queue may differ in all of that; those that do are marked in the table, and found no
// pair for it.

import { armWords, isReference } from '../arm';
import { type CellRecord, isPair } from '../cell';
import type { Condition } from '.';

/** What every table says of its pairs. */
export const PAIRS =
  'A difference is taken between cells of one seed that one build trained on the same images; records that name no build, or hold no hash of their images, pair only among themselves.';

const UNKNOWN = 'not recorded';

/** What a cell was computed with, by name; the number of threads changes no bit. */
function makingOf({ environment: { backend, build, simd }, images }: CellRecord): Record<string, string> {
  return {
    build: build ?? UNKNOWN,
    backend: backend.replace(/, (plain |relaxed )?SIMD.*/, ''),
    'SIMD flavour':
      simd ?? (/relaxed SIMD/.test(backend) ? 'relaxed' : /SIMD/.test(backend) ? 'plain' : 'none'),
    'hash of the images': images.content ?? UNKNOWN,
  };
}

const keyOf = (cell: CellRecord) => JSON.stringify(makingOf(cell));
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/**
 * Letters of the cells that were computed otherwise than most of their condition, and what is other in each letter's.
 */
export interface Marks {
  /** ` (a)`, or nothing. */
  of(cell: CellRecord): string;
  /** `(a) build 0.1.0+1 instead of 0.1.0+2`. */
  readonly notes: readonly string[];
}

/** The marks of a condition's cells. */
export function marksOf({ rows }: Pick<Condition, 'rows'>): Marks {
  const groups = new Map<string, CellRecord[]>();
  for (const cell of rows.flatMap(({ cells }) => cells))
    groups.set(keyOf(cell), [...(groups.get(keyOf(cell)) ?? []), cell]);
  const [usual, ...others] = [...groups.entries()].sort(([, a], [, b]) => b.length - a.length);
  const letterAt = (i: number) => LETTERS[i] ?? String(i + 1);
  const letters = new Map(others.map(([key], i) => [key, letterAt(i)]));
  const notes = others.map(([, [cell]], i) => {
    const common = makingOf(usual![1][0]!);
    const other = Object.entries(makingOf(cell!)).filter(([name, value]) => value !== common[name]);
    return `(${letterAt(i)}) ${other.map(([name, value]) => `${name} ${value} instead of ${common[name]}`).join('; ')}`;
  });
  return {
    of(cell) {
      const letter = letters.get(keyOf(cell));
      return letter === undefined ? '' : ` (${letter})`;
    },
    notes,
  };
}

/**
 * What is to be said of a condition's cells below its table: the marks, changes on the way, and seeds without a pair.
 */
export function cellNotes(condition: Pick<Condition, 'rows'>): string[] {
  const { rows } = condition;
  const { notes } = marksOf(condition);
  const references = rows.filter(({ arm }) => isReference(arm)).flatMap(({ cells }) => cells);
  const changed = rows.flatMap(({ arm, cells }) =>
    cells.flatMap(({ settings, summary: { changes = [] } }) =>
      changes.map((change) => `${armWords(arm)}, seed ${settings.seed}, ${change}`),
    ),
  );
  const alone = rows.flatMap(({ arm, cells }) => {
    if (isReference(arm)) return [];
    const seeds = cells.flatMap((cell) => {
      const sameSeed = references.filter(({ settings }) => settings.seed === cell.settings.seed);
      return sameSeed.length > 0 && !sameSeed.some((none) => isPair(cell, none)) ? [cell.settings.seed] : [];
    });
    if (seeds.length === 0) return [];
    return [
      `${armWords(arm)}, seed ${seeds.join(', ')}: no pair, since none without a rectifier of that seed has its build and images.`,
    ];
  });
  return [
    ...(notes.length === 0 ? [] : [`Not all of these cells were computed alike: ${notes.join('. ')}.`]),
    ...(changed.length === 0 ? [] : [`Changed while they were trained: ${changed.join('; ')}.`]),
    ...alone,
  ];
}
