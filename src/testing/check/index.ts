// Does a backend compute right on this machine? Each promise that a backend makes is tried, and told by a row of its
// own: values, gradients, odd sizes, special values, the same bits, threads, rounding, memory. In Node and in
// browsers alike.

import type { Backend } from '../../backends/backend';
import { cpuBackend } from '../../backends/cpu';
import { activeBackend } from '../../core/engine';
import { aBackend } from '../../core/kinds';
import { SpikegradError } from '../../errors';
import { withoutNotices } from '../../notices';
import {
  callback,
  checkKind,
  finite,
  listOf,
  type OptionsOf,
  oneOf,
  option,
  optional,
  optionTable,
  whole,
} from '../../options';
import { elementwiseCases } from '../cases/elementwise';
import { linearCases } from '../cases/linear';
import { memoryCases } from '../cases/memory';
import { neuronCases } from '../cases/neuron';
import { normCases } from '../cases/norm';
import { shapeCases } from '../cases/shape';
import { sizedCases } from '../cases/sized';
import { specialCases } from '../cases/special';
import { trainingCases } from '../cases/training';
import { checkDeterminism, checkThreads } from './bits';
import {
  againstReference,
  type CheckedBackend,
  type Finding,
  holds,
  type Remade,
  type Verdict,
  wordsOf,
} from './finding';
import { checkGradients } from './gradients';
import { checkMemory, checkOutOfMemory } from './memory';
import { checkRounding } from './rounding';

export type { Remade, Verdict } from './finding';

/** All of them, in the order of the rows. */
export const BACKEND_CHECKS = [
  'operators',
  'gradients',
  'odd sizes',
  'special values',
  'determinism',
  'threads',
  'rounding',
  'memory',
  'out of memory',
] as const;

/** What {@link checkBackend} looks at. */
export type BackendCheck = (typeof BACKEND_CHECKS)[number];

/** One row of what {@link checkBackend} found. */
export interface CheckRow {
  readonly check: BackendCheck;
  readonly verdict: Verdict;
  /** What was tried, or the first thing that is wrong. */
  readonly found: string;
  readonly seconds: number;
}

/** What {@link checkBackend} gives. */
export interface BackendReport {
  /** Whether nothing failed. */
  readonly ok: boolean;
  readonly rows: readonly CheckRow[];
}

/** How {@link checkBackend} goes about it. */
export interface CheckBackendOptions {
  /** What to look at. Default: everything. */
  checks?: readonly BackendCheck[];
  /** What it is held to. Default: `cpu` in f64. */
  reference?: Backend;
  /** Makes the same backend with other threads or less memory. Default: a backend of this library is made so itself. */
  remake?: (setting: Remade) => Backend | Promise<Backend>;
  /** Numbers of threads that must give the same bits. Default [1, 2, 3]. */
  threads?: readonly number[];
  /** Seconds after which a check that has not answered has failed. Default 60. */
  patience?: number;
  /** Told each row when it is known. */
  onRow?: (row: CheckRow) => void;
}

export const checkBackendOptions = optionTable({
  checks: option(listOf(oneOf(BACKEND_CHECKS)), () => [...BACKEND_CHECKS], 'everything'),
  reference: optional(aBackend, '`cpu` in f64'),
  remake: optional(
    callback<NonNullable<CheckBackendOptions['remake']>>('a function ({ threads, memoryLimit })'),
    'a backend of this library is made so itself',
  ),
  threads: option(listOf(whole({ least: 1 })), () => [1, 2, 3]),
  patience: option(finite({ above: 0 }), 60),
  onRow: optional(callback<NonNullable<CheckBackendOptions['onRow']>>('a function (row)')),
} satisfies OptionsOf<CheckBackendOptions>);

/**
 * Tries on this machine what a backend promises, one of ours or one of your own:
 *
 * - `operators`: each kernel gives the reference's numbers;
 * - `gradients`: so does each gradient, of kernels and of operators;
 * - `odd sizes`: so do lengths that no vector and no block divides;
 * - `special values`: NaN, infinities and zeros come out as from the reference;
 * - `determinism`: the same work gives the same bits;
 * - `threads`: large work is right and has the same bits on any number of threads;
 * - `rounding`: results are the nearest numbers, and with `plain` SIMD each product is rounded;
 * - `memory`: what was given back is free again;
 * - `out of memory`: too much is refused by an error of ours, and harms nothing else.
 *
 * It takes seconds on `wasm` and `cpu`, less than a minute on a slow machine.
 *
 * ```ts
 * const { ok, rows } = await checkBackend(await init({ backend: 'wasm' }));
 * console.table(rows);
 * ```
 * @param backend default: the one that `init` chose
 * @throws on arguments that are none; what does not hold is told in the rows
 */
export async function checkBackend(
  backend?: Backend,
  options: CheckBackendOptions = {},
): Promise<BackendReport> {
  const candidate = backend ?? activeBackend('checkBackend');
  checkKind('checkBackend', 'backend', aBackend, candidate);
  const { checks, reference, remake, threads, patience, onRow } = checkBackendOptions.read(
    'checkBackend',
    options,
  );
  const subject: CheckedBackend = {
    backend: candidate,
    reference: reference ?? cpuBackend('f64'),
    ...(remake === undefined ? await ownRemake(candidate) : { remake, noThreads: undefined }),
    threads,
  };
  const rows: CheckRow[] = [];
  for (const check of BACKEND_CHECKS.filter((name) => checks.includes(name))) {
    const row = await withoutNotices(() => rowOf(check, subject, patience));
    rows.push(row);
    onRow?.(row);
  }
  return { ok: rows.every(({ verdict }) => verdict !== 'fails'), rows };
}

async function rowOf(check: BackendCheck, subject: CheckedBackend, patience: number): Promise<CheckRow> {
  const began = performance.now();
  const end = ({ verdict, found }: { verdict: Verdict; found: string }): CheckRow => ({
    check,
    verdict,
    found,
    seconds: (performance.now() - began) / 1000,
  });
  let clock: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    const late = new SpikegradError(check, `no answer within ${patience} s`);
    clock = setTimeout(() => reject(late), 1000 * patience);
  });
  try {
    return end(await Promise.race([finding(check, subject), silence]));
  } catch (error) {
    return end({ verdict: 'fails', found: wordsOf(error) });
  } finally {
    clearTimeout(clock);
  }
}

/** @throws what does not hold */
async function finding(check: BackendCheck, subject: CheckedBackend): Promise<Finding> {
  const { values, gradients } = sampleCases();
  switch (check) {
    case 'operators':
      await againstReference(values, subject);
      return holds(`${values.length} samples of kernels`);
    case 'gradients':
      return checkGradients(subject, gradients);
    case 'odd sizes':
      await againstReference(LENGTHS.flatMap(sizedCases), subject);
      return holds(`lengths ${LENGTHS.join(', ')}`);
    case 'special values': {
      const cases = specialCases();
      await againstReference(cases, subject);
      return holds(`${cases.length} samples of kernels`);
    }
    case 'determinism':
      return checkDeterminism(subject, [...values, ...gradients]);
    case 'threads':
      return checkThreads(subject);
    case 'rounding':
      return checkRounding(subject);
    case 'memory':
      return checkMemory(subject, [...values, ...gradients]);
    case 'out of memory':
      return checkOutOfMemory(subject);
  }
}

/** Around the lengths of vectors, and of blocks that kernels go by. */
const LENGTHS = [1, 2, 3, 5, 7, 9, 15, 17, 31, 33, 63, 65, 127, 129, 1025];

function sampleCases() {
  const all = [
    ...memoryCases(),
    ...elementwiseCases(),
    ...shapeCases(),
    ...linearCases(),
    ...normCases(),
    ...neuronCases(),
    ...trainingCases(),
  ];
  const isGradient = ({ kernel }: { kernel: string }) => kernel.endsWith('Gradient');
  return { values: all.filter((one) => !isGradient(one)), gradients: all.filter(isGradient) };
}

/** Backends of this library that have settings: `wasm`. */
async function ownRemake(backend: Backend): Promise<Pick<CheckedBackend, 'remake' | 'noThreads'>> {
  if (backend.name !== 'wasm' || !('flavour' in backend)) return { remake: undefined, noThreads: undefined };
  const { hasSharedMemory, wasmBackend } = await import('../../backends/wasm');
  const flavour = backend.flavour as 'plain' | 'relaxed';
  return {
    remake: ({ threads = 1, memoryLimit }) => wasmBackend({ threads, flavour, memoryLimit }),
    noThreads: hasSharedMemory()
      ? undefined
      : 'threads need shared memory, which a page has when it is cross-origin isolated (headers COOP and COEP)',
  };
}
