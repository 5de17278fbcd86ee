// The types of the packed package under the compilers, module resolutions and libraries that its users have, its own
// declarations checked too. TypeScript 7 is fetched into .cache, since its command would stand in the way of 5.9's.

import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { programOf, snippets } from '../documents/blocks';
import { fetched, pack } from './packed';

const SEVEN = '7.0.2';

/** Everywhere: every entry, what is right and what is wrong. */
const EVERY = `
import { sum, tensor, writeSafetensors, type EvaluateOptions, type Tensor } from 'spikegrad';
import { type GpuBackend, gpuBackend } from 'spikegrad/gpu';
import { readNir, toNir } from 'spikegrad/nir';
import { RUN_FILES } from 'spikegrad/node';
import { toOnnx } from 'spikegrad/onnx';
import { checkRectifier } from 'spikegrad/testing';

export const right: Tensor = sum(tensor([1, 2]));
// @ts-expect-error a tensor is no text
export const wrong: string = sum(tensor([1, 2]));
export const backend: () => Promise<GpuBackend> = () => gpuBackend();
export const bytes: Uint8Array<ArrayBuffer> = writeSafetensors(new Map());
export const file: string = RUN_FILES.checkpoint;
// @ts-expect-error it stops by a signal
export const options: EvaluateOptions = { batchSize: 1, signal: true };
export { checkRectifier, readNir, toNir, toOnnx };
`;

/** With the DOM: what is given to a browser's own functions, and taken from them. */
const BROWSER = `
import { encodeModel, evaluate, type Tensor, writeSafetensors } from 'spikegrad';
import { writeNir } from 'spikegrad/nir';
import { toOnnx } from 'spikegrad/onnx';

export async function parts(x: Tensor): Promise<Blob> {
  const [network, settings, dataset] = [null!, null!, null!];
  await evaluate(network, dataset, { batchSize: 1, signal: new AbortController().signal });
  const model = await toOnnx(network, { inputShape: [1], timesteps: 1 });
  return new Blob([
    writeSafetensors([]),
    await encodeModel(network, settings),
    await writeNir(null!),
    model,
    await x.data(),
    x.dataSync(),
  ]);
}
`;

/** What a compiler says of a project. */
function compile(compiler: string, config: string): Promise<string> {
  return new Promise((settle) => {
    execFile(process.execPath, [compiler, '-p', config], { cwd: dirname(config) }, (_, out, err) =>
      settle(out + err),
    );
  });
}

describe('the types of the packed package', () => {
  const project = mkdtempSync(join(tmpdir(), 'spikegrad-types-'));
  let seven: string;
  beforeAll(() => {
    const modules = join(project, 'node_modules');
    const installed = join(modules, 'spikegrad');
    mkdirSync(installed, { recursive: true });
    const { path } = pack(join(project, 'packed'));
    execFileSync('tar', ['-xzf', path, '-C', installed, '--strip-components=1']);
    for (const peer of ['fast-check', 'pure-rand'])
      symlinkSync(resolve('node_modules', peer), join(modules, peer));
    for (const ending of ['ts', 'mts', 'cts']) {
      writeFileSync(join(project, `every.${ending}`), EVERY);
      writeFileSync(join(project, `browser.${ending}`), BROWSER);
    }
    seven = join(fetched(`typescript@${SEVEN}`), 'node_modules/typescript/bin/tsc');
  });
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  const compilers = { 5.9: resolve('node_modules/typescript/bin/tsc'), [SEVEN]: '' };
  const cases = Object.keys(compilers).flatMap((version) =>
    ['nodenext', 'bundler'].flatMap((resolution) =>
      [true, false].map((dom) => ({ version, resolution, dom })),
    ),
  );

  test('are tried under TypeScript 5.9', () => {
    const { version } = JSON.parse(readFileSync('node_modules/typescript/package.json', 'utf8')) as {
      version: string;
    };
    expect(version).toMatch(/^5\.9\./);
  });

  test.concurrent.each(cases)(
    'compile under TypeScript $version with $resolution and lib ES2022, with the DOM: $dom',
    async ({ version, resolution, dom }) => {
      const endings = resolution === 'nodenext' ? ['mts', 'cts'] : ['ts'];
      const config = join(project, `tsconfig.${version}.${resolution}.${dom}.json`);
      const compilerOptions = {
        noEmit: true,
        strict: true,
        skipLibCheck: false,
        target: 'es2022',
        lib: dom ? ['ES2022', 'DOM'] : ['ES2022'],
        types: [],
        module: resolution === 'nodenext' ? 'nodenext' : 'esnext',
        moduleResolution: resolution,
      };
      const names = dom ? ['every', 'browser'] : ['every'];
      const files = endings.flatMap((ending) => names.map((name) => `${name}.${ending}`));
      writeFileSync(config, JSON.stringify({ compilerOptions, files }));
      expect(await compile(version === SEVEN ? seven : compilers['5.9'], config)).toBe('');
    },
  );

  test('are those that the snippets of README and docs/ use', async () => {
    const all = snippets();
    const files = all.map((block, i) => {
      const name = `snippet-${i}.ts`;
      writeFileSync(join(project, name), `// ${block.place}\n${programOf(block, all)}export {};\n`);
      return name;
    });
    const config = join(project, 'tsconfig.snippets.json');
    const modules = { module: 'esnext', moduleResolution: 'bundler' };
    const types = { types: ['node'], typeRoots: [resolve('node_modules/@types')], skipLibCheck: true };
    const compilerOptions = { noEmit: true, strict: true, target: 'es2022', ...modules, ...types };
    writeFileSync(config, JSON.stringify({ compilerOptions, files }));
    expect(await compile(seven, config)).toBe('');
  });
});
