// A sweep's calls: for each portion of an image one function, with every argument moved to where the portion begins.

import { type Address, type Argument, BufferArgument, entire } from '../argument';
import type { KernelCall } from '../schedule/chain';
import type { Arguments } from './arguments';
import type { Sweep } from './modules';
import type { Portion, Work } from './work';

/** How far an argument moves with the numbers before a portion, with its channels, with its spikes. */
export type Moves = 'floats' | 'bits' | 'channels' | 'sums' | 'no';

export function callsOf(sweep: Sweep, { images, portions }: Work, args: Arguments): KernelCall[] {
  const { functions, numbers, own } = sweep;
  const table = entire(numbers);
  return portions.map((portion): KernelCall => {
    const { part, rows, width, pixel } = portion;
    // the parameters that all functions begin with, in their order
    const list: Argument[] = [table, rows, width, pixel, part.groups, images.times];
    for (let i = 0; i < own.length; i++) {
      const { name, moves } = own[i]!;
      const argument = args.get(name);
      list.push(portion.from === 0 ? argument : moved(argument, bytesBefore(portion, moves, images.width)));
    }
    return { kernel: functions.get(part.piece.name)!, when: 'item', args: list };
  });
}

function bytesBefore({ part, from }: Portion, moves: Moves, width: number): number {
  switch (moves) {
    case 'floats':
      return 4 * from;
    case 'bits':
      return (part.from / 8) * width;
    case 'channels':
      return 4 * part.from;
    case 'sums':
      return 8 * part.from;
    case 'no':
      return 0;
  }
}

/** The same argument, so many bytes further on. */
export function moved(argument: Address, bytes: number): Address {
  if (bytes === 0 || !(argument instanceof BufferArgument)) return argument;
  const { buffer, access, reach, step, offset, layout, chunkStep, optional } = argument;
  return new BufferArgument(buffer, access, reach, step, offset + bytes, layout, chunkStep, optional);
}
