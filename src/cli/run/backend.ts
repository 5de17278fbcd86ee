// The backend in words, and where its time went.

import { availableParallelism } from 'node:os';
import type { Backend } from '../../backends/backend';
import type { Calibration, CalibrationStore } from '../../calibrate';
import { SpikegradError } from '../../errors';
import { type ConvolutionPlan, init, isGpu, isWasm } from '../../init';
import { type NetworkSettings, type TrainingSettings, trainingWorkload } from '../../train';
import { calibrationFolder } from '../../train/node/calibration-folder';
import { OWN } from '../../train/settings';
import type { BackendChoice } from '../arguments';
import { columnsOf, say } from '../terminal';
import { counted, percent, textTable } from '../terminal/table';

/** `wasm backend, relaxed SIMD, 2 threads`; `gpu backend, SwiftShader Device`. */
export function describeBackend(backend: Backend): string {
  if (isGpu(backend)) {
    const { vendor, architecture, description } = backend.adapter;
    return `gpu backend, ${description || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed adapter'}`;
  }
  if (!isWasm(backend)) return `${backend.name} backend, ${backend.precision}`;
  const { threads } = backend;
  return `wasm backend, ${backend.flavour} SIMD, ${threads} thread${threads === 1 ? '' : 's'}`;
}

/** `auto: a step takes 31.0 ms on gpu, 145.2 ms on wasm`. */
function describeCalibration({ milliseconds }: Calibration): string {
  const steps = Object.entries(milliseconds).sort(([, a], [, b]) => a - b);
  return `auto: a step takes ${steps.map(([name, ms]) => `${ms.toFixed(1)} ms on ${name}`).join(', ')}`;
}

/** A store that says so before what it does not hold is measured. */
function announced(store: CalibrationStore, tell: (text: string) => void): CalibrationStore {
  return {
    ...store,
    async load(key) {
      const kept = await store.load(key).catch(() => undefined);
      if (kept === undefined)
        tell('auto: measuring a training step on wasm and on gpu, once for this machine');
      return kept;
    },
  };
}

/** What is odd about so many threads on this machine; undefined where nothing is. */
export function threadsRemark(
  threads: number | undefined,
  cores = availableParallelism(),
): string | undefined {
  if (threads === undefined || threads <= cores) return undefined;
  return `${threads} threads on ${counted(cores, 'core')} get in each other's way: leave --threads out for one a core`;
}

/**
 * The backend that the command line asks for; what `auto` measures is a training step of the network.
 * @param settings of the network; undefined for one of another kind, and for one of the user's own nothing is measured
 * @param tell gets what there is to say about the choice
 */
export function chooseBackend(
  { backend, threads, simd }: BackendChoice,
  settings: (NetworkSettings & Pick<TrainingSettings, 'batch' | 'seed'>) | undefined,
  tell: (text: string) => void = say,
): Promise<Backend> {
  const remark = threadsRemark(threads);
  if (remark !== undefined) tell(`note: ${remark}`);
  return init({
    backend,
    threads,
    simd,
    seed: settings?.seed,
    workload: settings && settings.arch !== OWN ? trainingWorkload(settings, settings.batch) : undefined,
    store: announced(calibrationFolder(), tell),
    onCalibration: (calibration) => tell(describeCalibration(calibration)),
    onNotice: (text) => tell(`note: ${text}`),
  });
}

export function startProfile(backend: Backend): void {
  if (!isWasm(backend)) {
    throw new SpikegradError(
      'train',
      '--profile measures the kernels of the wasm backend; use --backend wasm',
    );
  }
  backend.profile(true);
}

/** The dense operation's limit is none for a kernel that spares operations. */
function ofLimit(share: number): string {
  return share > 1 ? 'beyond' : percent(share);
}

/** The way of each convolution in each direction, and below why. */
function plansInWords(plans: readonly ConvolutionPlan[]): string {
  const directions = [...new Set(plans.map(({ direction }) => direction))];
  const geometries = [...new Set(plans.map(({ geometry }) => geometry))];
  const wayOf = (geometry: string, direction: string) =>
    plans
      .filter((plan) => plan.geometry === geometry && plan.direction === direction)
      .map(({ way }) => way)
      .join(', ');
  const table = textTable(
    ['convolution', ...directions],
    geometries.map((geometry) => [geometry, ...directions.map((direction) => wayOf(geometry, direction))]),
    columnsOf(process.stderr),
  );
  const reasons = new Set(plans.map(({ direction, way, why }) => `${direction} by ${way}: ${why}`));
  return `${table}\n${[...reasons].join('\n')}`;
}

/** Time by kernel over all threads, how near each is to its limit, and what ran on the reference's loops. */
export function profileTable(backend: Backend, steps: number): string {
  if (!isWasm(backend)) return '';
  const { kernels, plans, limits, reference } = backend.profiled();
  const total = kernels.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const rate = (amount: number, milliseconds: number) =>
    amount === 0 ? '' : (amount / milliseconds / 1e6).toFixed(1);
  const table = textTable(
    ['kernel', 'ms a step', 'share', 'calls a step', 'GFLOP/s', 'GB/s', 'of its limit'],
    kernels.map(({ kernel, milliseconds, calls, flop, bytes }) => [
      kernel,
      (milliseconds / steps).toFixed(2),
      percent(milliseconds / total),
      (calls / steps).toFixed(1),
      rate(flop, milliseconds),
      rate(bytes, milliseconds),
      flop + bytes === 0 ? '' : ofLimit(Math.max(flop / limits.flop, bytes / limits.bytes) / milliseconds),
    ]),
    columnsOf(process.stderr),
  );
  const slow = [...reference]
    .map(([name, calls]) => `${name} (${(calls / steps).toFixed(1)} a step)`)
    .join(', ');
  return `time by kernel, all threads together, evaluation included:
${table}
GFLOP/s are those of the dense operation, GB/s those of images that do not stay in a thread's cache; a thread's limits here are ${(limits.flop / 1e6).toFixed(0)} GFLOP/s and ${(limits.bytes / 1e6).toFixed(1)} GB/s. A kernel that needs fewer operations than the dense one, for spikes or by Winograd, may be beyond its limit.
on the reference's loops: ${slow || 'nothing'}

which way convolutions went:
${plansInWords(plans)}`;
}
