import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pack } from './packed';

interface Manifest {
  readonly scripts: Record<string, string>;
  readonly dependencies: Record<string, string>;
  readonly peerDependencies: Record<string, string>;
  readonly peerDependenciesMeta: Record<string, { optional?: boolean }>;
}

describe('the package that npm publishes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'spikegrad-pack-'));
  let packed: ReturnType<typeof pack>;
  beforeAll(() => {
    packed = pack(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('holds the built files, their maps, the examples, the licences and the README, and nothing else', () => {
    const built = /^dist\/(cli\/)?[\w-]+(\.d-[\w-]+)?\.(js|cjs|d\.ts|d\.cts|js\.map|cjs\.map)$/;
    const paths = packed.files.map(({ path }) => path);
    const odd = paths.filter((path) => !built.test(path) && !/^examples\/[\w-]+\.ts$/.test(path));
    expect(odd.sort()).toEqual([
      'LICENSE',
      'README.md',
      'dist/LICENSES-of-bundled-code.txt',
      'examples/README.md',
      'package.json',
    ]);
    // each with what it imports, by names that an installed package answers to
    const examples = paths.filter((path) => path.startsWith('examples/') && path.endsWith('.ts'));
    expect(examples.length).toBeGreaterThan(10);
    for (const path of examples) {
      for (const [, from] of readFileSync(path, 'utf8').matchAll(/ from '([^']+)'/g)) {
        if (from!.startsWith('.')) expect(paths, path).toContain(`examples/${from!.slice(2)}.ts`);
        else expect(from, path).toMatch(/^(spikegrad(\/\w+)?|node:\w+)$/);
      }
    }
  });

  test('runs no script where it is installed, of which npm would warn', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
    for (const name of ['preinstall', 'install', 'postinstall', 'prepare'])
      expect(Object.keys(scripts)).not.toContain(name);
  });

  test('loads its own parts by require where it is CommonJS, which sandboxes can', () => {
    const required = packed.files.filter(({ path }) => path.endsWith('.cjs'));
    expect(required.length).toBeGreaterThan(5);
    for (const { path } of required)
      expect(readFileSync(path, 'utf8'), path).not.toMatch(/\bimport\(\s*["']\./);
  });

  test('stays below 6.2 MB to download, sources for debuggers included', () => {
    expect(packed.size).toBeLessThan(6.2e6);
    expect(packed.size).toBeGreaterThan(1e5);
  });

  test('its runtime dependencies are a parser of options and a reader of tar; readers are bundled', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
    expect(Object.keys(manifest.dependencies)).toEqual(['commander', 'tar']);
    // everything else is loaded where it is used, by those who have it
    const required = Object.keys(manifest.peerDependencies).filter(
      (name) => !manifest.peerDependenciesMeta[name]?.optional,
    );
    expect(required).toEqual([]);
  });

  test('its entries are what publint expects', async () => {
    const bytes = Uint8Array.from(readFileSync(packed.path));
    const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  test('its types are right for Node from ESM and CommonJS and for bundlers', async () => {
    const result = await checkPackage(createPackageFromTarballData(readFileSync(packed.path)));
    expect(result.types).toBeTruthy();
    const problems = result.types === false ? [] : result.problems;
    // Node before `exports`, which no version that runs this package is
    const current = problems.filter(
      (problem) => !('resolutionKind' in problem && problem.resolutionKind === 'node10'),
    );
    expect(current).toEqual([]);
  });
});
