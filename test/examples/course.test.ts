// The course of `examples/`: each file prints what its comments say; the first one as a reader runs it, all in this
// process.

import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { checkExample, EXAMPLES, listExamples } from '../../examples/checker/check';
import { difference } from '../../examples/checker/difference';
import { expectedLines } from '../../examples/checker/expected';
import { manualSeed, setActiveBackend } from '../../src/core/engine';
import { printedBy } from '../support/printed';

const examples = listExamples().map((path) => ({ name: basename(path), path }));
const course = examples.filter(({ name }) => /^\d\d-/.test(name));

describe('the course', () => {
  beforeEach(() => {
    setActiveBackend(undefined);
    manualSeed(0);
  });

  for (const { name, path } of examples) {
    test(`${name} prints what its comments say`, async () => {
      expect(difference(expectedLines(readFileSync(path, 'utf8')), await printedBy(path))).toEqual([]);
    });
  }

  test('its first example does so in a process of its own', async () => {
    expect((await checkExample(course[0]!.path)).problems).toEqual([]);
  });

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
