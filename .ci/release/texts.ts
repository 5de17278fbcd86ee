// What a release changes in the repository, as texts: the version where it stands, and in the changelog what was
// unreleased under the version and its day. Nothing is written here.

/** The files that have the version, by path, with what they say. */
export type Texts = Readonly<Record<string, string>>;

export const FILES = [
  'package.json',
  'package-lock.json',
  'CITATION.cff',
  'README.md',
  'CHANGELOG.md',
] as const;

const UNRELEASED = '## Unreleased';

/** major.minor.patch as numbers. @throws where it is not written so */
function numbersOf(version: string): readonly number[] {
  const parts = /^(\d+)\.(\d+)\.(\d+)$/.exec(version);
  if (parts === null)
    throw new Error(`release: a version is major.minor.patch, such as 0.2.0; got ${version}`);
  return parts.slice(1).map(Number);
}

/** @throws where the next version is not above the one before */
export function checkAbove(next: string, before: string): void {
  const [a, b] = [numbersOf(next), numbersOf(before)];
  const differs = a.findIndex((number, i) => number !== b[i]);
  if (differs < 0 || a[differs]! < b[differs]!)
    throw new Error(`release: ${next} is not above ${before}, which package.json has`);
}

/** Replaces a text that must stand there so many times. */
function swapped(file: string, text: string, from: string, to: string, times = 1): string {
  const parts = text.split(from);
  if (parts.length !== times + 1)
    throw new Error(`release: ${file} has "${from}" ${parts.length - 1} times, not ${times}`);
  return parts.join(to);
}

/** What was unreleased. @throws where there is nothing */
export function unreleased(changelog: string): string {
  const [, rest = ''] = changelog.split(`${UNRELEASED}\n`);
  const lines = rest.split(/^## /m)[0]!.trim();
  if (lines === '') throw new Error(`release: CHANGELOG.md has nothing under "${UNRELEASED}"`);
  return lines;
}

/**
 * The files as a release leaves them.
 * @param day as 2026-11-30
 * @throws where a file does not have the version as expected, or the changelog has nothing new
 */
export function releasedTexts(texts: Texts, version: string, day: string): Texts {
  const { version: before } = JSON.parse(texts['package.json']!) as { version: string };
  checkAbove(version, before);
  unreleased(texts['CHANGELOG.md']!);
  const swap = (file: string, mark: (version: string) => string, times = 1) =>
    swapped(file, texts[file]!, mark(before), mark(version), times);
  const named = (own: string) => `"name": "spikegrad",\n  "version": "${own}"`;
  const lock = swap('package-lock.json', named);
  return {
    'package.json': swap('package.json', named),
    'package-lock.json': swapped(
      'package-lock.json',
      lock,
      `      "name": "spikegrad",\n      "version": "${before}"`,
      `      "name": "spikegrad",\n      "version": "${version}"`,
    ),
    'CITATION.cff': swap('CITATION.cff', (own) => `\nversion: ${own}\n`),
    'README.md': texts['README.md']!.replaceAll(`spikegrad-${before}.tgz`, `spikegrad-${version}.tgz`),
    'CHANGELOG.md': swapped(
      'CHANGELOG.md',
      texts['CHANGELOG.md']!,
      `${UNRELEASED}\n`,
      `${UNRELEASED}\n\n## ${version}, ${day}\n`,
    ),
  };
}
