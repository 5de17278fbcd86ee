// Choosing where tensors live.

import { version } from '../package.json';
import type { Backend, Precision } from './backends/backend';
import { cpuBackend } from './backends/cpu';
import type { GpuBackend } from './backends/gpu';
import type { Flavour, WasmBackend } from './backends/wasm';
import { type Calibration, type CalibrationStore, calibrate, remembered, type Workload } from './calibrate';
import { manualSeed, setActiveBackend } from './core/engine';
import { check, NoDeviceError, SpikegradError } from './errors';
import { notice, tellNotices } from './notices';
import {
  anObject,
  callback,
  type Kind,
  type OptionsOf,
  oneOf,
  option,
  optional,
  optionTable,
  whole,
} from './options';
import { processors } from './processors';

/** The backends there are; `auto` chooses among them. */
export type BackendName = 'auto' | 'wasm' | 'gpu' | 'cpu';

export type {
  ConvolutionPlan,
  EngineLimits,
  EngineProfile,
  Flavour,
  KernelLoad,
  WasmBackend,
} from './backends/wasm';

/** Which backend computes, and the seed of the global random stream. */
export interface InitOptions {
  /**
   * Default `auto`. `wasm` is the fast one: SIMD WebAssembly on all threads, f32. `gpu` computes through WebGPU, in
   * browsers without it through WebGL2, in f32, and reads asynchronously only. `cpu` is the reference, in plain
   * JavaScript, f32 or f64. `auto` measures `wasm` and `gpu` where there is a `workload` and a GPU; else it is `wasm`
   * wherever that runs and f32 will do, else `cpu`; whatever cannot run is passed over, and that is said once. A
   * backend asked for by name is never replaced.
   */
  backend?: BackendName;
  /** `f64` is for checking mathematics, on `cpu`. Default `f32`. */
  precision?: Precision;
  /**
   * Threads to compute with. The numbers do not depend on it. Default: all of the machine's, up to 8; `cpu` has one.
   */
  threads?: number;
  /**
   * Instructions of `wasm`: `plain` SIMD gives the same bits on every machine, `relaxed` SIMD is faster where the
   * processor has a fused multiply-add, and bound to it. Default: `relaxed` where it runs, else `plain`.
   */
  simd?: Flavour;
  /** What `auto` measures: `trainingWorkload(settings, batch)`, say. Without one it does not ask for a GPU. */
  workload?: Workload;
  /** Where `auto` keeps what it measured: `calibrationFolder()` of spikegrad/node, say. */
  store?: CalibrationStore;
  /** Told what `auto` measured or found in the store. */
  onCalibration?: (calibration: Calibration) => void;
  /**
   * Told what runs slower than it could, now and later, or is likely to be a mistake, and what to do: each once. A
   * function that does nothing keeps it quiet. Default: a warning on the console.
   */
  onNotice?: (text: string) => void;
  /** Seed of initial weights and of every draw without a stream of its own. Default 0. */
  seed?: number;
}

export const initOptions = optionTable({
  backend: option(oneOf(['auto', 'wasm', 'gpu', 'cpu']), 'auto'),
  precision: option(oneOf(['f32', 'f64']), 'f32'),
  threads: optional(whole({ least: 1 }), "all of the machine's, up to 8; `cpu` has one"),
  simd: optional(oneOf(['plain', 'relaxed']), '`relaxed` where it runs, else `plain`'),
  workload: optional(anObject as Kind<object> as Kind<Workload>),
  store: optional(anObject as Kind<object> as Kind<CalibrationStore>),
  onCalibration: optional(callback<NonNullable<InitOptions['onCalibration']>>('a function (calibration)')),
  onNotice: optional(
    callback<NonNullable<InitOptions['onNotice']>>('a function (text)'),
    'a warning on the console',
  ),
  seed: option(whole(), 0),
} satisfies OptionsOf<InitOptions>);

/**
 * Whether a backend is the fast one, with what only that can tell: its SIMD, threads and profile (`profile(true)`,
 * `profiled()`).
 */
export function isWasm(backend: Backend | undefined): backend is WasmBackend {
  return backend?.name === 'wasm';
}

/** Whether a backend is a GPU, with what only that can tell: its adapter, buffers and transfers. */
export function isGpu(backend: Backend | undefined): backend is GpuBackend {
  return backend?.name === 'gpu';
}

/** More threads than this gain little on the networks that this is for. */
const MOST_THREADS = 8;

function machineThreads(): number {
  return Math.min(MOST_THREADS, processors() ?? 1);
}

type Tell = (reason: string) => void;

const wordsOf = (error: unknown) =>
  error instanceof SpikegradError ? error.problem : error instanceof Error ? error.message : String(error);

/** How wasm is to compute. */
type WasmChoices = Pick<InitOptions, 'threads' | 'simd'>;

/** Loaded when it is used: a page that computes on `cpu` never meets its kernels. */
async function wasm({ threads, simd }: WasmChoices, tell: Tell): Promise<WasmBackend> {
  try {
    return await startWasm({ threads, simd }, tell);
  } catch (error) {
    if (error instanceof SpikegradError) throw error;
    // the engine's own words: no room for the memory, code that a policy forbids
    throw new SpikegradError(
      'init',
      `the wasm backend cannot run here (${wordsOf(error)}): use backend 'cpu'`,
      { cause: error },
    );
  }
}

async function startWasm({ threads, simd: flavour }: WasmChoices, tell: Tell): Promise<WasmBackend> {
  const { hasRelaxedSimd, hasSharedMemory, hasSimd, wasmBackend } = await import('./backends/wasm');
  check(hasSimd(), 'init', "this JavaScript engine has no WebAssembly SIMD: use backend 'cpu'");
  check(
    threads === undefined || threads === 1 || hasSharedMemory(),
    'init',
    () =>
      `threads ${threads} need shared memory, which this page does not have; serve it cross-origin isolated (headers COOP and COEP), or leave threads out`,
  );
  check(
    flavour !== 'relaxed' || hasRelaxedSimd(),
    'init',
    "simd 'relaxed': this JavaScript engine has no relaxed SIMD; leave simd out, or take 'plain'",
  );
  if (threads !== undefined) return wasmBackend({ threads, flavour });
  const most = hasSharedMemory() ? machineThreads() : 1;
  try {
    return await wasmBackend({ threads: most, flavour });
  } catch (error) {
    if (most === 1) throw error;
    const one = await wasmBackend({ threads: 1, flavour }); // a page's policy may forbid workers
    tell(`${most} threads cannot run here (${wordsOf(error)}): computing in one`);
    return one;
  }
}

/** Loaded when it is used, with the compiler that it brings. */
async function gpu({ threads, simd }: WasmChoices = {}): Promise<GpuBackend> {
  refuseSimd('gpu', simd);
  check(threads === undefined, 'init', () => `the gpu backend has no threads to set, got threads ${threads}`);
  const { gpuBackend } = await import('./backends/gpu');
  return gpuBackend();
}

/** What `auto` needs to choose. */
type Choosing = Pick<InitOptions, 'threads' | 'simd' | 'workload' | 'store' | 'onCalibration'>;

/** The best backend that runs here: wasm and the GPU measured where there are both, else the one there is, else cpu. */
async function automatic(
  { threads, simd, workload, ...calibrating }: Choosing,
  tell: Tell,
): Promise<Backend> {
  // threads and a flavour that are asked for are a choice of wasm; a flavour is one of bits, for which no other
  // stands in
  if (simd !== undefined) return wasmOrFewerThreads({ threads, simd }, tell);
  const engine = await wasmOrReason(threads, tell);
  const device = workload && threads === undefined ? await gpuIfAny(tell) : undefined;
  if (typeof engine === 'string') {
    tell(`${engine}: computing on ${device === undefined ? 'cpu, which is much slower' : 'gpu'}`);
    return device ?? cpuBackend('f32');
  }
  return device === undefined ? engine : fastest(engine, device, workload!, calibrating, tell);
}

/** wasm of the flavour that is asked for, in one thread where more cannot run. */
async function wasmOrFewerThreads({ threads, simd }: WasmChoices, tell: Tell): Promise<WasmBackend> {
  try {
    return await wasm({ threads, simd }, tell);
  } catch (error) {
    if (threads === undefined || threads === 1) throw error;
    const one = await wasm({ threads: 1, simd }, tell);
    tell(`${threads} threads cannot run here (${wordsOf(error)}): computing in one`);
    return one;
  }
}

/** @throws where a flavour of wasm's is asked of another backend */
function refuseSimd(backend: BackendName, simd: InitOptions['simd']): void {
  check(
    simd === undefined,
    'init',
    () => `simd '${simd}' is a flavour of wasm, which backend '${backend}' is not`,
  );
}

/** wasm with the threads asked for, or else with one, or else why it cannot run. */
async function wasmOrReason(threads: number | undefined, tell: Tell): Promise<WasmBackend | string> {
  try {
    return await wasm({ threads }, tell);
  } catch (error) {
    const reason = `the wasm backend cannot run here (${wordsOf(error)})`;
    if (threads === undefined || threads === 1) return reason;
    const one = await wasmOrReason(1, tell);
    if (typeof one !== 'string')
      tell(`${threads} threads cannot run here (${wordsOf(error)}): computing in one`);
    return one;
  }
}

/** A GPU worth measuring. None is nothing to talk about; one that fails is. */
async function gpuIfAny(tell: Tell): Promise<GpuBackend | undefined> {
  let device: GpuBackend;
  try {
    device = await gpu();
  } catch (error) {
    if (!(error instanceof NoDeviceError)) tell(`the gpu backend cannot run here (${wordsOf(error)})`);
    return undefined;
  }
  if (!isSoftware(device)) return device;
  device.close();
  return undefined;
}

/** wasm or gpu, whichever does the work sooner. */
async function fastest(
  engine: WasmBackend,
  device: GpuBackend,
  workload: Workload,
  { store, onCalibration }: Pick<InitOptions, 'store' | 'onCalibration'>,
  tell: Tell,
): Promise<Backend> {
  const key = [
    version,
    engine.flavour,
    `${engine.threads} threads`,
    ...Object.values(device.adapter),
    workload.key,
  ].join('; ');
  const calibration = await remembered(store, key, () => calibrate([engine, device], workload));
  for (const [name, why] of Object.entries(calibration.failures ?? {}))
    tell(`the ${name} backend failed while it was measured (${why}): computing on ${calibration.fastest}`);
  onCalibration?.(calibration);
  const [chosen, other] = calibration.fastest === 'gpu' ? [device, engine] : [engine, device];
  try {
    other.close();
  } catch (error) {
    if (calibration.failures === undefined) throw error; // a device that was lost may not be there to be closed
  }
  return chosen;
}

/** A GPU that is this CPU under another name: not worth the minutes of its measurement. */
function isSoftware({ adapter }: GpuBackend): boolean {
  return /swiftshader|llvmpipe|lavapipe/i.test(Object.values(adapter).join(' '));
}

/** Options that ask for one backend by name. */
type Asking<Name extends BackendName> = InitOptions & { backend: Name };

/** Makes a backend without choosing it for new tensors. */
export function createBackend(options: Asking<'wasm'>): Promise<WasmBackend>;
export function createBackend(options: Asking<'gpu'>): Promise<GpuBackend>;
export function createBackend(options?: InitOptions): Promise<Backend>;
export async function createBackend(options: InitOptions = {}): Promise<Backend> {
  const {
    backend,
    precision,
    threads,
    simd,
    onNotice = notice,
    ...choosing
  } = initOptions.read('createBackend', options);
  if (backend === 'wasm') {
    check(precision === 'f32', 'init', "the wasm backend computes in f32; for f64 use backend 'cpu'");
    return wasm({ threads, simd }, onNotice);
  }
  if (backend === 'gpu') {
    check(precision === 'f32', 'init', "the gpu backend computes in f32; for f64 use backend 'cpu'");
    const device = await gpu({ threads, simd });
    if (isSoftware(device)) onNotice("this GPU is computed by the processor: backend 'wasm' is much faster");
    return device;
  }
  if (backend === 'auto' && precision === 'f32') return automatic({ threads, simd, ...choosing }, onNotice);
  refuseSimd('cpu', simd);
  check(
    backend === 'auto' || threads === undefined || threads === 1,
    'init',
    () => `the cpu backend computes in one thread, got threads ${threads}`,
  );
  return cpuBackend(precision);
}

/**
 * Chooses the backend for new tensors and seeds the global random stream. Call it once, before anything else.
 * @returns the backend. What `wasm` and `gpu` can tell beyond the others is theirs by type: `profile(true)` measures
 * every kernel from there on, `profiled()` says what came of it, and on `wasm` which operators ran on plain loops.
 */
export function init(options: Asking<'wasm'>): Promise<WasmBackend>;
export function init(options: Asking<'gpu'>): Promise<GpuBackend>;
export function init(options?: InitOptions): Promise<Backend>;
export async function init(options: InitOptions = {}): Promise<Backend> {
  const { seed, onNotice } = initOptions.read('init', options);
  const backend = await createBackend(options);
  manualSeed(seed);
  setActiveBackend(backend);
  tellNotices(onNotice);
  return backend;
}
