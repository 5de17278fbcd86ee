// What the first neuron of a process costs, ALIF with a learnable decay: its text read, differentiated and lowered,
// emitted forward and backward, compiled by the engine. Each time in a fresh process, whose code V8 has never seen.

import { execFileSync } from 'node:child_process';
import { build } from 'esbuild';
import { median } from '../peers/statistics';

const OUT = 'dist/bench/cold.mjs';
const PROCESSES = 15;
const PARTS = ['trace', 'differentiate', 'emit', 'compile'] as const;

/** Processor milliseconds of each process. */
export type ColdStarts = readonly Readonly<Record<(typeof PARTS)[number], number>>[];

export async function coldStarts(): Promise<ColdStarts> {
  await build({
    entryPoints: ['bench/neurons/cold-once.ts'],
    outfile: OUT,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
  });
  return Array.from({ length: PROCESSES }, () =>
    JSON.parse(execFileSync(process.execPath, [OUT], { encoding: 'utf8' })),
  );
}

export function coldTable(starts: ColdStarts): string {
  const whole = (start: ColdStarts[number]) => PARTS.reduce((sum, part) => sum + start[part], 0);
  const all = starts.map(whole);
  const parts = PARTS.map((part) => median(starts.map((start) => start[part])).toFixed(1));
  return `# The first neuron of a process

Processor time of ALIF from its text to its modules, forward and backward, median of ${starts.length} fresh processes.

| ${PARTS.join(', ms | ')}, ms | all, ms | least, ms |
|---|---|---|---|---|---|
| ${parts.join(' | ')} | ${median(all).toFixed(1)} | ${Math.min(...all).toFixed(1)} |
`;
}
