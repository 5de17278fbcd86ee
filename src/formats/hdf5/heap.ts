// HDF5 keeps texts and lists of variable length in heaps: "GCOL", then objects of a 16-byte head (index, references,
// size) and their bytes, index 0 being what is free. The HDF5 library walks a heap without asking whether a damaged
// size leads on, and a size of 0 holds it for ever; so the heaps are walked here first.

import { check } from '../../errors';
import { type ByteStore, storeOf } from '../byte-store';

const MARK = [0x47, 0x43, 0x4f, 0x4c]; // GCOL
const HEAD = 16;
/** Bytes that are looked at together. */
const WINDOW = 2 ** 20;

/** @throws when a heap's object has no size that leads on, or reaches out of the heap */
export function checkHeaps(file: Uint8Array | ByteStore, where: string): void {
  const store = storeOf(file);
  const { length } = store;
  let from = 0;
  let window: Uint8Array = new Uint8Array(0);
  /** Where byte `at` and as many behind it as there are up to `count` stand in the window. */
  const reach = (at: number, count: number): number => {
    const wanted = Math.min(count, length - at);
    if (at < from || at + wanted > from + window.length) {
      window = store.read(at, Math.min(WINDOW, length - at));
      from = at;
    }
    return at - from;
  };
  // heaps that claim one another's bytes could be walked for ever, too
  let steps = length / 8;
  for (let at = 0; at + HEAD <= length; at++) {
    const first = reach(at, HEAD); // in a line of its own: it may move the window
    const start = window.indexOf(MARK[0]!, first);
    at = start < 0 ? from + window.length - 1 : from + start;
    if (start < 0 || at + HEAD > length) continue;
    const begin = reach(at, HEAD);
    if (!MARK.every((byte, i) => window[begin + i] === byte)) continue;
    const end = Math.min(length, at + sizeAt(window, begin + 8));
    for (let object = at + HEAD; object + HEAD <= end; steps--) {
      const place = reach(object, HEAD);
      const size = sizeAt(window, place + 8);
      const isFree = window[place] === 0 && window[place + 1] === 0;
      const taken = isFree ? size : HEAD + Math.ceil(size / 8) * 8;
      check(
        taken > 0 && object + taken <= end && steps > 0,
        where,
        () => `the heap of texts at byte ${at} is damaged: its object at byte ${object} has ${size} bytes`,
      );
      object += taken;
    }
  }
}

const sizeAt = (bytes: Uint8Array, at: number): number =>
  Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(at, true));
