import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

// The built package on every Node that is at hand: this one, and those that `node .ci/nodes.mjs` has fetched.

const fetched = resolve('.cache/nodes');
const others = existsSync(fetched)
  ? readdirSync(fetched)
      .map((version) => join(fetched, version, 'bin/node'))
      .filter((path) => existsSync(path))
  : [];
const nodes = [process.execPath, ...others].map((path) => ({
  path,
  version: execFileSync(path, ['--version'], { encoding: 'utf8' }).trim(),
}));

const TRAIN =
  'train --dataset shapes --width 2 --timesteps 2 --limit 16 --batch 8 --lr 0.05 --epochs 2 --save-every 1 --threads 1';

describe('the built package', () => {
  const models = new Map<string, Buffer>();
  const cwd = mkdtempSync(join(tmpdir(), 'spikegrad-nodes-'));
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  test.each(nodes)(
    'trains, resumes, evaluates and takes relaxed SIMD on Node $version',
    ({ path, version }) => {
      const run = (...words: string[]) =>
        execFileSync(path, [resolve('dist/cli/main.js'), ...words], { encoding: 'utf8', cwd, stdio: 'pipe' });
      run(...TRAIN.split(' '), '--out', version);
      const model = join(cwd, version, 'model.safetensors');
      const trained = readFileSync(model);
      models.set(version, trained);
      rmSync(model);
      run('train', '--out', version, '--resume', '--threads', '1');
      expect(readFileSync(model)).toEqual(trained);
      const { images, accuracy } = JSON.parse(
        run('eval', '--checkpoint', model, '--limit', '16', '--threads', '1', '--json'),
      ) as { images: number; accuracy: number };
      expect(images).toBe(16);
      expect(accuracy).toBeGreaterThanOrEqual(0);

      // every version from 20.19 on has relaxed SIMD, up to 21 behind a flag that the package sets
      const code =
        "import { createBackend } from 'spikegrad'; console.log((await createBackend({ backend: 'wasm', threads: 1 })).flavour)";
      const flavour = execFileSync(path, ['--input-type=module', '-e', code], { encoding: 'utf8', cwd: '.' });
      expect(flavour.trim()).toBe('relaxed');
    },
  );

  test('trained to the same bits on all of them', () => {
    const [first, ...rest] = [...models];
    for (const [version, model] of rest)
      expect(model.equals(first![1]), `${first![0]} and ${version}`).toBe(true);
  });
});
