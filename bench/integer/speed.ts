// `npm run bench:integer`: inference in integers beside our own in f32, beside another build of spikegrad, PyTorch (in
// floats, compiled, and with its int8 convolutions) and ONNX Runtime on the model that we export, in turn on this
// machine, by the processor time of all threads of each.
//
//   --baseline DIR    another build, which has f32 alone: a checkout after `npm run build`
//   --rounds N        default 15
//   --only NAME       one of the rows (again for more); those that were recorded before stay as they are
//   --without WORD    leaves out those whose names have the word (again for more)
//   --dry             print, write nothing; else bench/results/integer-speed.{md,json}
//
// The network is a trained one where SPIKEGRAD_SHARED has it, else one that has only seen its batch. PYTHON names an
// interpreter with PyTorch.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { resnet20 } from 'spikegrad';
import { toOnnx } from 'spikegrad/onnx';
import { readBuild } from '../peers/builds';
import { bundleFor, bundleOurs } from '../peers/bundle';
import { Absent, Entrant, type EntrantPlan } from '../peers/entrant';
import * as entrant from '../peers/entrants';
import { median, medianInterval } from '../peers/statistics';
import type { NetworkJob } from '../peers/work/network';
import { readStart, writeStart } from '../peers/work/start';
import { machine, record } from '../record';
import { TRAINED } from './trained';

const { values } = parseArgs({
  options: {
    baseline: { type: 'string' },
    rounds: { type: 'string', default: '15' },
    only: { type: 'string', multiple: true },
    without: { type: 'string', multiple: true, default: [] },
    dry: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const THREADS = 2;

interface Row {
  readonly name: string;
  readonly variant: NetworkJob['variant'];
  readonly timesteps: number;
  readonly batch: number;
  readonly repetitions: number;
}

const ROWS: readonly Row[] = [
  { name: 'small-2', variant: 'small', timesteps: 2, batch: 32, repetitions: 4 },
  { name: 'small-4', variant: 'small', timesteps: 4, batch: 32, repetitions: 2 },
  { name: 'one-4', variant: 'small', timesteps: 4, batch: 1, repetitions: 20 },
  { name: 'wide-4', variant: 'wide', timesteps: 4, batch: 8, repetitions: 1 },
];

async function plansOf({ variant, timesteps, batch, repetitions }: Row, baseline: string | undefined) {
  const isTrained = variant === 'small' && existsSync(TRAINED);
  const start = await writeStart(
    variant,
    timesteps,
    batch,
    isTrained ? 0 : 50,
    isTrained ? TRAINED : undefined,
  );
  const job: NetworkJob = { kind: 'infer', variant, timesteps, batch, threads: THREADS, start };
  const pace = { units: batch, repetitions, warmup: 4 * repetitions };
  const torch = (name: string, layout: 'last' | 'compiled' | 'int8') =>
    entrant.torchNetwork(name, { ...job, layout }, { ...pace, warmup: repetitions }, entrant.PATIENT);
  const plans: EntrantPlan[] = [
    entrant.ours('integers, 16 bits', { ...job, integers: 16 }, pace),
    entrant.ours('integers, 8 bits', { ...job, integers: 8 }, pace),
    entrant.ours('f32', job, pace),
    ...(baseline === undefined
      ? []
      : [{ ...entrant.ours('f32, the other build', job, pace), command: [process.execPath, baseline] }]),
    torch('PyTorch, channels last', 'last'),
    torch('PyTorch, torch.compile', 'compiled'),
    torch('PyTorch, int8 convolutions', 'int8'),
    entrant.onnxNetwork({ ...job, model: await exported(job) }, { ...pace, warmup: repetitions }),
  ];
  return { plans, trained: isTrained };
}

/** Our f32 network as ONNX, in a file. */
async function exported({ variant, timesteps, start }: NetworkJob): Promise<string> {
  const network = resnet20({ variant, timesteps });
  readStart(start, network);
  const file = join(folder, `${variant}-${timesteps}.onnx`);
  writeFileSync(file, await toOnnx(network.evaluate(), { inputShape: [32, 32, 3] }));
  return file;
}

interface Side {
  readonly entrant: Entrant;
  readonly times: number[];
}

/** In turn, each beginning once; processor milliseconds for an image. */
async function measure(row: Row, baseline: string | undefined) {
  const { plans, trained } = await plansOf(row, baseline);
  const sides: Side[] = [];
  const absent: string[] = [];
  for (const plan of plans) {
    if (values.without.some((word) => plan.name.includes(word))) continue;
    console.error(`${row.name}: ${plan.name} warms up`);
    try {
      sides.push({ entrant: await Entrant.start(plan), times: [] });
    } catch (error) {
      if (!(error instanceof Absent) || sides.length === 0) throw error;
      absent.push(`${plan.name}: ${error.message}`);
    }
  }
  for (let round = 0; round < rounds; round++) {
    console.error(`${row.name}: round ${round + 1} of ${rounds}`);
    for (let turn = 0; turn < sides.length; turn++) {
      const { entrant: one, times } = sides[(turn + round) % sides.length]!;
      const { processor } = await one.work(row.repetitions);
      times.push(processor / row.repetitions / row.batch);
    }
  }
  for (const { entrant: one } of sides) one.stop();
  const [ours] = sides;
  const entrants = sides.map(({ entrant: { plan, facts }, times }) => ({
    name: plan.name,
    facts,
    milliseconds: median(times),
    ratio: medianInterval(times.map((time, i) => time / ours!.times[i]!)),
    rounds: times,
  }));
  return { ...row, trained, entrants, absent };
}

type Measured = Awaited<ReturnType<typeof measure>>;

/** Rows as they are recorded, with those in their places that were measured now. */
function withRecorded(measured: readonly Measured[]): Measured[] {
  const file = new URL('../results/integer-speed.json', import.meta.url);
  const recorded: Measured[] = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8')).results.measured
    : [];
  return ROWS.flatMap(({ name }) => {
    const own = [...measured, ...recorded].find((one) => one.name === name);
    return own === undefined ? [] : [own];
  });
}

function table(measured: readonly Measured[]): string {
  const lines = [
    '# Inference in integers, and what it is compared with',
    '',
    `${machine()}; ${THREADS} threads, processor time of all of them, in turn. Ratio: its time over that of`,
    'integers of 16 bits in the same round, the median with the 95 % interval of the sign test (rounds in brackets).',
    '',
    '| network | by | ms an image | ratio |',
    '|---|---|---|---|',
  ];
  for (const { variant, timesteps, batch, trained, entrants, absent } of measured) {
    const what = `resnet20 ${variant}, T = ${timesteps}, batch ${batch}${trained ? ', trained' : ''}`;
    for (const { name, milliseconds, ratio, rounds: own } of entrants) {
      const { median: middle, low, high } = ratio;
      const spread = `${middle.toFixed(2)} (${low.toFixed(2)} .. ${high.toFixed(2)})`;
      lines.push(`| ${what} | ${name} (${own.length}) | ${milliseconds.toFixed(3)} | ${spread} |`);
    }
    for (const one of absent) lines.push(`| ${what} | not measured: ${one} | | |`);
  }
  return `${lines.join('\n')}\n`;
}

const folder = mkdtempSync(join(tmpdir(), 'spikegrad-integer-'));
try {
  await bundleOurs();
  let other: string | undefined;
  if (values.baseline !== undefined) {
    other = join(folder, 'baseline.mjs');
    await bundleFor(readBuild(values.baseline).folder, other);
  }
  const builds = values.baseline === undefined ? {} : { baseline: readBuild(values.baseline) };
  const measured: Measured[] = [];
  for (const row of ROWS) {
    if (!(values.only?.includes(row.name) ?? true)) continue;
    measured.push(await measure(row, other));
    // each row by itself: they take minutes
    if (values.dry) continue;
    const all = withRecorded(measured);
    record('integer-speed', { ...builds, measured: all }, table(all));
  }
  console.log(table(measured));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit();
