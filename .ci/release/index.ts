// A release by one command: npm run release -- VERSION
//
// As it is, it says what would change and changes nothing. With --write it runs all tests, moves the changelog's
// unreleased lines under the version, writes the version where it stands, packs the tarball and makes the site, and
// tells the commands that are left. It commits, tags and publishes nothing. Where a step fails, all files are as
// before.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { FILES, releasedTexts, type Texts, unreleased } from './texts';

const words = process.argv.slice(2);
const isWritten = words.includes('--write');
const [version, ...more] = words.filter((word) => word !== '--write');

function fail(why: string): never {
  console.error(why);
  process.exit(1);
}

/** Whether a command ended well. */
function ran(...words: readonly [string, ...string[]]): boolean {
  const [command, ...rest] = words;
  console.log(`> ${words.join(' ')}`);
  const isWell = spawnSync(command, rest, { stdio: 'inherit' }).status === 0;
  if (!isWell) console.error(`release: ${words.join(' ')} failed`);
  return isWell;
}

function write(files: Texts): void {
  for (const [file, text] of Object.entries(files)) writeFileSync(file, text);
}

if (version === undefined || more.length > 0) fail('release: npm run release -- VERSION [--write]');
const texts = Object.fromEntries(FILES.map((file) => [file, readFileSync(file, 'utf8')]));
const day = new Date().toISOString().slice(0, 10);
let made: Texts;
try {
  made = releasedTexts(texts, version, day);
} catch (error) {
  fail((error as Error).message);
}
const changes = spawnSync('git', ['status', '--porcelain'], { encoding: 'utf8' }).stdout.trim();
console.log(`${version}, ${day}: ${unreleased(texts['CHANGELOG.md']!).split(/^- /m).length - 1} changes`);
console.log(`changed: ${FILES.join(', ')}`);
if (changes !== '') console.log(`not committed:\n${changes}`);
if (!isWritten) {
  console.log('nothing was written; --write tests, writes, packs and makes the site');
} else {
  if (changes !== '') fail('release: commit or put away what is not committed');
  if (!ran('npm', 'test')) process.exit(1);
  write(made);
  // packing builds the package, which the site needs
  if (!(ran('npm', 'pack') && ran('npm', 'run', 'site'))) {
    write(texts);
    fail('release: the version is the one before again');
  }
  console.log(`left for you:
  git commit -am "${version}" && git tag v${version} && git push --follow-tags
  npm publish spikegrad-${version}.tgz
  docs/site/dist is the site`);
}
