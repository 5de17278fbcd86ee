// Memory for what lives inside one chain only: a thread's own scratch instead of a buffer for the whole batch. And the
// numbers that a call's arguments become once everything has its place.

import { type Argument, BufferArgument, CounterArgument, PitchArgument, ScratchArgument } from '../argument';
import type { Buffer, ImageLayout } from '../buffer';

/** Memory of each thread's own: thread i has `each` bytes from address + i·each on. */
export interface Lent {
  readonly address: number;
  readonly each: number;
}

/** Bytes between the planes of an image in scratch. */
const GAP = 64;

/** A result of this phase that nobody kept, and that its kernel can leave out. */
export function isUnwanted({ references, pending }: Buffer): boolean {
  return references === 0 && pending?.readers.length === 0 && pending.writer?.optional === true;
}

/** Planes of less than a line would mostly be what lies between them. */
export function canBeLocal({ planeBytes }: ImageLayout): boolean {
  return planeBytes >= GAP;
}

/** Written and read by one chain only, always the item's own image. */
export function isLocal({ pending }: Buffer): boolean {
  const writer = pending?.writer;
  if (writer?.layout === undefined || !canBeLocal(writer.layout)) return false;
  return pending!.readers.every(({ chain, layout }) => chain === writer.chain && layout !== undefined);
}

/** A pitch that is a power of two would let the planes meet in the cache. */
function localPitch({ planeBytes }: ImageLayout): number {
  return planeBytes + GAP;
}

/** One image with all its time planes. */
export function localBytes(layout: ImageLayout): number {
  return layout.times * localPitch(layout);
}

/** base, perItem, perChunk, perThread of each argument. */
export function resolve(
  args: readonly Argument[],
  lent: ReadonlyMap<Buffer, Lent>,
  scratches: Map<Argument, Lent>,
  borrow: (bytes: number) => Lent,
): number[] {
  const numbers = new Array<number>(4 * args.length).fill(0);
  for (let i = 0, at = 0; i < args.length; i++, at += 4) {
    const argument = args[i]!;
    if (typeof argument === 'number') {
      numbers[at] = argument;
    } else if (argument instanceof BufferArgument) {
      const local = lent.get(argument.buffer);
      if (local !== undefined) {
        numbers[at] = local.address + argument.offset;
        numbers[at + 3] = local.each;
      } else if (argument.buffer.address !== 0 || !argument.optional) {
        numbers[at] = argument.buffer.address + argument.offset;
        numbers[at + 1] = argument.step;
        numbers[at + 2] = argument.chunkStep;
      }
    } else if (argument instanceof PitchArgument) {
      const { buffer, layout } = argument;
      numbers[at] = lent.has(buffer) ? localPitch(layout) : layout.images * layout.planeBytes;
    } else if (argument instanceof ScratchArgument) {
      const found = scratches.get(argument) ?? borrow(argument.bytes);
      scratches.set(argument, found);
      numbers[at] = found.address;
      numbers[at + 3] = found.each;
    } else if (argument instanceof CounterArgument) {
      numbers[at] = argument.from;
      numbers[at + 1] = argument.perItem;
    }
  }
  return numbers;
}
