// Files told for what they are: what a reader says that was given one of another kind.

import { type FileKind, KINDS, type KindInWords, SOURCES, WANTED, type Wanted } from './kinds';
import { fileKind, sureKind } from './look';

export type { FileKind, Wanted };
export { fileKind };

/** The kinds that a reader leaves to its own messages: they are its own, or it says more of them. */
const OWN: Readonly<Record<Wanted, readonly FileKind[]>> = {
  safetensors: ['safetensors'],
  nir: ['hdf5'],
  cifar10: ['cifar10'],
  cifar100: ['cifar100'],
  idx: ['idx'],
  aedat: ['aedat2', 'aedat4'],
  nmnist: [],
  pytorch: ['pytorch'],
  npy: ['npy'],
  npz: ['npz'],
  parquet: ['parquet'],
  dat: ['prophesee'],
  hdf5Events: ['hdf5'],
};

/** `a PNG picture` */
export const kindInWords = (kind: FileKind): string => KINDS[kind].is;

/** What a reader is given to look at. */
interface Looked {
  /** Of the whole file; that of `bytes` where it is not said. */
  readonly size?: number;
  /** Whether to say nothing unless a file without any mark could not begin so. */
  readonly sure?: boolean;
}

/**
 * `by its first bytes this is a PNG picture, not a safetensors file; …`, with the way out.
 * @returns undefined where it is what was wanted, or nobody knows what it is
 */
export function foreign(bytes: Uint8Array, wanted: Wanted, { size, sure }: Looked = {}): string | undefined {
  const kind = sure ? sureKind(bytes) : fileKind(bytes, size);
  if (kind === undefined || OWN[wanted].includes(kind)) return undefined;
  const { is, way, ways }: KindInWords = KINDS[kind];
  return `by its first bytes this is ${is}, not ${WANTED[wanted]}; ${ways?.[wanted] ?? way ?? SOURCES[wanted]}`;
}

/** The same behind a message that already says what is wrong, or nothing. */
export function orForeign(bytes: Uint8Array, wanted: Wanted, looked: Looked = {}): string {
  const told = foreign(bytes, wanted, looked);
  return told === undefined ? '' : `; ${told}`;
}
