// PyTorch's files of weights (.pt, .pth), for everybody: the functions that read and write them, whose inside is
// loaded when they are called.

import type { SafetensorsEntry } from '../../formats/dtypes';
import { bytesKind, checkKind } from '../../options';
import { checkedEntries } from '../entries';

/** What a file of `torch.save` holds. */
export interface PyTorchFile {
  /** The tensors of the network, under the names of its state dictionary; row-major. */
  readonly tensors: Map<string, SafetensorsEntry>;
  /** Where in the file that dictionary stood, such as `state_dict`; empty where it is all there is. */
  readonly from: string;
  /** Tensors besides it, such as an optimiser's, under their places in the file, joined by dots. */
  readonly others: Map<string, SafetensorsEntry>;
  /** Numbers and texts besides, such as `epoch`, under their places in the file. */
  readonly values: Map<string, number | bigint | string | boolean | null>;
}

/**
 * Reads a PyTorch file of weights (.pt, .pth): a state dictionary, or a dictionary that holds one, as `torch.save` of
 * PyTorch 1.6 and later writes it. Tensors of 16-bit floats are widened to 32, views of a larger tensor are cut out,
 * big-endian files are turned round. Names of Python's are data here: those of tensors and of plain values are known,
 * another refuses the file, and nothing of it is ever executed. Read are files of at most 2 GiB whose tensors
 * together hold at most 16 times their bytes.
 * @param file all bytes of the file
 * @throws for modules that were saved whole, TorchScript, and files of PyTorch before 1.6, with the line of Python
 * that converts them; for sparse, quantised and complex tensors and those of 8-bit floats, by name; and where the
 * file is damaged
 */
export async function readPyTorch(file: Uint8Array | ArrayBuffer): Promise<PyTorchFile> {
  checkKind('readPyTorch', 'file', bytesKind, file);
  const { readArchive } = await import('./archive');
  return readArchive('readPyTorch', ArrayBuffer.isView(file) ? file : new Uint8Array(file));
}

/**
 * The bytes of a PyTorch file of weights, which `torch.load(file, weights_only=True)` gives as a dictionary of
 * tensors: what `load_state_dict` of a model with these names takes.
 * @param tensors by name, such as those of `stateOf(network)`, `readSafetensors` and `readPyTorch`
 * @throws for a name given twice, data that is not of its dtype's array type and its shape's length, and U16, U32 and
 * U64, which PyTorch's files of this form do not have
 */
export async function writePyTorch(
  tensors: Iterable<readonly [string, SafetensorsEntry]>,
): Promise<Uint8Array<ArrayBuffer>> {
  const entries = checkedEntries('writePyTorch', tensors);
  const { archiveOf } = await import('./write');
  return archiveOf('writePyTorch', entries);
}
