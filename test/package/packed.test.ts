import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pack } from './packed';

interface Manifest {
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

  test('holds the built files, their maps, the licences and the README, and nothing else', () => {
    const odd = packed.files
      .map(({ path }) => path)
      .filter(
        (path) => !/^dist\/(cli\/)?[\w-]+(\.d-[\w-]+)?\.(js|cjs|d\.ts|d\.cts|js\.map|cjs\.map)$/.test(path),
      );
    expect(odd.sort()).toEqual(['LICENSE', 'README.md', 'dist/LICENSES-of-bundled-code.txt', 'package.json']);
  });

  test('stays below 4 MB to download', () => {
    expect(packed.size).toBeLessThan(4e6);
    expect(packed.size).toBeGreaterThan(1e5);
  });

  test('its runtime dependencies are a progress bar, a parser of options and a reader of tar', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
    expect(Object.keys(manifest.dependencies)).toEqual(['cli-progress', 'commander', 'tar']);
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
