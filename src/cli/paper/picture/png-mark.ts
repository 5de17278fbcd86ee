// Says in a PNG who wrote it, as its format has a place for: a `tEXt` chunk behind the first one (PNG 1.2, 4.2.3).

import { crc32 } from 'node:zlib';
import { PNG_MARK } from '../../../paper/node/ours';

/** The signature, and the chunk IHDR: 4 bytes of length, 4 of type, 13 of data, 4 of CRC. */
const BEHIND_HEADER = 8 + 4 + 4 + 13 + 4;

export function markedPng(png: Uint8Array): Uint8Array {
  const chunk = Buffer.from(`tEXt${PNG_MARK}`, 'latin1');
  const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(chunk.length - 4);
  crc.writeUInt32BE(crc32(chunk));
  return Buffer.concat([png.subarray(0, BEHIND_HEADER), length, chunk, crc, png.subarray(BEHIND_HEADER)]);
}
