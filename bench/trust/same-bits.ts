// `npm run same-bits` (after `npm run build:code` and `node .ci/nodes.mjs`): one short run by the built package on
// this Node, on the versions that were fetched and in Chromium, hashed. Under plain SIMD, and on cpu, all must have
// the committed bits (same-bits.json); under relaxed SIMD they are this processor's. The logits of a small network in
// integers must have theirs on all of them, under both, and on 1, 2, 3 and 8 threads.
//
//   --commit   write the hashes of this Node as those that all must have
//   --dry      record nothing; without it the outcome goes to bench/results/same-bits.json

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';
import type { InitOptions } from '../../src/index';
import { launch, missing, visit } from '../../test/browser/chromium';
import { startSite } from '../../test/browser/site';
import { record } from '../record';

const { values } = parseArgs({
  options: { commit: { type: 'boolean', default: false }, dry: { type: 'boolean', default: false } },
});
const COMMITTED = resolve('bench/trust/same-bits.json');
const FLAVOURS: Record<string, InitOptions> = {
  wasm: { backend: 'wasm', simd: 'plain', threads: 1 },
  cpu: { backend: 'cpu' },
  relaxed: { backend: 'wasm', simd: 'relaxed', threads: 1 },
};
const IN_INTEGERS: readonly InitOptions[] = [
  { backend: 'cpu' },
  ...(['plain', 'relaxed'] as const).flatMap((simd) =>
    [1, 2, 3, 8].map((threads): InitOptions => ({ backend: 'wasm', simd, threads })),
  ),
];
type Hashes = Record<string, string>;

const hashOf = (bits: string) => createHash('sha256').update(bits).digest('hex');

const folder = mkdtempSync(join(tmpdir(), 'spikegrad-bits-'));
const program = join(folder, 'run.mjs');
const { outputFiles } = buildSync({
  entryPoints: [resolve('test/browser/bits.ts')],
  bundle: true,
  format: 'esm',
  write: false,
});
writeFileSync(
  program,
  `import * as spikegrad from ${JSON.stringify(pathToFileURL(resolve('dist/index.js')).href)};
${outputFiles[0]!.text}
const of = process.argv[3] === 'integers' ? bitsOfIntegers : bitsOfShortRun;
process.stdout.write(await of(spikegrad, JSON.parse(process.argv[2])));
process.exit(0);
`,
);

function onNode(path: string): Hashes {
  const run = (options: InitOptions, of = 'run') =>
    hashOf(execFileSync(path, [program, JSON.stringify(options), of], { encoding: 'utf8', maxBuffer: 1e8 }));
  const hashes = Object.entries(FLAVOURS).map(([name, options]) => [name, run(options)] as const);
  const integers = IN_INTEGERS.map((options) => run(options, 'integers'));
  return { ...Object.fromEntries(hashes), integers: oneOf(integers) };
}

/** The hash that all have; else all of them, which is none. */
const oneOf = (hashes: readonly string[]): string => [...new Set(hashes)].join(' or ');

async function inChromium(): Promise<[string, Hashes]> {
  const browser = await launch();
  const site = await startSite({ isolated: false });
  const page = await visit(browser, site.url);
  const hashes: Hashes = {};
  for (const [name, options] of Object.entries(FLAVOURS))
    hashes[name] = hashOf(await page.run<string>('bits', 'bitsOfShortRun', options));
  const integers: string[] = [];
  for (const options of IN_INTEGERS.filter(({ threads = 1 }) => threads === 1))
    integers.push(hashOf(await page.run<string>('bits', 'bitsOfIntegers', options)));
  hashes.integers = oneOf(integers);
  const version = `Chromium ${browser.version()}`;
  await page.close();
  await site.close();
  await browser.close();
  return [version, hashes];
}

const fetched = resolve('.cache/nodes');
const others = existsSync(fetched)
  ? readdirSync(fetched)
      .map((name) => join(fetched, name, 'bin/node'))
      .filter((path) => existsSync(path))
  : [];
const found: Record<string, Hashes> = {};
for (const path of [process.execPath, ...others]) {
  const version = `Node ${execFileSync(path, ['--version'], { encoding: 'utf8' }).trim()}`;
  found[version] ??= onNode(path);
  console.log(version, found[version]);
}
if (missing) console.log('no Chromium here');
else {
  const [version, hashes] = await inChromium();
  found[version] = hashes;
  console.log(version, hashes);
}
rmSync(folder, { recursive: true, force: true });

if (values.commit) {
  const { wasm, cpu, integers } = found[`Node ${process.version}`]!;
  writeFileSync(COMMITTED, `${JSON.stringify({ wasm, cpu, integers }, null, 2)}\n`);
}
const committed = JSON.parse(readFileSync(COMMITTED, 'utf8')) as Hashes;
const wrong = Object.entries(found).filter(
  ([, { wasm, cpu, integers }]) =>
    wasm !== committed.wasm || cpu !== committed.cpu || integers !== committed.integers,
);
if (!values.dry) record('same-bits', { committed, found });
console.log(
  wrong.length === 0
    ? `the same bits on all ${Object.keys(found).length} engines`
    : `other bits: ${wrong.map(([name]) => name).join(', ')}`,
);
process.exit(wrong.length === 0 ? 0 : 1);
