// A file of weights of whatever kind, by its first bytes: safetensors, PyTorch's, or NumPy's archives of arrays.

import type { SafetensorsEntry } from '../formats/dtypes';
import { readNpz } from '../formats/numpy';
import { fileKind } from '../magic';
import { readPyTorch } from './pytorch';
import { readSafetensors, type SafetensorsFile } from './safetensors';

/** The tensors of a file by name, and its texts: a safetensors file's metadata, else what stands beside the tensors. */
export interface TensorsFile extends SafetensorsFile {
  readonly form: 'safetensors' | 'pytorch' | 'npz';
}

/**
 * A safetensors file at once, another kind when what reads it is loaded: code from when all files were of the first
 * kind goes on.
 * @throws as the reader of the kind that it is; where nobody knows, as that of safetensors
 */
export function tensorsIn(file: Uint8Array | ArrayBuffer): TensorsFile | Promise<TensorsFile> {
  const kind = fileKind(ArrayBuffer.isView(file) ? file : new Uint8Array(file));
  if (kind === 'npz') return arrays(file).then((tensors) => ({ form: 'npz', tensors, metadata: {} }));
  return PYTORCH.includes(kind) ? fromPyTorch(file) : { form: 'safetensors', ...readSafetensors(file) };
}

async function fromPyTorch(file: Uint8Array | ArrayBuffer): Promise<TensorsFile> {
  const { tensors, from, others, values } = await readPyTorch(file);
  const texts = new Map([...values].map(([name, value]) => [name, String(value)]));
  if (from !== '') texts.set('tensors', `those of ${from}`);
  if (others.size > 0) texts.set('besides', `${others.size} tensors that are not the network's`);
  return { form: 'pytorch', tensors, metadata: Object.fromEntries(texts) };
}

/** Kinds that readPyTorch reads, or says more of than that they are no safetensors file. */
const PYTORCH: readonly (string | undefined)[] = ['pytorch', 'oldPytorch', 'pickle', 'zip'];

async function arrays(file: Uint8Array | ArrayBuffer): Promise<Map<string, SafetensorsEntry>> {
  const found = [...(await readNpz(file))];
  return new Map(found.filter((one): one is [string, SafetensorsEntry] => one[1].dtype !== 'text'));
}
