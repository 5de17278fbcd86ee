// A network of any kind in one safetensors file, and back: its weights under PyTorch's names, and what is known of
// its images and classes. How it is built stays in the program: to load it, build it first.

import { type AnyDataset, isAnyDataset } from '../data/float-dataset';
import {
  decodeMetadata,
  encodeMetadata,
  type ModelMetadata,
  modelMetadata,
  rememberMetadata,
} from '../interop/metadata';
import { writeSafetensors } from '../interop/safetensors';
import {
  type LoadedState,
  type LoadStateOptions,
  loadState,
  loadStateOptions,
  stateOf,
} from '../interop/state';
import { tensorsIn } from '../interop/tensors-file';
import { checkModule, type Module } from '../nn/module';
import { bytesKind, checkKind } from '../options';
import { isModelTensor } from './checkpoint';
import { imageMetadata } from './model-metadata';

/** Of files that {@link save} writes; those of runs have another, since they hold more. */
const FORMAT = 'spikegrad model';

/**
 * The bytes of a safetensors file with a network's weights, under PyTorch's names and in its layouts.
 * @param metadata what the network takes and tells apart, for {@link load}, `predict` and `toOnnx`; or the data set
 * that it was trained on, which knows
 */
export async function save(
  network: Module,
  metadata: ModelMetadata | AnyDataset = {},
): Promise<Uint8Array<ArrayBuffer>> {
  checkModule('save', network);
  const known = modelMetadata.read('save', isAnyDataset(metadata) ? imageMetadata(metadata) : metadata);
  rememberMetadata(network, known);
  const bytes = writeSafetensors(await stateOf(network), { format: FORMAT, ...encodeMetadata(known) });
  return bytes as Uint8Array<ArrayBuffer>;
}

/** What {@link load} gives. */
export interface LoadedModel extends LoadedState {
  /** What the file says of the network's images and classes. */
  readonly metadata: ModelMetadata;
}

/**
 * Fills a network with the weights of a file: one of {@link save}, a run's model or checkpoint, any safetensors file,
 * a PyTorch file (.pt, .pth) or an archive of NumPy arrays (.npz), with PyTorch's names. Nothing is changed unless
 * all of them fit. What the file says of images and classes is remembered, for `predict` and `toOnnx`.
 * @param options for files of other tools, as those of `loadState`: a prefix of their names, or `strict: false`
 * @returns what the file says of images and classes, nothing where another tool wrote it; and, with `strict: false`,
 * which tensors were missing or left over
 * @throws as `loadState`, and as `readPyTorch` and `readNpz`
 */
export async function load(
  network: Module,
  bytes: Uint8Array | ArrayBuffer,
  options: LoadStateOptions = {},
): Promise<LoadedModel> {
  checkModule('load', network);
  checkKind('load', 'bytes', bytesKind, bytes);
  loadStateOptions.check('load', options);
  const found = tensorsIn(bytes);
  const { form, tensors, metadata: texts } = found instanceof Promise ? await found : found;
  const isOurs = form === 'safetensors' && texts.format?.startsWith('spikegrad') === true;
  const metadata = isOurs ? decodeMetadata('load', texts) : {};
  const state = loadState(
    network,
    isOurs ? new Map([...tensors].filter(([name]) => isModelTensor(name))) : tensors,
    options,
  );
  rememberMetadata(network, metadata);
  return { metadata, ...state };
}
