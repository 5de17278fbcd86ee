// A model as a folder, as people publish them on the Hugging Face Hub: config.json, which says how it is built, and
// model.safetensors beside it, perhaps in several files.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../../../disk/write';
import { SpikegradError } from '../../../errors';
import { fromMap, theirState } from '../../../interop/maps';
import { encodeMetadata, rememberMetadata } from '../../../interop/metadata';
import { loadState, stateOf } from '../../../interop/state';
import { checkModule, type Module } from '../../../nn/module';
import { checkKind, finite, type OptionsOf, option, optionTable, text } from '../../../options';
import { buildNetwork } from '../../network';
import { decodeConfig, encodeConfig, type ModelConfig } from './config';
import { bytesOf, readWeights, writeWeights } from './weights';

export type { ModelConfig, NetworkConfig } from './config';

/** What {@link loadFolder} gives. */
export interface LoadedFolder {
  /** In evaluation, with the folder's weights. */
  readonly network: Module;
  /** What config.json says. */
  readonly config: ModelConfig;
}

/** How {@link loadFolder} reads. */
export interface LoadFolderOptions {
  /** What stands before the network's names in the file, such as `module.`; names without it are passed over. */
  prefix?: string;
}

export const loadFolderOptions = optionTable({
  prefix: option(text, ''),
} satisfies OptionsOf<LoadFolderOptions>);

/**
 * The network of a folder, built as its config.json says and filled with its model.safetensors (or with the files that
 * model.safetensors.index.json names).
 * @param path of the folder, such as a clone of a model's repository on the Hub
 * @throws naming the file and the key or tensor that is missing, unknown or of another shape
 */
export async function loadFolder(path: string, options: LoadFolderOptions = {}): Promise<LoadedFolder> {
  const where = 'loadFolder';
  checkKind(where, 'path', text, path);
  const { prefix } = loadFolderOptions.read(where, options);
  const file = join(path, 'config.json');
  const config = decodeConfig(`${where}, ${file}`, new TextDecoder().decode(await bytesOf(where, file)));
  const tensors = await readWeights(where, path);
  if (config.architecture === 'map')
    return { network: await fromMap(config.options, behind(prefix, tensors)), config };
  const { architecture, options: settings, ...images } = config;
  const network = buildNetwork({ ...settings, arch: architecture });
  try {
    loadState(network, tensors, { prefix });
  } catch (error) {
    if (!(error instanceof SpikegradError)) throw error;
    throw new SpikegradError(where, `${path}: ${error.problem}`, { cause: error });
  }
  rememberMetadata(network, images);
  return { network: network.evaluate(), config };
}

/** The tensors whose names begin so, under what follows. */
function behind<Entry>(prefix: string, tensors: ReadonlyMap<string, Entry>): ReadonlyMap<string, Entry> {
  const found = [...tensors].filter(([name]) => name.startsWith(prefix));
  return new Map(found.map(([name, entry]) => [name.slice(prefix.length), entry]));
}

/** How {@link saveFolder} writes. */
export interface SaveFolderOptions {
  /** Bytes of a file of weights; what is more goes into several, with an index. Default 5e9, as on the Hub. */
  mostBytes?: number;
}

export const saveFolderOptions = optionTable({
  mostBytes: option(finite({ above: 0 }), 5e9),
} satisfies OptionsOf<SaveFolderOptions>);

/**
 * Writes a folder that {@link loadFolder} reads, and Python's safetensors too: config.json, and the weights under
 * PyTorch's names and in its layouts.
 * @param path of the folder, which is made where it is not there
 * @param config which network it is: a name of `--arch` and its settings, or 'map' with the map that it was built by;
 * and what is known of images and classes
 */
export async function saveFolder(
  path: string,
  network: Module,
  config: ModelConfig,
  options: SaveFolderOptions = {},
): Promise<void> {
  const where = 'saveFolder';
  checkKind(where, 'path', text, path);
  checkModule(where, network);
  const { mostBytes } = saveFolderOptions.read(where, options);
  const { architecture, options: _, ...images } = config;
  const json = encodeConfig(where, config);
  await mkdir(path, { recursive: true });
  const state = architecture === 'map' ? await theirState(network) : await stateOf(network);
  const metadata = { format: 'spikegrad model', ...encodeMetadata(images) };
  await writeWeights(path, state, metadata, mostBytes);
  await writeAtomically(join(path, 'config.json'), json);
}
