// The NIR matrix: every tool writes five networks, every tool reads every file, spike for spike on the same input.

import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NirConvention } from '../../src/interop/nir';
import { NIR_CONVENTIONS } from '../../src/interop/nir/convention';
import { run } from './environment';
import { filesIn, type Raster, readOurs, type Told, writeOurs } from './ours';

interface Written {
  readonly versions: Readonly<Record<string, string>>;
  readonly lines: Readonly<Record<string, { readonly writes: string; readonly reads: string }>>;
  readonly inputs: Readonly<Record<string, never>>;
  readonly weights: Readonly<Record<string, Readonly<Record<string, never>>>>;
  readonly written: Record<string, Record<string, Told>>;
}

/** One file of the matrix. */
export interface NirCell {
  readonly exporter: string;
  readonly network: string;
  /** Of the network that was written; a file made by hand has none. */
  readonly own: Told | undefined;
  /** By importer. */
  readonly read: Readonly<Record<string, Told>>;
  /** Here by NIR's equations at the writer's step, and by the writer's convention. */
  readonly plain: Told;
  readonly convention: Told;
}

/** Seconds in which the files of a tool count, as their users know: for importers that ask. */
const STEP: Readonly<Record<string, number>> = { norse: 1e-3, sinabs: 1, rockpool: 1e-3, spyx: 1 };

const isConvention = (name: string): name is NirConvention =>
  (NIR_CONVENTIONS as readonly string[]).includes(name);

export async function nirMatrix(python: string, folder: string) {
  mkdirSync(folder, { recursive: true });
  run(python, 'matrix.py', 'write', folder);
  const { versions, lines, inputs, weights, written } = JSON.parse(
    readFileSync(join(folder, 'written.json'), 'utf8'),
  ) as Written;
  written.spikegrad = {};
  for (const name of Object.keys(inputs))
    written.spikegrad[name] = { spikes: await writeOurs(folder, name, weights[name]!, inputs[name]!) };
  run(python, 'matrix.py', 'read', folder);
  const read = JSON.parse(readFileSync(join(folder, 'read.json'), 'utf8')) as Record<
    string,
    Record<string, Told>
  >;
  const cells: NirCell[] = [];
  for (const file of filesIn(folder)) {
    const [, exporter, network] = /^(.*)-([^-]*)$/.exec(file) as unknown as [string, string, string];
    const path = join(folder, `${file}.nir`);
    const plain = await readOurs(path, inputs[network]!, { dt: STEP[exporter] });
    cells.push({
      exporter,
      network,
      own: written[exporter]![network],
      read: read[file]!,
      plain,
      convention: isConvention(exporter)
        ? await readOurs(path, inputs[network]!, { convention: exporter })
        : plain,
    });
  }
  return { versions, lines, written, cells };
}

export const spikesIn = (told: Told | undefined): Raster | undefined =>
  told !== undefined && 'spikes' in told ? told.spikes : undefined;

/** Sets of two or more tools that give the same spikes, some of them, of a file; the writer's own network is one. */
export function agreements({ exporter, own, read }: NirCell): { names: string[]; spikes: Raster }[] {
  const groups = new Map<string, { names: string[]; spikes: Raster }>();
  const itself: [string, Told | undefined][] = exporter === 'spikegrad' ? [] : [[exporter, own]];
  const others = Object.entries(read).filter(([name]) => name !== exporter);
  for (const [name, told] of [...itself, ...others]) {
    const spikes = spikesIn(told);
    if (spikes === undefined || !spikes.some((row) => row.some((value) => value !== 0))) continue;
    const key = JSON.stringify(spikes);
    const group = groups.get(key) ?? { names: [], spikes };
    group.names.push(name);
    groups.set(key, group);
  }
  return [...groups.values()].filter(({ names }) => names.length > 1);
}

/** Agreements that neither of ours shares, and files that most peers read and ours refuses. */
export function shortfalls(cells: readonly NirCell[]): string[] {
  return cells.flatMap((cell) => {
    const ours = [cell.plain, cell.convention].map((told) => JSON.stringify(spikesIn(told)));
    const file = `${cell.exporter}, ${cell.network}`;
    const alone = agreements(cell)
      .filter(({ spikes }) => !ours.includes(JSON.stringify(spikes)))
      .map(({ names }) => `${file}: ${names.join(' and ')} agree, and not with ours`);
    const peers = Object.values(cell.read);
    const readers = peers.filter((told) => spikesIn(told) !== undefined).length;
    const refused = 'error' in cell.plain && 'error' in cell.convention && readers > peers.length / 2;
    return refused ? [...alone, `${file}: refused here, read by ${readers} of ${peers.length}`] : alone;
  });
}
