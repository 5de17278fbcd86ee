// Chunks joined after the build. The bundler makes one for every set of what is loaded at once or on demand that shares
// something, some fifty for the library, most of a few kilobytes; each file costs a process that loads them a third of
// a millisecond. What a program loads at once with the library is one file here, unless an entry does without some of
// it; what is loaded on demand stays as it is.

import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type GetModuleInfo, rollup } from 'rollup';

/** The entry that most programs load. What other entries share without it may need Node: it is left apart. */
const LIBRARY = 'index';

/** Where code of a package begins, which does something when it is loaded: only who needs it is to have it. */
const FOREIGN = '\n// node_modules/';

/** @param entries names of files in `folder`, without their ending, which stay */
export async function joinChunks(folder: string, entries: readonly string[]): Promise<void> {
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
