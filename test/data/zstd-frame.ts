// A Zstandard frame that packs nothing: one raw block (RFC 8878, 3.1.1.2). Not a test itself.

import { joined } from './sources';

export function zstdFrame(bytes: Uint8Array): Uint8Array {
  const size = new DataView(new ArrayBuffer(4));
  size.setUint32(0, bytes.length, true);
  const block = (bytes.length << 3) | 1; // last, raw
  return joined([
    Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0xa0), // one segment, its size in four bytes
    new Uint8Array(size.buffer),
    Uint8Array.of(block & 255, (block >> 8) & 255, block >> 16),
    bytes,
  ]);
}
