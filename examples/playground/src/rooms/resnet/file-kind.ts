// What a file is by its first bytes, so that a wrong one is named and not described by the reader that stumbled over it.

import { SpikegradError } from 'spikegrad';

const kinds: readonly { readonly begins: readonly number[]; readonly is: string }[] = [
  { begins: [0x50, 0x4b], is: 'a zip archive, as PyTorch writes its models (.pt, .pth)' },
  { begins: [0x1f, 0x8b], is: 'packed with gzip' },
  { begins: [0x89, 0x48, 0x44, 0x46], is: 'an HDF5 file' },
  { begins: [0x89, 0x50, 0x4e, 0x47], is: 'a PNG picture' },
  { begins: [0xff, 0xd8, 0xff], is: 'a JPEG picture' },
  { begins: [0x80, 0x02], is: 'a Python pickle, such as CIFAR-10’s Python version' },
  { begins: [0x80, 0x04], is: 'a Python pickle' },
];

/** Bytes of a CIFAR-10 record: a label and 32x32 pixels in three colours. */
const RECORD = 3073;

function kindOf(bytes: Uint8Array): string | undefined {
  const known = kinds.find(({ begins }) => begins.every((byte, i) => bytes[i] === byte));
  if (known !== undefined) return known.is;
  if (bytes.length === 0) return 'an empty file';
  if (bytes.length > 9 && bytes[8] === 0x7b && bytes[6] === 0 && bytes[7] === 0) return 'a safetensors file';
  if (bytes.length % RECORD === 0 && bytes[0]! < 10) return 'a file of CIFAR-10 records';
  const isText = bytes
    .subarray(0, 256)
    .every((byte) => (byte >= 0x20 && byte < 0x7f) || (byte >= 0x09 && byte <= 0x0d));
  return isText ? 'text' : undefined;
}

/**
 * Why a file was not understood, in words for who chose it.
 * @param wanted what it should have been
 * @param error of the library, which read it
 */
export function misread(name: string, bytes: Uint8Array, wanted: string, error: unknown): Error {
  const kind = kindOf(bytes);
  const problem = error instanceof SpikegradError ? error.problem : String(error);
  const text = kind === undefined || kind === wanted ? problem : `this is ${kind}, not ${wanted}`;
  return new Error(`${name}: ${text}`, { cause: error });
}
