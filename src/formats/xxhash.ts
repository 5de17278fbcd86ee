// The check sums of LZ4 and Zstandard frames, XXH32 and XXH64
// (https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md), of whole inputs with seed 0. Numbers of 64 bits are
// two of 32, since BigInt is some ten times slower.

const [P1, P2, P3, P4, P5] = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f, 0x165667b1];
const rotated = (x: number, by: number) => (x << by) | (x >>> (32 - by));

/** 32 bits. */
export function xxh32(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const round = (sum: number, word: number) => Math.imul(rotated(sum + Math.imul(word, P2), 13), P1);
  let at = 0;
  let sum = P5;
  if (bytes.length >= 16) {
    let [a, b, c, d] = [(P1 + P2) | 0, P2 | 0, 0, -P1 | 0];
    for (; at + 16 <= bytes.length; at += 16) {
      a = round(a, view.getInt32(at, true));
      b = round(b, view.getInt32(at + 4, true));
      c = round(c, view.getInt32(at + 8, true));
      d = round(d, view.getInt32(at + 12, true));
    }
    sum = rotated(a, 1) + rotated(b, 7) + rotated(c, 12) + rotated(d, 18);
  }
  sum = (sum + bytes.length) | 0;
  for (; at + 4 <= bytes.length; at += 4)
    sum = Math.imul(rotated(sum + Math.imul(view.getInt32(at, true), P3), 17), P4);
  for (; at < bytes.length; at++) sum = Math.imul(rotated(sum + Math.imul(bytes[at]!, P5), 11), P1);
  sum = Math.imul(sum ^ (sum >>> 15), P2);
  sum = Math.imul(sum ^ (sum >>> 13), P3);
  return (sum ^ (sum >>> 16)) >>> 0;
}

/** A number of 64 bits as its upper and lower 32. */
type Long = readonly [high: number, low: number];

const [L1, L2, L3, L4, L5]: Long[] = [
  [0x9e3779b1, 0x85ebca87],
  [0xc2b2ae3d, 0x27d4eb4f],
  [0x165667b1, 0x9e3779f9],
  [0x85ebca77, 0xc2b2ae63],
  [0x27d4eb2f, 0x165667c5],
];
const ZERO: Long = [0, 0];

function sumOf([a, b]: Long, [c, d]: Long): Long {
  const low = (b >>> 0) + (d >>> 0);
  return [(a + c + (low > 0xffff_ffff ? 1 : 0)) | 0, low | 0];
}

function product([a, b]: Long, [c, d]: Long): Long {
  const [b1, b0, d1, d0] = [b >>> 16, b & 0xffff, d >>> 16, d & 0xffff];
  const middle = b1 * d0 + ((b0 * d0) >>> 16);
  const carry = ((middle >>> 16) + Math.floor(middle / 2 ** 32) * 2 ** 16) | 0;
  const upper = b0 * d1 + (middle & 0xffff);
  const high = b1 * d1 + carry + Math.floor(upper / 2 ** 16);
  return [(high + Math.imul(a, d) + Math.imul(b, c)) | 0, Math.imul(b, d)];
}

const turned = ([a, b]: Long, by: number): Long =>
  by < 32
    ? [(a << by) | (b >>> (32 - by)), (b << by) | (a >>> (32 - by))]
    : by === 32
      ? [b, a]
      : turned([b, a], by - 32);
const mixed = ([a, b]: Long, [c, d]: Long): Long => [a ^ c, b ^ d];
/** x ^ (x >>> by). */
const folded = ([a, b]: Long, by: number): Long =>
  by < 32 ? [a ^ (a >>> by), b ^ ((b >>> by) | (a << (32 - by)))] : [a, b ^ (a >>> (by - 32))];
const lane = (sum: Long, word: Long) => product(turned(sumOf(sum, product(word, L2!)), 31), L1!);

/** The lower 32 of 64 bits, which is what a Zstandard frame holds. */
export function xxh64Low(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const long = (at: number): Long => [view.getInt32(at + 4, true), view.getInt32(at, true)];
  let at = 0;
  let sum: Long = L5!;
  if (bytes.length >= 32) {
    const lanes: Long[] = [sumOf(L1!, L2!), L2!, ZERO, sumOf(ZERO, [~L1![0], -L1![1]])];
    for (; at + 32 <= bytes.length; at += 32)
      for (let i = 0; i < 4; i++) lanes[i] = lane(lanes[i]!, long(at + 8 * i));
    sum = [1, 7, 12, 18].map((by, i) => turned(lanes[i]!, by)).reduce(sumOf);
    for (const one of lanes) sum = sumOf(product(mixed(sum, lane(ZERO, one)), L1!), L4!);
  }
  sum = sumOf(sum, [Math.floor(bytes.length / 2 ** 32), bytes.length | 0]);
  for (; at + 8 <= bytes.length; at += 8)
    sum = sumOf(product(turned(mixed(sum, lane(ZERO, long(at))), 27), L1!), L4!);
  for (; at + 4 <= bytes.length; at += 4)
    sum = sumOf(product(turned(mixed(sum, product([0, view.getInt32(at, true)], L1!)), 23), L2!), L3!);
  for (; at < bytes.length; at++) sum = product(turned(mixed(sum, product([0, bytes[at]!], L5!)), 11), L1!);
  sum = product(folded(sum, 33), L2!);
  sum = product(folded(sum, 29), L3!);
  return folded(sum, 32)[1] >>> 0;
}
