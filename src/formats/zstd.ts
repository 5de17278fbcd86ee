// Zstandard frames (RFC 8878), by fzstd. What a frame claims of its size is looked at first, since the package makes
// room for it at once; it passes over the check sum, which is looked at here.

import { check, SpikegradError } from '../errors';

const MAGIC = 0xfd2f_b528;
/** Magic, descriptor, size or window, a block without content. */
const SHORTEST = 9;
/** A window that a decoder needs not have, by the RFC, is one above 8 MB; cameras stay below. */
const MOST_WINDOW = 2 ** 27;

/** Loads the decoder. @returns a function that unpacks one frame, into `most` bytes at most */
export async function loadZstd(where: string): Promise<(frame: Uint8Array, most: number) => Uint8Array> {
  const { Decompress } = await import('fzstd');
  const { h64Raw } = await (await import('xxhash-wasm')).default();
  return (frame, most) => {
    const { content, window, hasSum } = claimsOf(frame, where);
    check(
      content <= most && window <= MOST_WINDOW,
      where,
      () => `the Zstandard frame claims ${Math.max(content, window)} bytes, more than ${most}`,
    );
    const parts: Uint8Array[] = [];
    let length = 0;
    try {
      new Decompress((part) => {
        length += part.length;
        check(length <= most, where, () => `the Zstandard frame unpacks to more than ${most} bytes`);
        parts.push(part);
      }).push(frame, true);
    } catch (cause) {
      if (cause instanceof SpikegradError) throw cause;
      throw new SpikegradError(where, `the Zstandard frame is damaged: ${String(cause).slice(0, 100)}`, {
        cause,
      });
    }
    const all = new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    const sumAt = frame.length - 4;
    const isOne = content === 0 || length <= content; // of several frames in a row the last has a sum of its own
    check(
      !(hasSum && isOne) ||
        new DataView(frame.buffer, frame.byteOffset, frame.byteLength).getUint32(sumAt, true) ===
          Number(BigInt.asUintN(32, h64Raw(all))),
      where,
      () => `the content of the Zstandard frame differs from its check sum at byte ${sumAt}; it is damaged`,
    );
    return all;
  };
}

interface Claims {
  readonly content: number;
  readonly window: number;
  /** Whether a check sum of the content stands at the frame's end. */
  readonly hasSum: boolean;
}

/** RFC 8878, section 3.1.1.1. */
function claimsOf(frame: Uint8Array, where: string): Claims {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  check(
    frame.length >= SHORTEST && view.getUint32(0, true) === MAGIC,
    where,
    () => `the Zstandard frame of ${frame.length} bytes does not begin as one, or is cut off`,
  );
  const descriptor = frame[4]!;
  const single = (descriptor & 0x20) !== 0;
  let at = 5;
  let window = 0;
  if (!single) {
    const base = 2 ** (10 + (frame[at]! >> 3));
    window = base + (base / 8) * (frame[at]! & 7);
    at++;
  }
  at += [0, 1, 2, 4][descriptor & 3]!;
  const sizes = [single ? 1 : 0, 2, 4, 8];
  const size = sizes[descriptor >> 6]!;
  check(at + size <= frame.length, where, 'the Zstandard frame is cut off inside its header');
  const content =
    size === 8
      ? Number(view.getBigUint64(at, true))
      : size === 4
        ? view.getUint32(at, true)
        : size === 2
          ? view.getUint16(at, true) + 256
          : size === 1
            ? frame[at]!
            : 0;
  return { content, window: single ? content : window, hasSum: (descriptor & 4) !== 0 };
}
