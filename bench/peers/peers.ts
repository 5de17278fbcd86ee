// Beside other frameworks: the groups in turn, by the clock or raced by processor time, then the tables and their
// record.

import { loadavg } from 'node:os';
import { machine, record } from '../record';
import { bundleOurs } from './bundle';
import { besidePeers } from './comparisons';
import { Absent } from './entrant';
import { type RaceOutcome, run } from './race';
import { peersRaced } from './race-report';
import { racesBesidePeers } from './races';
import { markdown } from './report';
import { compare, type Outcome } from './round-robin';

export interface PeersRun {
  readonly groups: readonly string[];
  readonly rounds: number;
  /** Seconds for each race at most. */
  readonly budget: number;
  /** Of the record; undefined to write none. */
  readonly name: string | undefined;
}

export async function measurePeers({ groups, rounds, budget, name }: PeersRun): Promise<void> {
  /** Before we begin. Threads that spin at a barrier starve on a busy machine, and those of PyTorch do. */
  const load = loadavg()[0]!.toFixed(1);
  const busy = Number(load) > 0.5;
  if (busy)
    console.error(
      `load ${load}: other programs are at work, so ratios against threaded peers will flatter us`,
    );
  await bundleOurs();
  const outcomes: Outcome[] = [];
  for (const make of groups.flatMap((group) => besidePeers[group] ?? [])) {
    const comparison = await make();
    try {
      outcomes.push(await compare(comparison, rounds, (line) => console.error(line)));
    } catch (error) {
      if (!(error instanceof Absent)) throw error;
      console.error(`${comparison.name}: our own side failed: ${error.message}`);
      process.exitCode = 1;
    }
  }
  const raced: RaceOutcome[] = [];
  for (const make of groups.flatMap((group) => racesBesidePeers[group] ?? []))
    raced.push(await run(await make(), budget, (line) => console.error(line)));
  const about = `${machine()}, load ${load} before the run`;
  const texts = [
    ...(outcomes.length === 0
      ? []
      : [
          markdown(
            outcomes,
            `${about}${busy ? ' (busy: ratios against threaded peers flatter spikegrad)' : ''}, ${rounds} rounds`,
          ),
        ]),
    ...(raced.length === 0 ? [] : [peersRaced(raced, `${about}; at most ${budget} s for a row`)]),
  ];
  const text = texts.join('\n');
  console.log(text);
  if (name === undefined) return;
  const flat = outcomes.map(({ comparison: { name, title, unit, gigaflop }, ...outcome }) => {
    return { name, title, unit, gigaflop, ...outcome };
  });
  record(name, { load: Number(load), rounds, budget, comparisons: flat, races: raced }, text);
}
