// What other readers unpack with: gzip, zip, LZ4, Zstandard. Archives that are unpacked to a disk are in tar.ts.

import { ungzip } from '../../../src/data/gunzip';
import { loadLz4 } from '../../../src/formats/lz4';
import { unzip } from '../../../src/formats/zip';
import { loadZstd } from '../../../src/formats/zstd';
import { randomBytes } from '../../data/sources';
import { LZ4_WITHOUT_SUM, ZSTD_WITHOUT_SUM } from '../../formats/packed-frames';
import type { Reader } from '../attack';
import { gz, numpy } from './files';

const base64 = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));

export const packingReaders: readonly Reader[] = [
  {
    name: 'gzip',
    files: [gz(randomBytes(300, 2)), gz(new Uint8Array(5000))],
    async read(source) {
      let bytes = 0;
      for await (const chunk of ungzip(source, 'ungzip')) bytes += chunk.length;
      return bytes;
    },
    place: /byte/,
    most: (length) => 1100 * length, // deflate cannot do better than 1,032 to one
  },
  {
    name: 'zip archives',
    files: [numpy('types.npz'), numpy('packed.npz')],
    async read({ bytes }) {
      const entries = await unzip('unzip', bytes);
      return [...entries.values()].reduce((sum, { length }) => sum + length, 0);
    },
    place: /archive/,
    most: (length) => 1100 * length,
  },
  {
    name: 'LZ4 frames',
    files: [numpy('linked.lz4'), base64(LZ4_WITHOUT_SUM)],
    read: async ({ bytes }) => (await loadLz4('unpack'))(bytes, 2 ** 24).length,
    place: /LZ4/,
    most: (length) => 255 * length,
  },
  {
    name: 'Zstandard frames',
    files: [numpy('text.zst'), base64(ZSTD_WITHOUT_SUM)],
    read: async ({ bytes }) => (await loadZstd('unpack'))(bytes, 2 ** 24).length,
    place: /Zstandard/,
    most: () => 2 ** 24,
  },
];
