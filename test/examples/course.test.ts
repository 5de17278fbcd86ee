// The course of `examples/`, each file run as a reader runs it.

import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkExample, EXAMPLES, listExamples } from '../../examples/checker/check';

const examples = listExamples().map((path) => ({ name: basename(path), path }));
const course = examples.filter(({ name }) => /^\d\d-/.test(name));

describe('the course', () => {
  for (const { name, path } of examples) {
    test(`${name} prints what its comments say`, async () => {
      expect((await checkExample(path)).problems).toEqual([]);
    });
  }

  for (const { name, path } of course) {
    test(`${name} opens with its command and fits on two screens`, () => {
      const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
      const opening = lines.slice(
        0,
        lines.findIndex((line) => !line.startsWith('//')),
      );
      expect(opening.join('\n')).toContain(`npx tsx examples/${name}`);
      expect(lines.length).toBeLessThanOrEqual(80);
    });
  }

  test('is listed in its README, each file once', () => {
    const readme = readFileSync(join(EXAMPLES, 'README.md'), 'utf8');
    const listed = [...readme.matchAll(/\]\((\d\d-[\w-]+\.ts)\)/g)].map(([, name]) => name);
    expect(listed).toEqual(course.map(({ name }) => name));
  });
});
