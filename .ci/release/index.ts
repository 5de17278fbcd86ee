// A release by one command: npm run release -- VERSION
//
// As it is, it says what would change and changes nothing. With --write it runs all tests, moves the changelog's
// unreleased lines under the version, writes the version where it stands, packs the tarball and makes the site, and
// tells the commands that are left. It commits, tags and publishes nothing.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { FILES, releasedTexts, unreleased } from './texts';

const words = process.argv.slice(2);
const isWritten = words.includes('--write');
const [version, ...more] = words.filter((word) => word !== '--write');

function fail(why: string): never {
  console.error(why);
  process.exit(1);
}

function run(command: string, ...rest: readonly string[]): void {
  console.log(`> ${command} ${rest.join(' ')}`);
  if (spawnSync(command, rest, { stdio: 'inherit' }).status !== 0)
    fail(`release: ${command} ${rest.join(' ')} failed`);
}

if (version === undefined || more.length > 0) fail('release: npm run release -- VERSION [--write]');
const texts = Object.fromEntries(FILES.map((file) => [file, readFileSync(file, 'utf8')]));
const day = new Date().toISOString().slice(0, 10);
let made: ReturnType<typeof releasedTexts>;
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
  run('npm', 'test');
  for (const [file, text] of Object.entries(made)) writeFileSync(file, text);
  run('npm', 'pack'); // builds the package first
  run('npm', 'run', 'site');
  console.log(`left for you:
  git commit -am "${version}" && git tag v${version} && git push --follow-tags
  npm publish spikegrad-${version}.tgz
  docs/site/dist is the site`);
}
