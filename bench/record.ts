// Results of a benchmark with what they depend on: date, machine, versions. Kept as JSON under bench/results.

import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { version } from '../package.json';

export function record(name: string, results: unknown): void {
  const folder = new URL('./results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const content = {
    date: new Date().toISOString().slice(0, 10),
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    node: process.version,
    spikegrad: version,
    results,
  };
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(content, null, 2)}\n`);
}
