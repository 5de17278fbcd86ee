// Frames of LZ4 and Zstandard carry check sums: what differs from them is refused, wherever the damage lies, and what
// the reference programs wrote is taken.

import { expect, test } from 'vitest';
import { loadLz4 } from '../../src/formats/lz4';
import { loadZstd } from '../../src/formats/zstd';
import {
  CONTENT,
  LZ4_WITH_ALL,
  LZ4_WITH_SUM,
  LZ4_WITHOUT_SUM,
  ZSTD_WITH_SUM,
  ZSTD_WITHOUT_SUM,
} from './packed-frames';

const base64 = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
const MOST = 2 ** 20;
const [lz4, zstd] = [await loadLz4('unpack'), await loadZstd('unpack')];

test.each([
  ['LZ4, content', lz4, LZ4_WITH_SUM],
  ['LZ4, blocks, content and size', lz4, LZ4_WITH_ALL],
  ['LZ4, header alone', lz4, LZ4_WITHOUT_SUM],
  ['Zstandard, content', zstd, ZSTD_WITH_SUM],
  ['Zstandard, none', zstd, ZSTD_WITHOUT_SUM],
] as const)('%s: is unpacked, and no end may be missing', (_, unpack, packed) => {
  expect(unpack(base64(packed), MOST)).toEqual(CONTENT);
  for (let length = 0; length < base64(packed).length; length++)
    expect(() => unpack(base64(packed).subarray(0, length), MOST), `${length} bytes`).toThrow(/unpack: /);
});

// some bits of Zstandard mean nothing
test.each([
  ['LZ4, content', lz4, LZ4_WITH_SUM],
  ['LZ4, blocks, content and size', lz4, LZ4_WITH_ALL],
  ['Zstandard, content', zstd, ZSTD_WITH_SUM],
] as const)('%s: damage is refused, or does not matter', (_, unpack, packed) => {
  let refused = 0;
  for (let at = 4; at < base64(packed).length; at++) {
    const damaged = base64(packed);
    damaged[at]! ^= 0x10;
    try {
      expect(unpack(damaged, MOST), `byte ${at}`).toEqual(CONTENT);
    } catch (error) {
      expect((error as Error).message).toMatch(
        /^unpack: the (LZ4|Zstandard)|the (block|content|header) of the/,
      );
      refused++;
    }
  }
  expect(refused).toBeGreaterThanOrEqual(base64(packed).length - 4 - 2);
});

test('several Zstandard frames in a row are one content', () => {
  const frame = base64(ZSTD_WITH_SUM);
  expect(zstd(Uint8Array.from([...frame, ...frame]), MOST)).toEqual(
    Uint8Array.from([...CONTENT, ...CONTENT]),
  );
});
