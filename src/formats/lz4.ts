// LZ4 frames (https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md): the frame is read here, with limits, its
// blocks by lz4js, which asks nothing of what it is given. Whatever check sums a frame has must be right (XXH32).

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
  const { h32Raw } = await (await import('xxhash-wasm')).default();
  return (frame, most) => unpack(frame, most, { decompressBlock, sumOf: h32Raw, where });
}

interface Tools {
  readonly decompressBlock: DecompressBlock;
  /** A check sum of 32 bits. */
  readonly sumOf: (bytes: Uint8Array) => number;
  readonly where: string;
}

interface Lz4Block {
  readonly start: number;
  readonly size: number;
  readonly packed: boolean;
}

/** Bits of a frame's flags. */
const FLAGS = { blockSums: 0x10, size: 8, sum: 4, dictionary: 1 } as const;
const SUM = 4;

interface Lz4Frame {
  readonly blocks: readonly Lz4Block[];
  /** Most bytes that a block unpacks to. */
  readonly largest: number;
  /** Of the content, where the frame says so. */
  readonly size: number | undefined;
  /** Where the content's check sum stands; undefined where there is none. */
  readonly sumAt: number | undefined;
}

function unpack(frame: Uint8Array, most: number, tools: Tools): Uint8Array {
  const { decompressBlock, where } = tools;
  const { blocks, largest, size: claimed, sumAt } = frameOf(frame, tools);
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
  const content = out.subarray(0, length);
  check(
    claimed === undefined || claimed === length,
    where,
    () => `the LZ4 frame claims ${claimed} bytes and holds ${length}; it is damaged`,
  );
  if (sumAt !== undefined) checkSum(frame, sumAt, content, 'content', tools);
  return content;
}

/** @throws unless the four bytes at `at` are the check sum of `bytes` */
function checkSum(
  frame: Uint8Array,
  at: number,
  bytes: Uint8Array,
  what: string,
  { sumOf, where }: Tools,
): void {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  check(
    at + SUM <= frame.length && view.getUint32(at, true) === sumOf(bytes),
    where,
    () => `the ${what} of the LZ4 frame differs from its check sum at byte ${at}; it is damaged`,
  );
}

function frameOf(frame: Uint8Array, tools: Tools): Lz4Frame {
  const { sumOf, where } = tools;
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
  // behind magic and flags: the size of the content, the number of a dictionary, a byte of a check sum
  const headerEnd = 6 + (flags & FLAGS.size ? 8 : 0) + (flags & FLAGS.dictionary ? 4 : 0);
  check(
    headerEnd < frame.length && frame[headerEnd] === ((sumOf(frame.subarray(4, headerEnd)) >> 8) & 255),
    where,
    'the header of the LZ4 frame differs from its check sum at byte 6 or behind; it is damaged',
  );
  const size = flags & FLAGS.size ? Number(view.getBigUint64(6, true)) : undefined;
  const blocks: Lz4Block[] = [];
  for (let at = headerEnd + 1; ; ) {
    check(at + 4 <= frame.length, where, `the LZ4 frame has no end at byte ${at}; it is cut off`);
    const word = view.getUint32(at, true);
    if (word === 0) return { blocks, largest, size, sumAt: flags & FLAGS.sum ? at + 4 : undefined };
    const [start, bytes] = [at + 4, word & 0x7fff_ffff];
    at = start + bytes;
    check(
      bytes <= largest && at <= frame.length,
      where,
      () => `the LZ4 block at byte ${start - 4} claims ${bytes} bytes; the frame has ${frame.length}`,
    );
    if (flags & FLAGS.blockSums) {
      checkSum(frame, at, frame.subarray(start, at), 'block', tools);
      at += SUM;
    }
    blocks.push({ start, size: bytes, packed: word < 0x8000_0000 });
  }
}
