// `npm run bench:integer:memory -- --baseline DIR`: the WebAssembly memory that inference has taken in the end, in
// integers, in f32, and in f32 by another build (a checkout after `npm run build`). Weights, their forms and all values
// of a batch lie there; it never shrinks, so it is the peak. To bench/results/integer-memory.{md,json}; `--dry` prints.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readBuild } from '../peers/builds';
import { bundleFor, bundleOurs } from '../peers/bundle';
import { Entrant } from '../peers/entrant';
import { ours } from '../peers/entrants';
import type { NetworkJob } from '../peers/work/network';
import { writeStart } from '../peers/work/start';
import { machine, record } from '../record';
import { TRAINED } from './trained';

const { values } = parseArgs({
  options: { baseline: { type: 'string' }, dry: { type: 'boolean', default: false } },
});
const ROWS = [
  { variant: 'small', timesteps: 2, batch: 32 },
  { variant: 'small', timesteps: 4, batch: 32 },
  { variant: 'wide', timesteps: 4, batch: 8 },
] as const;
/** More take no more memory: firing rates are known, and programs made anew. */
const REPETITIONS = 4;

const folder = mkdtempSync(join(tmpdir(), 'spikegrad-memory-'));
const other = join(folder, 'baseline.mjs');
await bundleOurs();
if (values.baseline !== undefined) await bundleFor(readBuild(values.baseline).folder, other);

async function megabytes(job: NetworkJob, program?: string): Promise<number> {
  const plan = ours('', job, { units: 1, repetitions: 1, warmup: 0 });
  const entrant = await Entrant.start(
    program === undefined ? plan : { ...plan, command: [process.execPath, program] },
  );
  const { heap } = await entrant.work(REPETITIONS);
  entrant.stop();
  return heap / 2 ** 20;
}

const measured = [];
for (const { variant, timesteps, batch } of ROWS) {
  const trained = variant === 'small' && existsSync(TRAINED) ? TRAINED : undefined;
  const start = await writeStart(variant, timesteps, batch, trained === undefined ? 1 : 0, trained);
  const job: NetworkJob = { kind: 'infer', variant, timesteps, batch, threads: 2, start };
  const integers = await megabytes({ ...job, integers: 16 });
  const real = await megabytes(job);
  const baseline = values.baseline === undefined ? undefined : await megabytes(job, other);
  measured.push({ variant, timesteps, batch, integers, real, baseline });
}
rmSync(folder, { recursive: true, force: true });
const share = (of: number, in_: number | undefined) =>
  in_ === undefined ? '' : `${in_.toFixed(1)} (${(of / in_).toFixed(2)})`;
const text = [
  '# WebAssembly memory of inference, MB',
  '',
  `${machine()}; 2 threads, at the end, which is the peak. In brackets: integers' share of it.`,
  '',
  '| network | integers, 16 bits | f32 | f32, the other build |',
  '|---|---|---|---|',
  ...measured.map(
    ({ variant, timesteps, batch, integers, real, baseline }) =>
      `| resnet20 ${variant}, T = ${timesteps}, batch ${batch} | ${integers.toFixed(1)} | ${share(integers, real)} | ${share(integers, baseline)} |`,
  ),
  '',
].join('\n');
console.log(text);
const builds = values.baseline === undefined ? {} : { baseline: readBuild(values.baseline) };
if (!values.dry) record('integer-memory', { ...builds, measured }, text);
process.exit();
