import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type GetModuleInfo, rollup } from 'rollup';
import { defineConfig, type Options } from 'tsup';

// Six entry points and the command line. `index`, `gpu`, `testing`, `nir` and `onnx` run in browsers; only `node` and the
// CLI may touch Node's own modules. What the entries share lies in chunks, so that a tensor of one is known to the others;
// the wasm backend with its kernels, and the gpu backend with gpu.js, are chunks that are loaded when they are chosen. The
// declarations are built apart (--dts-only).

const entry = {
  index: 'src/index.ts',
  node: 'src/node.ts',
  gpu: 'src/gpu.ts',
  testing: 'src/testing/index.ts',
  nir: 'src/interop/nir/index.ts',
  onnx: 'src/interop/onnx/index.ts',
};

/**
 * Bundled, since a worker has no import map: a page and its workers import dist/index.js as it is. gpu.js, since its own
 * dependencies are a large Dawn and a headless GL that compiles for minutes; acorn parses its kernels. What readers
 * of files need (fflate and the others) lies in chunks of its own, loaded by those that need it.
 */
const bundled = ['d3-array', 'd3-color', 'd3-format', 'd3-interpolate', 'd3-path', 'd3-scale', 'd3-shape']
  .concat(['d3-time', 'd3-time-format', 'internmap', 'gpu.js', 'acorn'])
  .concat([
    'fflate',
    'pickleparser',
    'lz4js',
    'fzstd',
    'hyparquet',
    'fast-png',
    'iobuffer',
    'jpeg-js',
    'xxhash-wasm',
  ]);

/** Entries for Node ask for Node's own modules, at once; those for browsers run in both. fast-png asks for the former. */
const entriesOfBrowsers: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'entries-of-browsers',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^fflate$/ }, ({ resolveDir, kind }) =>
      resolve('fflate/browser', { resolveDir, kind }),
    );
  },
};

const shared: Options = {
  target: 'es2022',
  sourcemap: true,
  splitting: true,
  treeshake: true,
  noExternal: bundled,
  esbuildPlugins: [entriesOfBrowsers],
};

/** CommonJS loads its own chunks by require: sandboxes of test runners (Jest) have no import(). */
const chunksByRequire: NonNullable<Options['plugins']>[number] = {
  name: 'chunks-by-require',
  renderChunk(code, { path }) {
    if (!path.endsWith('.cjs')) return undefined;
    const own = /\bimport\((["']\.{1,2}\/[^"']+["'])\)/g;
    return { code: code.replace(own, 'Promise.resolve().then(() => require($1))') };
  },
};

/** lz4js names its licence and its author, and has no text of it. */
function licenceOf(folder: string): string {
  const file = ['LICENSE', 'LICENSE.md'].map((name) => `${folder}/${name}`).find(existsSync);
  if (file !== undefined) return readFileSync(file, 'utf8');
  const { license, author } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  return `Licence: ${license}. Author: ${typeof author === 'string' ? author : author?.name}\n`;
}

/** Their licence asks that its notice go with every copy. */
function writeLicences(): void {
  const notices = bundled.map((name) => `${name}\n\n${licenceOf(`node_modules/${name}`)}`);
  writeFileSync('dist/LICENSES-of-bundled-code.txt', notices.join('\n'));
}

const commands = { 'cli/main': 'src/cli/main.ts' };

const code: Options[] = [
  {
    ...shared,
    entry: { ...entry, ...commands },
    format: ['esm'],
    clean: true,
    async onSuccess() {
      await joinChunks('dist', Object.keys({ ...entry, ...commands }));
      writeLicences();
    },
  },
  { ...shared, entry, format: ['cjs'], plugins: [chunksByRequire] },
];

/** Of each entry what tsconfig.declarations.json leaves of it, which is bundled sooner than the sources. */
const declared = Object.fromEntries(
  Object.entries(entry).map(([name, path]) => [name, `.cache/declarations/${path.replace(/ts$/, 'd.ts')}`]),
);

/** They take most of a build: apart, so that what needs only the code can begin. After the code, which empties dist/. */
const declarations: Options = { entry: declared, format: ['esm', 'cjs'], dts: { only: true } };

// Chunks joined after the build. The bundler makes one for every set of what is loaded at once or on demand that shares
// something, some fifty for the library, most of a few kilobytes; each file costs a process that loads them a third of
// a millisecond. What a program loads at once with the library is one file here, unless an entry does without some of
// it; what is loaded on demand stays as it is.

/** The entry that most programs load. What other entries share without it may need Node: it is left apart. */
const LIBRARY = 'index';

/** Where code of a package begins, which does something when it is loaded: only who needs it is to have it. */
const FOREIGN = '\n// node_modules/';

/** @param entries names of files in `folder`, without their ending, which stay */
async function joinChunks(folder: string, entries: readonly string[]): Promise<void> {
  const former = readdirSync(folder).filter((name) => /\.js(\.map)?$/.test(name));
  const paths = entries.map((name) => resolve(folder, `${name}.js`));
  let sets: readonly ReadonlySet<string>[] | undefined;
  const bundle = await rollup({
    input: Object.fromEntries(entries.map((name, i) => [name, paths[i]!])),
    external: (id) => !/^[./]/.test(id),
    treeshake: false,
    plugins: [{ name: 'with-maps', load: (id) => withMap(id) }],
    logLevel: 'silent',
  });
  const { output } = await bundle.write({
    dir: folder,
    format: 'es',
    sourcemap: true,
    chunkFileNames: '[name]-[hash].js',
    hoistTransitiveImports: false,
    manualChunks(id, { getModuleInfo }) {
      if (getModuleInfo(id)?.code?.includes(FOREIGN)) return undefined;
      sets ??= paths.map((path) => loadedAtOnce(path, getModuleInfo));
      const loading = entries.filter((_, i) => sets![i]!.has(id) && !paths.includes(id));
      if (!loading.includes(LIBRARY)) return undefined;
      return loading.join('-').replaceAll('/', '-');
    },
  });
  await bundle.close();
  const written = new Set(output.map(({ fileName }) => fileName));
  for (const name of former) if (!written.has(name)) rmSync(join(folder, name));
}

/** A file and all that it imports, but on demand. */
function loadedAtOnce(path: string, getModuleInfo: GetModuleInfo): ReadonlySet<string> {
  const found = new Set([path]);
  for (const id of found) for (const to of getModuleInfo(id)?.importedIds ?? []) found.add(to);
  return found;
}

/** A file with its map, so that the new maps lead to the sources. */
function withMap(path: string): { code: string; map: string | null } | undefined {
  if (!existsSync(path)) return undefined;
  const map = existsSync(`${path}.map`) ? readFileSync(`${path}.map`, 'utf8') : null;
  return { code: readFileSync(path, 'utf8'), map };
}

export default defineConfig(({ dts }) => (dts ? declarations : code));
