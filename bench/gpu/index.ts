// `npm run bench:gpu`: training steps and matrix products on the gpu backend, against the wasm backend and, where
// PyTorch finds a GPU, against the same step there; all in one run, in alternating rounds. Needs Node, npm `webgpu`
// and a driver.
//
//   --rounds N   default 5
//   --tiny       sizes for a software adapter: shows that it runs, not how fast
//   --dry        print, write nothing; without it the outcome goes to bench/results/gpu.{md,json}

import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { gpuBackend } from '../../src/gpu';
import { createBackend } from '../../src/init';
import { Absent, Entrant } from '../peers/entrant';
import { torchNetwork } from '../peers/entrants';
import { median, speedup } from '../peers/statistics';
import { imageBatch } from '../peers/work/images';
import { writeStart } from '../peers/work/start';
import { record } from '../record';
import { type GpuWork, matmulWork, type StepJob, timed, trainingWork } from './work';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    tiny: { type: 'boolean', default: false },
    dry: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1)
  throw new Error(`--rounds ${values.rounds} is no whole number above 0`);

const gpu = await gpuBackend();
const wasm = await createBackend({ backend: 'wasm' });
const adapter = Object.values(gpu.adapter).filter(Boolean).join(', ');
const limits = await gpu.limits();

const sizes = values.tiny
  ? { timesteps: 2, batch: 2, small: 2, wide: 2, products: [64, 128] }
  : { timesteps: 4, batch: 128, small: 16, wide: 64, products: [1024, 4096] };
const digits = (value: number) => Number(value.toPrecision(3));

interface Row {
  readonly work: string;
  /** Milliseconds of the first step: kernels are compiled. */
  readonly warmup: number;
  readonly milliseconds: number;
  readonly gigaflops: number;
  /** Of what this device does in multiply-adds of registers, measured in this run. */
  readonly ofPeak: string;
  readonly overWasm: string;
  readonly overTorch: string;
}

const rows: Row[] = [];
const kernels: { work: string; kernel: string; milliseconds: number; share: string; calls: number }[] = [];

/** Ours and theirs in alternating rounds; wasm, which may take a minute a step, is in the first two only. */
async function compare(ours: GpuWork, cpu: GpuWork, torch?: Entrant): Promise<void> {
  const [warmup] = await timed(ours, 1);
  await timed(cpu, 1);
  const times = { ours: [] as number[], wasm: [] as number[], torch: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    times.ours.push(median(await timed(ours, 5)));
    if (round < 2) times.wasm.push(median(await timed(cpu, 1)));
    if (torch) times.torch.push(median(await torch.burst(5)));
  }
  const milliseconds = median(times.ours);
  const words = (theirs: number[]) => {
    const { ratio, lowest, highest } = speedup(theirs, times.ours);
    return `${digits(ratio)} (${digits(lowest)} to ${digits(highest)})`;
  };
  rows.push({
    work: ours.name,
    warmup: digits(warmup!),
    milliseconds: digits(milliseconds),
    gigaflops: digits((1e3 * ours.gigaflop) / milliseconds),
    ofPeak: `${digits((100 * 1e9 * ours.gigaflop) / milliseconds / limits.flop)} %`,
    overWasm: words(times.wasm),
    overTorch: times.torch.length > 0 ? words(times.torch) : 'not compared',
  });
  console.log(rows.at(-1));
}

async function profile(work: GpuWork): Promise<void> {
  if (!gpu.profiles) return;
  const steps = 3;
  gpu.profile(true);
  await timed(work, steps);
  const measured = await gpu.profiled();
  gpu.profile(false);
  const total = measured.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  for (const { kernel, milliseconds, calls } of measured.slice(0, 12)) {
    kernels.push({
      work: work.name,
      kernel,
      milliseconds: digits(milliseconds / steps),
      share: `${((100 * milliseconds) / total).toFixed(1)} %`,
      calls: calls / steps,
    });
  }
}

/** PyTorch on a GPU, or the reason why there is none. */
async function torchOnGpu(job: StepJob): Promise<Entrant | string> {
  const { variant, timesteps } = job;
  const batch = job.batch.labels.length;
  const start = await writeStart(variant, timesteps, batch, 0);
  const work = {
    kind: 'train',
    layout: 'last',
    variant,
    timesteps,
    batch,
    threads: cpus().length,
    start,
    device: 'cuda',
  };
  try {
    return await Entrant.start(
      torchNetwork('PyTorch on CUDA', work as Parameters<typeof torchNetwork>[1], {
        units: 1,
        repetitions: 5,
        warmup: 3,
      }),
    );
  } catch (error) {
    if (error instanceof Absent) return error.message;
    throw error;
  }
}

let torchNote = values.tiny ? 'not looked for at these sizes' : '';
for (const size of sizes.products) {
  const [ours, cpu] = [matmulWork(gpu, size), matmulWork(wasm, size)];
  await compare(ours, cpu);
  for (const work of [ours, cpu]) work.dispose();
}
for (const [variant, width] of [
  ['small', sizes.small],
  ['wide', sizes.wide],
] as const) {
  const job: StepJob = { variant, width, timesteps: sizes.timesteps, batch: await imageBatch(sizes.batch) };
  const torch = values.tiny ? undefined : await torchOnGpu(job);
  if (typeof torch === 'string') torchNote = torch;
  const [ours, cpu] = [await trainingWork(gpu, job), await trainingWork(wasm, job)];
  await compare(ours, cpu, torch instanceof Entrant ? torch : undefined);
  await profile(ours);
  if (torch instanceof Entrant) torch.stop();
  for (const work of [ours, cpu]) work.dispose();
}

function table(list: readonly object[]): string {
  const [first] = list;
  if (first === undefined) return '';
  const line = (cells: readonly unknown[]) => `| ${cells.join(' | ')} |`;
  const names = Object.keys(first);
  return [line(names), line(names.map(() => '---')), ...list.map((row) => line(Object.values(row)))].join(
    '\n',
  );
}

const notes = [
  `Adapter: ${adapter}. Processor: ${cpus()[0]?.model}, ${cpus().length} cores; wasm uses them all. Node ${process.version}.`,
  `This device does ${digits(limits.flop / 1e9)} TFLOP/s in multiply-adds of registers and moves ${digits(limits.bytes / 1e6)} GB/s, measured in this run.`,
  ...(torchNote ? [`PyTorch on a GPU: ${torchNote}.`] : []),
  ...(gpu.profiles ? [] : ['This adapter has no timestamps: no shares by kernel.']),
  'Ratios are of medians over alternating rounds, with the extremes within one round. GFLOP are those of the dense operations.',
];
const markdown = `# The gpu backend\n\n${notes.join('\n\n')}\n\n${table(rows)}\n\n## Where a step's time goes\n\n${table(kernels)}\n`;
console.log(markdown);
if (!values.dry) {
  record('gpu', { adapter, limits, rows, kernels });
  writeFileSync(new URL('../results/gpu.md', import.meta.url), markdown);
}
process.exit();
