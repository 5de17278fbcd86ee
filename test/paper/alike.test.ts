// Cells that were computed otherwise than the others of their condition: marked, never paired with them.

import { describe, expect, test } from 'vitest';
import type { CellRecord } from '../../src/paper/cell';
import { parseCell } from '../../src/paper/cell/parse';
import { dynamicsStudy } from '../../src/paper/dynamics';
import { table1 } from '../../src/paper/table1';
import { cellNotes, marksOf } from '../../src/paper/table1/alike';
import { table1Csv, table1Markdown } from '../../src/paper/table1/files';
import { table1Report } from '../../src/paper/table1/report';
import { rowsWords } from '../../src/paper/table1/words';
import { cell } from '../support/records';

/** A record with a build, a flavour and a hash of its images. */
function made(
  settings: Parameters<typeof cell>[0],
  accuracy: number,
  { content = 'aa', ...environment }: { build?: string; simd?: 'plain' | 'relaxed'; content?: string } = {},
): CellRecord {
  const record = cell(settings, accuracy);
  return {
    ...record,
    images: { ...record.images, content },
    environment: { ...record.environment, build: '0.1.0+1', simd: 'relaxed', ...environment },
  };
}

const pairsOf = (cells: CellRecord[]) => table1(cells)[0]!.rows[1]!.difference?.pairs;

describe('pairs', () => {
  test('are of one seed, one build and the same images', () => {
    expect(pairsOf([made({}, 0.5), made({ mpr: 3 }, 0.6)])).toBe(1);
    expect(pairsOf([made({}, 0.5), made({ mpr: 3 }, 0.6, { content: 'bb' })])).toBeUndefined();
    expect(pairsOf([made({}, 0.5), made({ mpr: 3 }, 0.6, { build: '0.1.0+2' })])).toBeUndefined();
  });

  test('of records without build or hash are among themselves', () => {
    expect(pairsOf([cell({}, 0.5), cell({ mpr: 3 }, 0.6)])).toBe(1);
    expect(pairsOf([cell({}, 0.5), made({ mpr: 3 }, 0.6)])).toBeUndefined();
  });

  test('of the two charge equations are found by the same rule', () => {
    const runs = (content: string) =>
      [made({}, 0.5), made({ dynamics: 'paper' }, 0.4, { content })].map((record) => ({
        record,
        view: undefined,
      }));
    const batches = { count: 1, size: 8, seed: 0 };
    expect(dynamicsStudy(runs('aa'), batches).difference?.pairs).toBe(1);
    expect(dynamicsStudy(runs('bb'), batches).difference).toBeUndefined();
  });
});

describe('workers that differ', () => {
  const cells = [
    made({}, 0.5),
    made({ seed: 1 }, 0.5),
    made({ mpr: 3 }, 0.6),
    made({ mpr: 3, seed: 1 }, 0.7, { simd: 'plain', build: '0.1.0+2', content: 'bb' }),
  ];
  const [condition] = table1(cells);
  const note =
    '(a) build 0.1.0+2 instead of 0.1.0+1; SIMD flavour plain instead of relaxed; hash of the images bb instead of aa';

  test('are marked in the row and below it, in table, page and file', () => {
    expect(marksOf(condition!).notes).toEqual([note]);
    expect(rowsWords(condition!).map((row) => row[5])).toEqual(['0, 1', '0, 1 (a)']);
    expect(cellNotes(condition!)).toEqual([
      `Not all of these cells were computed alike: ${note}.`,
      'k = 3, seed 1: no pair, since none without a rectifier of that seed has its build and images.',
    ]);
    for (const text of [table1Markdown([condition!]), table1Report([condition!])]) {
      expect(text).toContain(note);
      expect(text).toMatch(/between cells of one seed that one build trained on the same images/);
    }
    expect(table1Csv([condition!])).toMatch(
      /,relaxed,0\.1\.0\+1,aa,.*\n.*\n.*\n.*,plain,0\.1\.0\+2,bb,.*\n$/,
    );
  });

  test('the number of threads is no difference', () => {
    const two = made({ seed: 1 }, 0.5);
    const threads = { ...two.environment, backend: 'wasm backend, SIMD, 2 threads' };
    expect(cellNotes(table1([made({}, 0.5), { ...two, environment: threads }])[0]!)).toEqual([]);
  });

  test('what changed while a cell was trained is told', () => {
    const [first] = cells;
    const changes = ['from step 3 on: another build: b instead of a'];
    const changed = { ...first!, summary: { ...first!.summary, changes } };
    expect(cellNotes(table1([changed])[0]!)).toEqual([
      `Changed while they were trained: none, seed 0, ${changes[0]}.`,
    ]);
  });

  test('a record with a hash or flavour that is none is refused', () => {
    const text = (record: object) => JSON.stringify({ ...made({}, 0.5), ...record });
    expect(() => parseCell(text({ images: { train: 1, test: 1, content: 4 } }), 'x')).toThrow(
      /images\.content/,
    );
    const { environment } = made({}, 0.5);
    expect(() => parseCell(text({ environment: { ...environment, simd: 'wide' } }), 'x')).toThrow(
      /environment\.simd/,
    );
  });
});
