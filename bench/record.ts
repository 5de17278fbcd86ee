// Results of a benchmark with what they depend on: date, machine, versions. Kept as JSON under bench/results, and for
// reading as Markdown where there is a text.

import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { version } from '../package.json';

/** `2026-01-31, 2 threads of A processor, Node v20.0.0` */
export function machine(): string {
  const date = new Date().toISOString().slice(0, 10);
  return `${date}, ${cpus().length} threads of ${cpus()[0]?.model.trim()}, Node ${process.version}`;
}

export function record(name: string, results: unknown, text?: string): void {
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
  if (text !== undefined) writeFileSync(new URL(`${name}.md`, folder), text);
}
