// What a release would change here, and what it refuses.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FILES, releasedTexts, unreleased } from '../../.ci/release/texts';

const texts = Object.fromEntries(FILES.map((file) => [file, readFileSync(file, 'utf8')]));
const { version } = JSON.parse(texts['package.json']!) as { version: string };
const [major] = version.split('.').map(Number) as [number];
const next = `${major + 1}.0.0`;

test('the version is written wherever it stands, and nowhere else', () => {
  const made = releasedTexts(texts, next, '2026-12-01');
  expect(Object.keys(made).sort()).toEqual([...FILES].sort());
  expect(JSON.parse(made['package.json']!).version).toBe(next);
  const lock = JSON.parse(made['package-lock.json']!);
  expect([lock.version, lock.packages[''].version]).toEqual([next, next]);
  expect(made['CITATION.cff']).toContain(`\nversion: ${next}\n`);
  const changed = (file: string) => {
    const before = texts[file]!.split('\n');
    return made[file]!.split('\n').filter((line, i) => line !== before[i]).length;
  };
  expect(['package.json', 'package-lock.json', 'CITATION.cff'].map(changed)).toEqual([1, 2, 1]);
  expect(made['README.md']).not.toContain(`spikegrad-${version}.tgz`);
});

test('what was unreleased stands under the version and its day, and a second release has nothing', () => {
  const made = releasedTexts(texts, next, '2026-12-01');
  expect(made['CHANGELOG.md']).toContain(
    `## Unreleased\n\n## ${next}, 2026-12-01\n\n${unreleased(texts['CHANGELOG.md']!)}`,
  );
  expect(() => releasedTexts(made, `${major + 2}.0.0`, '2026-12-02')).toThrow(
    'nothing under "## Unreleased"',
  );
});

test.each([
  [version, 'is not above'],
  ['0.0.1', 'is not above'],
  ['v1.0.0', 'major.minor.patch'],
  ['1.0', 'major.minor.patch'],
])('%s is refused', (given, why) => {
  expect(() => releasedTexts(texts, given, '2026-12-01')).toThrow(why);
});
