// Whether memory that was given back can be had again, and whether a backend that has no more says so and goes on
// unharmed.

import type { Backend, Handle, Operand } from '../../backends/backend';
import { check, SpikegradError } from '../../errors';
import { nodeModule } from '../../node-module';
import { sizedCases } from '../cases/sized';
import type { ConformanceCase } from '../probe';
import { type CheckedBackend, close, type Finding, holds, memoryOf, notTried, wordsOf } from './finding';

const MEGABYTE = 2 ** 20;
/** Numbers of a buffer whose loss shows: 4 MB in f32. */
const LARGE = MEGABYTE;
const LENGTH = 4099;
/** Arrays of JavaScript that may come and go for other reasons. */
const NOISE = 8 * MEGABYTE;
const ROUNDS = 4;
/** More numbers than any machine addresses. */
const TOO_MANY = 2 ** 46;
/** Of a backend that is made small to be filled. */
const SMALL = 48 * MEGABYTE;

/** @param cases what is computed and given back */
export async function checkMemory(
  { backend }: CheckedBackend,
  cases: readonly ConformanceCase[],
): Promise<Finding> {
  const all = [...cases, ...sizedCases(LENGTH)];
  const round = async () => {
    for (const { measure } of all) await measure(backend);
    for (let i = 0; i < 4; i++) backend.free(backend.full(LARGE, i));
  };
  const counted = countedBy(backend);
  if (counted === undefined) return notTried('nothing here tells how much memory is in use');
  await round(); // workspaces are made once
  const before = await counted.bytes();
  for (let i = 0; i < ROUNDS; i++) await round();
  const grown = (await counted.bytes()) - before;
  check(
    grown <= counted.noise,
    'memory',
    () =>
      `${ROUNDS} rounds of the same work left ${(grown / MEGABYTE).toFixed(2)} MB more in use than before`,
  );
  return holds(`${ROUNDS} rounds of ${all.length} kernels gave all back (${counted.by})`);
}

interface Counter {
  readonly by: string;
  readonly noise: number;
  bytes(): Promise<number>;
}

/** The backend's own count, or Node's of the arrays that a full collection leaves. */
function countedBy(backend: Backend): Counter | undefined {
  if (memoryOf(backend) !== undefined)
    return { by: "by the backend's count", noise: 0, bytes: async () => memoryOf(backend)!.used };
  const collect = collector();
  if (collect === undefined) return undefined;
  return {
    by: 'by the arrays of this process',
    noise: NOISE,
    async bytes() {
      for (let i = 0; i < 3; i++) {
        collect();
        await new Promise((resolve) => setTimeout(resolve, 0)); // arrays are swept beside the program
      }
      return process.memoryUsage().arrayBuffers;
    },
  };
}

/** Node's garbage collection, which it hides. */
function collector(): (() => void) | undefined {
  nodeModule<{ setFlagsFromString(flag: string): void }>('v8')?.setFlagsFromString('--expose-gc');
  return nodeModule<{ runInNewContext(code: string): () => void }>('vm')?.runInNewContext('gc');
}

/** What is asked for stands in no relation to what there is; then a small backend is filled to the brim. */
export async function checkOutOfMemory({ backend, remake }: CheckedBackend): Promise<Finding> {
  const guards = new Guards(backend);
  const limit = memoryOf(backend)?.limit;
  const sizes = [TOO_MANY, ...(limit === undefined ? [] : [Math.floor(limit / 4) + 1])];
  for (const size of sizes) await refused(backend, guards, size);
  await guards.free();
  const small = await remake?.({ memoryLimit: SMALL });
  const limited = small === undefined ? undefined : memoryOf(small)?.limit;
  if (small === undefined || limited === undefined || limited > 2 * SMALL) {
    if (small !== undefined) close(small);
    return holds('too much is refused, and nothing else harmed');
  }
  try {
    await filled(small);
  } finally {
    close(small);
  }
  return holds('too much is refused, a full memory told, and nothing else harmed');
}

/** @throws unless so many numbers are refused by an error of ours */
async function refused(backend: Backend, guards: Guards, size: number): Promise<void> {
  const side = Math.ceil(Math.sqrt(size));
  const asks: readonly (readonly [string, () => Handle])[] = [
    ['full', () => backend.full(size, 1)],
    ['broadcast', () => backend.broadcast(guards.one, [side, side])],
  ];
  for (const [kernel, ask] of asks) {
    const where = `${kernel} of ${size.toLocaleString('en')} numbers`;
    const got = attempt(where, ask);
    if (got !== undefined) {
      const { length } = await backend.read(got);
      throw new SpikegradError(where, `should have been refused, and gave ${length} numbers`);
    }
    await guards.checkAll(`after ${where} was refused`);
  }
}

/** What was given; undefined where it was refused by an error of ours. @throws any other error */
function attempt(where: string, ask: () => Handle): Handle | undefined {
  try {
    return ask();
  } catch (error) {
    if (error instanceof SpikegradError) return undefined;
    if (!(error instanceof RangeError)) throw error;
    throw new SpikegradError(where, `ended in an error of JavaScript's own: ${wordsOf(error)}`);
  }
}

/** Takes buffers until there is no room, gives them back, and computes on. */
async function filled(backend: Backend): Promise<void> {
  const guards = new Guards(backend);
  const taken: Handle[] = [];
  const size = LARGE / 4;
  for (;;) {
    const got = attempt('a full memory', () => backend.full(size, taken.length));
    if (got === undefined) break;
    taken.push(got);
    check(
      taken.length <= (2 * SMALL) / (4 * size),
      'a full memory',
      () => `of ${SMALL / MEGABYTE} MB holds ${taken.length} buffers of 1 MB`,
    );
  }
  await guards.checkAll('in a full memory');
  for (const [i, handle] of taken.entries()) {
    const numbers = await backend.read(handle);
    check(numbers[0] === i && numbers.at(-1) === i, 'a full memory', `buffer ${i} holds other numbers`);
    backend.free(handle);
  }
  await guards.free();
}

/** Buffers that nobody writes to. */
class Guards {
  readonly #numbers = [1, 1001, 5].map((length, at) =>
    Float64Array.from({ length }, (_, i) => ((i * 7 + at) % 31) - 15),
  );
  readonly #handles: readonly Handle[];

  constructor(readonly backend: Backend) {
    this.#handles = this.#numbers.map((numbers) => backend.upload(numbers));
  }

  /** A guard of one number. */
  get one(): Operand {
    return { handle: this.#handles[0]!, shape: [1, 1] };
  }

  /** @throws where one has changed, or work on it gives wrong numbers */
  async checkAll(where: string): Promise<void> {
    for (const [g, handle] of this.#handles.entries()) {
      const expected = this.#numbers[g]!;
      const operand = { handle, shape: [handle.size] };
      const doubled = this.backend.binary('add', operand, operand, [handle.size]);
      const [now, sum] = [await this.backend.read(handle), await this.backend.read(doubled)];
      this.backend.free(doubled);
      const at = expected.findIndex((value, i) => now[i] !== value || sum[i] !== 2 * value);
      check(
        at < 0 && now.length === expected.length,
        where,
        () => `another buffer holds ${now[at]} (its double ${sum[at]}) instead of ${expected[at]} at ${at}`,
      );
    }
  }

  async free(): Promise<void> {
    for (const handle of this.#handles) this.backend.free(handle);
  }
}
