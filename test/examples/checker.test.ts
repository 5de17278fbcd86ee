import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checkExample, listExamples } from '../../examples/checker/check';
import { difference } from '../../examples/checker/difference';
import { expectedLines } from '../../examples/checker/expected';

const folder = mkdtempSync(join(tmpdir(), 'spikegrad-examples-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes an example and checks it. */
function check(name: string, source: string): Promise<readonly string[]> {
  const path = join(folder, `${name}.ts`);
  writeFileSync(path, source);
  return checkExample(path).then(({ problems }) => problems);
}

describe('what comments promise', () => {
  test('a comment behind a statement is one line, and those below it that are indented are the next', () => {
    const source =
      'print(1); // → one\n//   two\n//     indented\n// a remark\n//   not output\nprint(2); // → last';
    expect(expectedLines(source)).toEqual(['one', 'two', '  indented', 'last']);
  });

  test('a comment inside a block counts with its indentation taken off', () => {
    expect(expectedLines('for (;;) {\n  print(1);\n  // → 0\n  //   1\n}')).toEqual(['0', '1']);
  });
});

describe('the difference of two texts', () => {
  test('is empty for equal ones only', () => {
    expect(difference(['a', 'b'], ['a', 'b'])).toEqual([]);
    expect(difference([], [''])).toEqual(['+ ']);
  });

  test('keeps what both have and signs the rest', () => {
    expect(difference(['a', 'b', 'c'], ['a', 'x', 'c', 'd'])).toEqual(['  a', '- b', '+ x', '  c', '+ d']);
  });
});

describe('an example', () => {
  test('that prints what its comments say has no problem', async () => {
    expect(
      await check('right', 'console.log(1 + 1); // → 2\nconsole.log("a\\nb"); // → a\n//   b\n'),
    ).toEqual([]);
  });

  test('with a wrong comment is found, and both lines are shown', async () => {
    const problems = await check('wrong', 'console.log(1 + 1); // → 3\n');
    expect(problems.slice(1)).toEqual(['  - 3', '  + 2']);
  });

  test('that prints a line without a comment is found', async () => {
    const problems = await check('more', 'console.log(1); // → 1\nconsole.log(2);\n');
    expect(problems.slice(1)).toEqual(['    1', '  + 2']);
  });

  test('that leaves a promised line out is found', async () => {
    const problems = await check('less', 'console.log(1); // → 1\n// → 2\n');
    expect(problems.slice(1)).toEqual(['    1', '  - 2']);
  });

  test('that throws is reported with its error, even where it has printed everything', async () => {
    const problems = await check('throws', 'console.log(1); // → 1\nthrow new Error("out of spikes");\n');
    expect(problems[0]).toBe('it ended with exit code 1');
    expect(problems.join('\n')).toContain('Error: out of spikes');
  });

  test('that promises nothing is a problem when it is checked by name', async () => {
    expect(await check('silent', 'export {};\n')).toEqual(['it has no comment that says what it prints']);
  });
});

test('only examples that say what they print are listed, in order of their names', () => {
  const shelf = mkdtempSync(join(folder, 'shelf-'));
  writeFileSync(join(shelf, '02-later.ts'), 'console.log(1); // → 1\n');
  writeFileSync(join(shelf, '01-sooner.ts'), 'console.log(1); // → 1\n');
  writeFileSync(join(shelf, 'helper.ts'), 'export const one = 1;\n');
  writeFileSync(join(shelf, 'README.md'), '// → 1\n');
  expect(listExamples(shelf).map((path) => basename(path))).toEqual(['01-sooner.ts', '02-later.ts']);
});
