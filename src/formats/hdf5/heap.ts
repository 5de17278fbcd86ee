// HDF5 keeps texts of variable length in heaps: "GCOL", then objects of a 16-byte head (index, references, size) and
// their bytes, index 0 being what is free. The HDF5 library walks a heap without asking whether a damaged size leads
// on, and a size of 0 holds it for ever; so the heaps are walked here first.

import { check } from '../../errors';

const MARK = [0x47, 0x43, 0x4f, 0x4c]; // GCOL
const HEAD = 16;

/** @throws when a heap's object has no size that leads on, or reaches out of the heap */
export function checkHeaps(bytes: Uint8Array, where: string): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // heaps that claim one another's bytes could be walked for ever, too
  let steps = bytes.length / 8;
  for (let at = bytes.indexOf(MARK[0]!); at >= 0; at = bytes.indexOf(MARK[0]!, at + 1)) {
    if (at + HEAD > bytes.length || !MARK.every((byte, i) => bytes[at + i] === byte)) continue;
    const end = Math.min(bytes.length, at + Number(view.getBigUint64(at + 8, true)));
    for (let object = at + HEAD; object + HEAD <= end; steps--) {
      const size = Number(view.getBigUint64(object + 8, true));
      const length = view.getUint16(object, true) === 0 ? size : HEAD + Math.ceil(size / 8) * 8;
      check(
        length > 0 && object + length <= end && steps > 0,
        where,
        () => `the heap of texts at byte ${at} is damaged: its object at byte ${object} has ${size} bytes`,
      );
      object += length;
    }
  }
}
