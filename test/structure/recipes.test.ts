// The recipes of CONTRIBUTING.md, followed: one of each is made in a copy of the sources, by the files that the list
// names and no others. What it touches is type-checked, its kernels are compiled, and it does what its kind does. A
// list that leaves out a file fails here, as does one whose file has gone.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { beforeAll, describe, expect, test } from 'vitest';
import { backend } from './recipes/backend';
import type { Edit } from './recipes/edit';
import { kernel } from './recipes/kernel';
import { layer } from './recipes/layer';
import { network } from './recipes/network';
import { neuron } from './recipes/neuron';
import { operator } from './recipes/operator';
import { optimiser } from './recipes/optimiser';
import { reader } from './recipes/reader';
import { surrogate } from './recipes/surrogate';

const COPY = resolve('.cache/recipes');
const RECIPES: Readonly<Record<string, readonly Edit[]>> = {
  'An operator': operator,
  'A kernel': kernel,
  'A layer': layer,
  'A neuron': neuron,
  'A surrogate': surrogate,
  'An optimiser': optimiser,
  'A network': network,
  'A reader': reader,
  'A backend': backend,
};
const edits = Object.values(RECIPES).flat();

/** What CONTRIBUTING.md says under a heading. */
function section(name: string): string {
  const [, text] = readFileSync('CONTRIBUTING.md', 'utf8').split(`\n### ${name}\n`);
  return text!.split('\n### ')[0]!;
}

const filesOf = (name: string) => [...section(name).matchAll(/^\d+\. `([^`]+)`/gm)].map(([, file]) => file!);
const testsOf = (name: string) =>
  [
    ...section(name)
      .split('\nTests: ')[1]!
      .matchAll(/`(test\/[^`]+)`/g),
  ].map(([, file]) => file!);

function apply(edit: Edit): void {
  const path = join(COPY, edit.file);
  mkdirSync(dirname(path), { recursive: true });
  if ('create' in edit) {
    if (existsSync(path)) throw new Error(`${edit.file} is to be new`);
    writeFileSync(path, edit.create);
    return;
  }
  const changed = edit.replace.reduce(
    (text, [from, to]) => {
      if (text.split(from).length !== 2) throw new Error(`${edit.file} is to have once:\n${from}`);
      return text.replace(from, () => to);
    },
    readFileSync(path, 'utf8'),
  );
  writeFileSync(path, changed);
}

/** A module of the copy. */
const load = (path: string) => import(/* @vite-ignore */ pathToFileURL(join(COPY, path)).href);

/** Errors of the files that recipes touch, and of those that name what they add. */
function typeErrors(): string[] {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile('tsconfig.json', ts.sys.readFile).config,
    ts.sys,
    resolve('.'),
  );
  const touched = edits.map(({ file }) => join(COPY, file)).filter((file) => !file.includes('/kernels/'));
  const program = ts.createProgram(touched, {
    ...options,
    noEmit: true,
    incremental: false,
    skipLibCheck: true,
  });
  const found = touched.flatMap((file) => program.getSemanticDiagnostics(program.getSourceFile(file)));
  return found.map(({ file, messageText }) =>
    [file?.fileName.slice(COPY.length + 1), ts.flattenDiagnosticMessageText(messageText, '\n')].join(': '),
  );
}

beforeAll(() => {
  rmSync(COPY, { recursive: true, force: true });
  for (const path of ['src', 'package.json'])
    cpSync(path, join(COPY, path), { recursive: true, filter: (from) => !from.endsWith('cli') });
  symlinkSync(resolve('node_modules'), join(COPY, 'node_modules'));
  edits.forEach(apply);
  const { status, stderr } = spawnSync('node', ['src/backends/wasm/compile.mjs', '--quick'], { cwd: COPY });
  if (status !== 0) throw new Error(String(stderr));
}, 120_000);

describe.each(Object.keys(RECIPES))('%s', (name) => {
  test('its files are those of the list, in order', () => {
    expect(RECIPES[name]!.map(({ file }) => file)).toEqual(filesOf(name));
  });

  test('the tests that it names exist', () => {
    expect(testsOf(name).length).toBeGreaterThan(0);
    expect(testsOf(name).filter((file) => !existsSync(file))).toEqual([]);
  });
});

describe('in the copy', () => {
  test('types hold', () => {
    expect(typeErrors()).toEqual([]);
  }, 120_000);

  test('the operator has a gradient, and the kernel gives what the reference gives', async () => {
    const { init, tensor } = await load('src/index.ts');
    const { cube } = await load('src/ops/functions.ts');
    const { conformanceCases } = await load('src/testing/conformance.ts');
    const { cpuBackend } = await load('src/backends/cpu/index.ts');
    const wasm = await init({ backend: 'wasm', threads: 1 });
    const x = tensor([2, -1], [2], { requiresGrad: true });
    const y = cube(x);
    y.backward(tensor([1, 1], [2]));
    expect([...y.dataSync(), ...x.grad.dataSync()]).toEqual([8, -1, 12, 3]);
    const tried = conformanceCases().filter(
      ({ kernel: of, name }: { kernel: string; name: string }) => of === 'reduce' || name.includes('cube'),
    );
    expect(tried.length).toBeGreaterThan(3);
    for (const each of tried) await each.run(cpuBackend('f64'), wasm);
    wasm.profile(true);
    wasm.reduce('max', { handle: wasm.upload([1, 5, 3, 2]), shape: [2, 2] }, [0]);
    const { kernels } = wasm.profiled();
    expect(kernels.map((of: { kernel: string }) => of.kernel)).toContain('columnMaxima');
    wasm.close();
  });

  test('the layer learns and describes itself, on the new backend', async () => {
    const { createBackend, init, ones, Scale } = await load('src/index.ts');
    await init({ backend: 'plain' });
    expect((await createBackend({ backend: 'plain' })).name).toBe('plain');
    const scale = new Scale();
    scale.call(ones([3])).backward(ones([3]));
    expect(scale.weight.grad.dataSync()[0]).toBe(3);
    expect(scale.describe().layers[0].parameters).toBe(1);
  });

  test('the neuron is in the list, and a run takes it by name', async () => {
    const { neuronFromJson, Spiking, init, tensor } = await load('src/index.ts');
    const { namedNeuron } = await load('src/train/settings/neuron.ts');
    await init({ backend: 'plain' });
    const layer = new Spiking(neuronFromJson(namedNeuron('test', 'if-above-0')));
    expect([...layer.call(tensor([-5, 0.5, 0.6, 0.4])).dataSync()]).toEqual([0, 0, 1, 0]);
  });

  test('the surrogate keeps the laws, and a neuron learns with it by the optimiser', async () => {
    const { bell, init, lif, mean, SignSgd, tensor } = await load('src/index.ts');
    const { checkSurrogate } = await load('src/testing/index.ts');
    await init({ backend: 'plain' });
    expect(checkSurrogate(bell({ width: 0.5 }), { seed: 1 }).held.length).toBeGreaterThan(3);
    const x = tensor([0.3, 0.45], [1, 2], { requiresGrad: true });
    mean(lif(x, { surrogate: bell() })).backward();
    new SignSgd([x], { lr: 0.125 }).step();
    expect([...x.dataSync()]).toEqual([Math.fround(0.3) - 0.125, Math.fround(0.45) - 0.125]);
  });

  test('the network takes images and describes itself', async () => {
    const { init, ones, tinyNetwork } = await load('src/index.ts');
    await init({ backend: 'plain' });
    const network = tinyNetwork({ classes: 3 });
    expect(network.call(ones([2, 8, 8, 3])).shape).toEqual([2, 3]);
    expect(network.describe({ inputShape: [8, 8, 3] }).timesteps).toBe(4);
  });

  test('the reader is found by its mark, and tells of damage', async () => {
    const { readEvents } = await load('src/index.ts');
    const bytes = (text: string) => new TextEncoder().encode(text);
    const events = await readEvents(bytes('#EVENTS\n3 4 1 10\n5 6 0 20\n'));
    expect([...events.x, ...events.y, ...events.time]).toEqual([3, 5, 4, 6, 10, 20]);
    await expect(readEvents(bytes('#EVENTS\n3 4\n'))).rejects.toThrow('line 2 has 2 numbers');
  });
});
