// Arrows between folders point down only. The table is the architecture: a folder may import what is listed, and
// itself.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const source = resolve('src');

/** What each folder may import besides itself. `errors`, `notices`, `options` and `neurons` are open to all. */
const allowed: Record<string, readonly string[]> = {
  options: [],
  magic: [],
  formats: ['magic'],
  disk: [],
  neurons: [],
  backends: [],
  core: ['backends'],
  ops: ['core', 'backends'],
  nn: ['ops', 'core', 'backends'],
  optim: ['nn', 'ops', 'core', 'backends'],
  snn: ['nn', 'ops', 'core', 'backends'],
  data: ['core', 'backends', 'disk', 'formats', 'magic'],
  plot: [],
  interop: ['formats', 'magic', 'snn', 'nn', 'ops', 'core', 'backends'],
  integer: ['interop', 'nn', 'ops', 'core', 'backends'],
  testing: ['snn', 'nn', 'optim', 'ops', 'core', 'backends'],
  train: [
    'disk',
    'formats',
    'magic',
    'snn',
    'nn',
    'optim',
    'data',
    'interop',
    'integer',
    'plot',
    'ops',
    'core',
    'backends',
  ],
  paper: [
    'train',
    'disk',
    'formats',
    'magic',
    'snn',
    'nn',
    'optim',
    'data',
    'interop',
    'integer',
    'plot',
    'ops',
    'core',
    'backends',
  ],
  cli: [
    'testing',
    'paper',
    'train',
    'disk',
    'formats',
    'magic',
    'snn',
    'nn',
    'optim',
    'data',
    'interop',
    'integer',
    'plot',
    'ops',
    'core',
    'backends',
    'init',
  ],
};

/** Where Node's own modules may be used: a room's `node` folder, the disk, the command line and the entry for Node. */
const isNodeOnly = (path: string) => /^(cli|disk)\/|(^|\/)node\/|^node\.ts$/.test(path);

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesUnder(path) : path.endsWith('.ts') ? [path] : [];
  });
}

interface Import {
  from: string;
  to: string;
}

const files = filesUnder(source);
const imports: Import[] = files.flatMap((file) => {
  const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'));
  return importedFiles.map(({ fileName }) => ({
    from: relative(source, file),
    to: fileName.startsWith('.') ? relative(source, resolve(dirname(file), fileName)) : fileName,
  }));
});
const folderOf = (path: string) => path.split('/')[0]!;
/** Imports that are not erased with the types. */
const valueImports = new Map(
  files.map((file) => [
    relative(source, file),
    [...readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?!type\b)[^;]*? from '([^']+)'/gms)].map(
      ([, to]) => to!,
    ),
  ]),
);

describe('the architecture', () => {
  test('every folder stands in the table', () => {
    const folders = readdirSync(source).filter((name) => statSync(join(source, name)).isDirectory());
    expect(folders.sort()).toEqual(Object.keys(allowed).sort());
  });

  test('no folder imports from one above it', () => {
    const wrong = imports.filter(({ from, to }) => {
      if (!from.includes('/') || to.startsWith('node:') || !/^\w+(\/|$)/.test(to)) return false;
      const [here, there] = [folderOf(from), folderOf(to)];
      if (
        here === there ||
        there === 'errors' ||
        there === 'notices' ||
        there === 'options' ||
        there === 'neurons' ||
        !(there in allowed || there === 'init')
      )
        return false;
      return !allowed[here]!.includes(there);
    });
    expect(wrong).toEqual([]);
  });

  test('only the contract of a backend is known above it, not its inside', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        /^backends\/\w+/.test(to) &&
        folderOf(from) !== 'backends' &&
        folderOf(from) !== 'testing' &&
        from !== 'init.ts' &&
        from !== 'gpu.ts' &&
        !/^backends\/(backend|built-in|integer|shape|geometry|windows|live|out-of-memory)$/.test(to),
    );
    expect(wrong).toEqual([]);
  });

  test('Node modules are used in Node-only files alone, and the browser entries never reach those', () => {
    const users = imports.filter(({ to }) => to.startsWith('node:') || to === 'tar').map(({ from }) => from);
    expect(users.filter((from) => !isNodeOnly(from))).toEqual([]);
    const reached = new Set(['index.ts', 'testing/index.ts']);
    for (const file of reached) {
      for (const to of valueImports.get(file) ?? []) {
        if (!to.startsWith('.')) continue;
        const path = relative(source, resolve(source, dirname(file), to));
        const found = [`${path}.ts`, `${path}/index.ts`].find((candidate) => valueImports.has(candidate));
        if (found !== undefined) reached.add(found);
      }
    }
    expect(reached.size).toBeGreaterThan(30);
    expect([...reached].filter(isNodeOnly)).toEqual([]);
    expect([...reached].filter((path) => path.startsWith('backends/gpu/'))).toEqual([]);
  });

  test('only the driver of the gpu backend knows gpu.js, and nothing imports Dawn by name', () => {
    const users = imports.filter(({ to }) => /^(gpu\.js|webgpu)(\/|$)/.test(to));
    expect([...new Set(users.map(({ from }) => dirname(from)))]).toEqual(['backends/gpu/driver']);
    expect(users.filter(({ to }) => to.startsWith('webgpu'))).toEqual([]);
  });
});
