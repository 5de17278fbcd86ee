import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build as bundle } from 'esbuild';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectedLines } from '../../examples/checker/expected';
import { npm, pack } from './packed';

/** What a first program does: a neuron, its gradient, and a file name that only Node's entry knows. */
const BODY = `
async function main() {
  await init({ backend: 'wasm' });
  const x = tensor([0.2, 0.9], [2, 1], { requiresGrad: true });
  sum(lif(x, { rectifier: mpr({ k: 3 }) })).backward();
  console.log(x.grad?.shape.join(), RUN_FILES.checkpoint);
}
main();`;
const PRINTED = '2,1 checkpoint.safetensors';
const IMPORTS = `import { init, lif, mpr, sum, tensor } from 'spikegrad';\nimport { RUN_FILES } from 'spikegrad/node';`;
describe('the packed package in an empty project', () => {
  const project = mkdtempSync(join(tmpdir(), 'spikegrad-installed-'));
  const write = (name: string, text: string) => writeFileSync(join(project, name), text);
  const node = (...words: string[]) =>
    execFileSync(process.execPath, words, { encoding: 'utf8', cwd: project, stdio: 'pipe' }).trim();

  beforeAll(() => {
    const { path } = pack(join(project, 'packed'));
    write('package.json', '{ "name": "empty", "version": "1.0.0", "private": true }');
    npm(['install', path, '--prefer-offline'], project);
  });
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  test('brings its few dependencies and no peers', () => {
    const installed = readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(installed).toContain('spikegrad');
    expect(installed.length).toBeLessThan(20);
    for (const peer of ['bullmq', 'fast-check', 'h5wasm', 'ioredis', '@resvg'])
      expect(installed).not.toContain(peer);
  });

  test('works from ESM and from CommonJS', () => {
    write('program.mjs', IMPORTS + BODY);
    expect(node('program.mjs')).toBe(PRINTED);
    const required = IMPORTS.replace(/import (.*?) from ('.*?')/g, 'const $1 = require($2)');
    write('program.cjs', required + BODY);
    expect(node('program.cjs')).toBe(PRINTED);
  });

  test('has a command that runs', () => {
    expect(node('node_modules/spikegrad/dist/cli/main.js', '--help')).toMatch(/train .*spiking ResNet20/);
    expect(existsSync(join(project, 'node_modules/.bin/spikegrad'))).toBe(true);
  });

  test('runs its examples as they lie in it', () => {
    const example = join('node_modules', 'spikegrad', 'examples', '01-autograd.ts');
    const tsx = pathToFileURL(resolve('node_modules/tsx/dist/loader.mjs')).href;
    const lines = node('--import', tsx, example).split('\n');
    expect(lines).toEqual(expectedLines(readFileSync(join(project, example), 'utf8')));
    expect(lines.length).toBeGreaterThan(3);
  });

  test('Vite builds a page with it that asks for the kernels on demand', async () => {
    write('index.html', '<!doctype html><script type="module" src="/page.js"></script>');
    write('page.js', IMPORTS.split('\n')[0] + BODY.replace(', RUN_FILES.checkpoint', ''));
    const warnings: string[] = [];
    await build({
      root: project,
      logLevel: 'silent',
      configFile: false,
      build: {
        target: 'es2022',
        rollupOptions: { onwarn: (warning) => warnings.push(warning.message) },
      },
    });
    expect(warnings).toEqual([]);
    const files = readdirSync(join(project, 'dist/assets'));
    expect(files.some((name) => name.startsWith('wasm-'))).toBe(true);
  });

  test('esbuild bundles it for browsers without the optional packages', async () => {
    write('bundled.js', IMPORTS.split('\n')[0]! + BODY.replace(', RUN_FILES.checkpoint', ''));
    const { warnings, outputFiles } = await bundle({
      entryPoints: [join(project, 'bundled.js')],
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'browser',
      outdir: join(project, 'bundled'),
      write: false,
      logLevel: 'silent',
    });
    expect(warnings).toEqual([]);
    const entry = outputFiles.find(({ path }) => path.endsWith('bundled.js'))!;
    expect(entry.contents.length).toBeGreaterThan(1000);
  });
});
