// From a phase's chains to the program of the threads: every address is found, and memory for what has none yet. What
// lives within one chain becomes each thread's own scratch, and a result that nobody keeps gets none.

import type { Argument } from '../argument';
import type { Buffer } from '../buffer';
import { chunksOf, type ProgramCall, type ProgramChain, WHEN } from '../threads/program';
import type { WorkLog } from '../work';
import type { Take } from './arena';
import { isBuffer } from './chain';
import { isLocal, isUnwanted, type Lent, localBytes, resolve } from './lent';
import { apart } from './room';
import type { Phase } from './running';
import type { Waiting } from './waiting';

/** Where a phase gets its memory. */
export interface Memory {
  /** How many threads want scratch of their own. */
  readonly threads: number;
  /** From the arena, as long as that lasts. */
  readonly take: Take;
  readonly alloc: (bytes: number) => number;
  readonly place: (buffer: Buffer) => void;
}

export function prepare(
  { chains, before }: Waiting,
  { touched, borrowed }: Phase,
  { threads, take, alloc, place }: Memory,
  indices: ReadonlyMap<string, number>,
  log: WorkLog | undefined,
): ProgramChain[] {
  const borrow = (bytes: number): Lent => {
    const each = apart(bytes);
    const all = each * threads;
    const address = take(all);
    if (address !== undefined) return { address, each };
    const own = alloc(all);
    borrowed.push({ address: own, bytes: all });
    return { address: own, each };
  };
  const lent = new Map<Buffer, Lent>();
  for (const buffer of touched) {
    if (buffer.address !== 0 || isUnwanted(buffer)) continue;
    if (buffer.references === 0 && isLocal(buffer))
      lent.set(buffer, borrow(localBytes(buffer.pending!.writer!.layout!)));
    else place(buffer);
  }
  for (const { args } of before) {
    for (const argument of args) if (isBuffer(argument)) place(argument.buffer);
  }
  if (log !== undefined) for (const chain of chains) log.add(chain, (buffer) => lent.has(buffer));
  const scratches = new Map<Argument, Lent>();
  return chains.map(
    ({ items, calls }): ProgramChain => ({
      items,
      chunks: chunksOf(items),
      calls: calls.map(
        ({ kernel, when, args }): ProgramCall => ({
          kernel: typeof kernel === 'string' ? indices.get(kernel)! : kernel.index,
          when: WHEN[when],
          args: resolve(args, lent, scratches, borrow),
        }),
      ),
    }),
  );
}
