// Zip archives, in memory and by their directory alone: the forms that they have, and claims that do not hold.

import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { storeOf } from '../../src/formats/byte-store';
import { crc32 } from '../../src/formats/crc32';
import { unzip } from '../../src/formats/zip';
import { zipEntries } from '../../src/formats/zip/directory';

const text = new TextEncoder().encode('spikes, spikes, spikes, spikes, spikes, spikes, spikes, spikes');
const archive = () =>
  zipSync({ 'a.npy': text, 'größe.npy': [text, { level: 0 }], 'folder/': new Uint8Array(0) });
/** Where the record of the first entry stands in the directory. */
const directoryOf = (bytes: Uint8Array) => Buffer.from(bytes).indexOf('PK\x01\x02', 0, 'latin1');

/** An archive with changed bytes in its first entry's record, and without its check sum. */
function changed(change: (record: DataView) => void): Uint8Array {
  const bytes = archive();
  const record = new DataView(bytes.buffer, bytes.byteOffset + directoryOf(bytes));
  record.setUint32(16, 0, true);
  change(record);
  return bytes;
}

describe('a zip archive', () => {
  test('gives its files, packed or not, under names of any letters', async () => {
    expect([...(await unzip('unzip', archive()))]).toEqual([
      ['a.npy', text],
      ['größe.npy', text],
    ]);
  });

  test('with sizes and places in 64 bits is read as any other', async () => {
    const head = Uint8Array.from([
      ...Buffer.from('PK\x03\x04', 'latin1'),
      ...new Array(22).fill(0),
      1,
      0,
      0,
      0,
      0x61,
    ]);
    const bytes = new Uint8Array(head.length + text.length + 75 + 56 + 20 + 22);
    bytes.set(head);
    bytes.set(text, head.length);
    const view = new DataView(bytes.buffer);
    const [record, end] = [head.length + text.length, head.length + text.length + 75];
    const words = (at: number, ...list: readonly (readonly [number, number])[]) => {
      for (const [place, value] of list) view.setUint32(at + place, value, true);
    };
    words(
      record,
      [0, 0x0201_4b50],
      [16, crc32(text)],
      [20, 0xffff_ffff],
      [24, 0xffff_ffff],
      [28, 1 + (28 << 16)],
    );
    words(record, [42, 0xffff_ffff], [46, 0x61 + (1 << 8)], [49, 24], [51, text.length], [59, text.length]);
    bytes.set([0x61, 1, 0, 24, 0], record + 46);
    words(end, [0, 0x0606_4b50], [32, 1], [40, 75], [48, record]);
    words(end + 56, [0, 0x0706_4b50], [8, end]);
    words(end + 76, [0, 0x0605_4b50], [8, 0xffff_ffff], [12, 0xffff_ffff], [16, 0xffff_ffff]);
    expect([...(await unzip('unzip', bytes))]).toEqual([['a', text]]);
    expect(zipEntries('read', 'the file', storeOf(bytes))).toMatchObject([{ name: 'a', size: text.length }]);
  });

  test.each<[string, (record: DataView) => void, RegExp]>([
    ['is encrypted', (r) => r.setUint16(8, 1, true), /entry "a\.npy" of the zip archive is encrypted/],
    ['is packed otherwise', (r) => r.setUint16(10, 93, true), /"a\.npy" .* is packed by method 93/],
    [
      'is longer than it says',
      (r) => r.setUint32(24, text.length - 1, true),
      /does not unpack to the 61 bytes/,
    ],
    [
      'is shorter than it says',
      (r) => r.setUint32(24, text.length + 1, true),
      /does not unpack to the 63 bytes/,
    ],
    [
      'claims what nothing packs to',
      (r) => r.setUint32(24, 2 ** 30, true),
      /claims 1073741824 bytes, packed in/,
    ],
    ['reaches out of the file', (r) => r.setUint32(20, 10_000, true), /ends outside the file or overlaps/],
    ['lies elsewhere', (r) => r.setUint32(42, 1, true), /does not lie where its directory says/],
  ])('whose entry %s is refused by its name', async (_, change, words) => {
    await expect(unzip('unzip', changed(change))).rejects.toThrow(words);
  });

  test('with two entries of one name is refused', async () => {
    const twice = Buffer.from(zipSync({ 'a.npy': text, 'b.npy': text }));
    twice.write('a', twice.lastIndexOf('b.npy'));
    await expect(unzip('unzip', twice)).rejects.toThrow(
      /entry "a\.npy" of the zip archive stands there twice/,
    );
  });
});
