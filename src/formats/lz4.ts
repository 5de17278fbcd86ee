// LZ4 frames (https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md): the frame is read here, with limits, its
// blocks by lz4js, which asks nothing of what it is given. Check sums are passed over.

import { check, SpikegradError } from '../errors';

const MAGIC = 0x184d_2204;
/** A byte of LZ4 stands for at most 255. */
const MOST_RATIO = 255;
const BLOCK_SIZES = [undefined, undefined, undefined, undefined, 2 ** 16, 2 ** 18, 2 ** 20, 2 ** 22];

type DecompressBlock = (
  from: Uint8Array,
  to: Uint8Array,
  fromIndex: number,
  fromLength: number,
  toIndex: number,
) => number;

/** Loads the decoder. @returns a function that unpacks one frame, into `most` bytes at most */
export async function loadLz4(where: string): Promise<(frame: Uint8Array, most: number) => Uint8Array> {
  const { decompressBlock } = (await import('lz4js')).default;
  return (frame, most) => unpack(frame, most, decompressBlock, where);
}

interface Lz4Block {
  readonly start: number;
  readonly size: number;
  readonly packed: boolean;
}

function unpack(
  frame: Uint8Array,
  most: number,
  decompressBlock: DecompressBlock,
  where: string,
): Uint8Array {
  const { blocks, largest } = blocksOf(frame, where);
  const bound = blocks.reduce(
    (sum, { size, packed }) => sum + (packed ? Math.min(largest, MOST_RATIO * size) : size),
    0,
  );
  check(bound <= most, where, () => `the LZ4 frame unpacks to more than ${most} bytes`);
  const out = new Uint8Array(bound);
  let length = 0;
  for (const { start, size, packed } of blocks) {
    const before = length;
    if (packed) length = decompressBlock(frame, out, start, size, length);
    else {
      out.set(frame.subarray(start, start + size), length);
      length += size;
    }
    if (!(length >= before && length - before <= largest && length <= bound))
      throw new SpikegradError(where, `the LZ4 block at byte ${start} is damaged`);
  }
  return out.subarray(0, length);
}

function blocksOf(frame: Uint8Array, where: string): { blocks: Lz4Block[]; largest: number } {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  check(frame.length >= 7 && view.getUint32(0, true) === MAGIC, where, 'the LZ4 frame does not begin as one');
  const flags = frame[4]!;
  const largest = BLOCK_SIZES[(frame[5]! >> 4) & 7];
  check(
    flags >> 6 === 1 && largest !== undefined,
    where,
    () =>
      `the LZ4 frame has flags 0x${flags.toString(16)} and a block size, which is no version that is known`,
  );
  const sum = flags & 0x10 ? 4 : 0;
  const blocks: Lz4Block[] = [];
  // behind magic and flags: the size of the content, the number of a dictionary, a check sum
  for (let at = 6 + (flags & 8 ? 8 : 0) + (flags & 1 ? 4 : 0) + 1; at + 4 <= frame.length; ) {
    const word = view.getUint32(at, true);
    if (word === 0) break;
    const size = word & 0x7fff_ffff;
    check(
      size <= largest && at + 4 + size <= frame.length,
      where,
      () => `the LZ4 block at byte ${at} claims ${size} bytes; the frame has ${frame.length}`,
    );
    blocks.push({ start: at + 4, size, packed: word < 0x8000_0000 });
    at += 4 + size + sum;
  }
  return { blocks, largest };
}
