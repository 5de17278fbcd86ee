// What `npm run fuzz` found, in bench/results/fuzz.json: one row for each reader, since one may be run again alone.
// Rows of another machine, Node or version of the library are dropped: the head of the file holds for all of them.

import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { record } from '../../bench/record';
import { version } from '../../package.json';

const FILE = new URL('../../bench/results/fuzz.json', import.meta.url);

export interface Row {
  readonly inputs: number;
  readonly refused: number;
  readonly seconds: number;
  readonly seed: number;
}

interface Recorded {
  readonly cpu: string;
  readonly node: string;
  readonly spikegrad: string;
  readonly results: Record<string, Row>;
}

function earlier(): Record<string, Row> {
  if (!existsSync(FILE)) return {};
  const { cpu, node, spikegrad, results } = JSON.parse(readFileSync(FILE, 'utf8')) as Recorded;
  const same = cpu === cpus()[0]?.model && node === process.version && spikegrad === version;
  return same ? results : {};
}

export function recordReader(name: string, row: Row): void {
  const date = new Date().toISOString().slice(0, 10);
  record('fuzz', { ...earlier(), [name]: { date, ...row } });
}
