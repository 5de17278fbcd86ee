// A sweep's calls: for each share of an image one function, with every argument moved to where the share begins.

import type { Address } from '../argument';
import { BufferArgument, whole } from '../argument';
import type { KernelCall } from '../schedule/chain';
import type { Arguments } from './current';
import type { Sweep } from './modules';
import type { Work } from './work';

/** How far an argument moves with the numbers before a share, with its channels, with its spikes. */
export type Moves = 'floats' | 'bits' | 'channels' | 'sums' | 'no';

export function callsOf(
  sweep: Sweep,
  direction: 'forward' | 'backward',
  { images, shares }: Work,
  args: Arguments,
): KernelCall[] {
  const { parameters, moves } = sweep;
  const table = whole(sweep.numbers);
  return shares.map(({ part, rows, width, pixel, from }) => {
    const bytes = {
      floats: 4 * from,
      bits: (part.from / 8) * images.width,
      channels: 4 * part.from,
      sums: 8 * part.from,
      no: 0,
    };
    const own: Arguments = { table, rows, width, pixel, groups: part.groups, steps: images.times };
    return {
      kernel: sweep.functions.get(`${direction}${part.piece.name}`)!,
      when: 'item',
      args: parameters.map((name, i) => own[name] ?? moved(args[name]!, bytes[moves[i]!])),
    };
  });
}

/** The same argument, so many bytes further on. */
export function moved(argument: Address, bytes: number): Address {
  if (bytes === 0 || !(argument instanceof BufferArgument)) return argument;
  const { buffer, access, reach, step, offset, layout, chunkStep, optional } = argument;
  return new BufferArgument(buffer, access, reach, step, offset + bytes, layout, chunkStep, optional);
}
