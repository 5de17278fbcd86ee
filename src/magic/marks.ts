// Marks by which formats are known: bytes at a place near the beginning, written as Latin-1 letters. Sources: the
// formats' own documents, and https://en.wikipedia.org/wiki/List_of_file_signatures.

import type { FileKind } from './kinds';

interface Mark {
  readonly kind: FileKind;
  readonly begins: string;
  /** Where; 0 where it is not said. */
  readonly at?: number;
}

const MARKS: readonly Mark[] = [
  { kind: 'hdf5', begins: '\x89HDF\r\n\x1a\n' },
  { kind: 'hdf5', begins: '\x89HDF\r\n\x1a\n', at: 512 }, // behind a user's block
  { kind: 'gzip', begins: '\x1f\x8b\x08' },
  { kind: 'bzip2', begins: 'BZh' },
  { kind: 'xz', begins: '\xfd7zXZ\0' },
  { kind: 'zstd', begins: '\x28\xb5\x2f\xfd' },
  { kind: 'sevenZip', begins: '7z\xbc\xaf\x27\x1c' },
  { kind: 'rar', begins: 'Rar!\x1a\x07' },
  { kind: 'tar', begins: 'ustar', at: 257 },
  { kind: 'npy', begins: '\x93NUMPY' },
  { kind: 'oldPytorch', begins: '\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19' },
  { kind: 'tflite', begins: 'TFL3', at: 4 },
  { kind: 'gguf', begins: 'GGUF' },
  { kind: 'png', begins: '\x89PNG\r\n\x1a\n' },
  { kind: 'jpeg', begins: '\xff\xd8\xff' },
  { kind: 'gif', begins: 'GIF87a' },
  { kind: 'gif', begins: 'GIF89a' },
  { kind: 'webp', begins: 'WEBP', at: 8 },
  { kind: 'wav', begins: 'WAVE', at: 8 },
  { kind: 'tiff', begins: 'II*\0' },
  { kind: 'tiff', begins: 'MM\0*' },
  { kind: 'video', begins: 'ftyp', at: 4 },
  { kind: 'pdf', begins: '%PDF-' },
  { kind: 'matlab', begins: 'MATLAB 5.0 MAT-file' },
  { kind: 'parquet', begins: 'PAR1' },
  { kind: 'arrow', begins: 'ARROW1' },
  { kind: 'sqlite', begins: 'SQLite format 3\0' },
  { kind: 'wasm', begins: '\0asm' },
  { kind: 'program', begins: '\x7fELF' },
  { kind: 'aedat4', begins: '#!AER-DAT4' },
  { kind: 'aedat2', begins: '#!AER-DAT' },
  { kind: 'rosbag', begins: '#ROSBAG' },
  { kind: 'eventStream', begins: 'Event Stream' },
  { kind: 'lfs', begins: 'version https://git-lfs' },
  { kind: 'annex', begins: '/annex/objects/' },
  { kind: 'annex', begins: '../.git/annex/objects/' },
];

/** Bytes that a mark may need. */
export const HEAD = 520;

/** The format whose mark stands in the first bytes of a file, as Latin-1 letters. */
export function marked(head: string): FileKind | undefined {
  return MARKS.find(({ begins, at = 0 }) => head.startsWith(begins, at))?.kind;
}
