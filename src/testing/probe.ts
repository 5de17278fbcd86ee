// One kernel on two backends: the same numbers go in, what comes out is compared. A kernel must also leave its operands
// as they were, and a handle that calls itself binary must hold zeros and ones.

import type { Backend, Handle, Operand, Precision } from '../backends/backend';
import { type Shape, sizeOf } from '../backends/shape';
import { Random } from '../core/random';
import { check, SpikegradError } from '../errors';

/** The methods of a backend. */
export type KernelName = {
  [K in keyof Backend]: Backend[K] extends (...args: never[]) => unknown ? K : never;
}[keyof Backend];

/** One sample input of one kernel. */
export interface ConformanceCase {
  readonly kernel: KernelName;
  readonly name: string;
  /** @throws SpikegradError where the candidate's numbers differ from the reference's */
  run(reference: Backend, candidate: Backend): Promise<void>;
  /** What one backend alone gives, by name. */
  measure(backend: Backend): Promise<Readonly<Record<string, ArrayLike<number>>>>;
}

/**
 * |got - expected| may be this much times 1 + |expected|. Sample inputs are of the size of 1, sums a few hundred long.
 */
export const tolerances: Readonly<Record<Precision, number>> = { f32: 2e-5, f64: 1e-11 };

/** Seeded sample numbers, all of them exact in f32 so that both backends start from the same. */
export class Draw {
  constructor(readonly random: Random) {}

  numbers(size: number | Shape, low = -1, high = 1): Float64Array {
    const length = typeof size === 'number' ? size : sizeOf(size);
    return Float64Array.from({ length }, () => Math.fround(this.random.uniform(low, high)));
  }

  /** Whole numbers in [low, high]: sums of them are exact, and some are equal. */
  integers(size: number | Shape, low = -2, high = 2): Float64Array {
    const length = typeof size === 'number' ? size : sizeOf(size);
    return Float64Array.from({ length }, () => low + this.random.integer(high - low + 1));
  }

  /** Zeros and ones. */
  spikes(size: number | Shape, rate = 0.3): Float64Array {
    const length = typeof size === 'number' ? size : sizeOf(size);
    return Float64Array.from({ length }, () => (this.random.uniform() < rate ? 1 : 0));
  }
}

interface PlacedOperand {
  readonly operand: Operand;
  readonly data: ArrayLike<number>;
}

/** Puts operands on one backend and remembers them. */
export class Bench {
  readonly #placed: PlacedOperand[] = [];
  readonly #owned = new Set<Handle>();

  constructor(readonly backend: Backend) {}

  place(data: ArrayLike<number>, shape: Shape = [data.length]): Operand {
    const operand = { handle: this.own(this.backend.upload(data)), shape };
    this.#placed.push({ operand, data });
    return operand;
  }

  /** An operand that the kernel is meant to change. */
  placeInPlace(data: ArrayLike<number>, shape: Shape = [data.length]): Operand {
    return { handle: this.own(this.backend.upload(data)), shape };
  }

  /** Zeros and ones in a handle that knows it, where the backend marks such handles. */
  placeSpikes(data: ArrayLike<number>, shape: Shape = [data.length]): Operand {
    const raw = this.place(data, shape);
    const half = this.place([0.5], []);
    const operand = { handle: this.own(this.backend.binary('greater', raw, half, shape)), shape };
    this.#placed.push({ operand, data });
    return operand;
  }

  /** A handle to be freed at the end. */
  own<H extends Handle>(handle: H): H {
    this.#owned.add(handle);
    return handle;
  }

  /** @throws when a kernel wrote into an operand */
  async checkOperands(where: string): Promise<void> {
    const isKept = async ({ operand, data }: PlacedOperand) => {
      const now = await this.backend.read(operand.handle);
      return now.every((value, i) => Object.is(value, data[i]) || value === data[i]);
    };
    const kept = await Promise.all(this.#placed.map(isKept));
    check(!kept.includes(false), where, 'the kernel changed an operand');
  }

  freeAll(): void {
    for (const handle of this.#owned) this.backend.free(handle);
    this.#owned.clear();
  }
}

/** What a kernel gave, by name: handles are read and freed. */
export type Outcome = Readonly<Record<string, Handle | ArrayLike<number>>>;

/**
 * @param prepare draws the sample input once and returns what to do with it on either backend
 */
export function kernelCase(
  kernel: KernelName,
  name: string,
  prepare: (draw: Draw) => (bench: Bench) => Outcome | Promise<Outcome>,
): ConformanceCase {
  const prepared = () => {
    const letters = Array.from(`${kernel} ${name}`, (letter) => letter.codePointAt(0)!);
    return prepare(new Draw(new Random(letters.length, ...letters)));
  };
  const placeOf = (backend: Backend) => `${kernel} (${name}) on ${backend.name} ${backend.precision}`;
  return {
    kernel,
    name,
    measure: (backend) => measure(placeOf(backend), backend, prepared()),
    async run(reference, candidate) {
      const compute = prepared();
      const where = placeOf(candidate);
      const expected = await measure(where, reference, compute);
      const got = await measure(where, candidate, compute);
      for (const [part, numbers] of Object.entries(expected)) {
        compare(where, part, got[part]!, numbers, candidate.precision);
      }
    },
  };
}

async function measure(
  where: string,
  backend: Backend,
  compute: (bench: Bench) => Outcome | Promise<Outcome>,
): Promise<Record<string, ArrayLike<number>>> {
  const bench = new Bench(backend);
  try {
    const outcome = Object.entries(await compute(bench));
    // all at once: a device that is waited for is waited for once
    const parts = outcome.map(
      async ([part, value]) => [part, await numbersOf(where, part, value, bench)] as const,
    );
    const [read] = await Promise.all([Promise.all(parts), bench.checkOperands(where)]);
    return Object.fromEntries(read);
  } finally {
    bench.freeAll();
  }
}

/** What a handle holds, which is what it says of itself. */
async function numbersOf(
  where: string,
  part: string,
  value: Handle | ArrayLike<number>,
  bench: Bench,
): Promise<ArrayLike<number>> {
  if (!isHandle(value)) return value;
  const numbers = await bench.backend.read(bench.own(value));
  check(
    numbers.length === value.size,
    where,
    () => `${part} says size ${value.size} and holds ${numbers.length} numbers`,
  );
  check(
    !value.binary || numbers.every((x) => x === 0 || x === 1),
    where,
    `${part} is marked binary and holds other numbers than 0 and 1`,
  );
  return numbers;
}

function isHandle(value: Handle | ArrayLike<number>): value is Handle {
  return 'bytes' in value && 'binary' in value;
}

function compare(
  where: string,
  part: string,
  got: ArrayLike<number>,
  expected: ArrayLike<number>,
  precision: Precision,
): void {
  const tolerance = tolerances[precision];
  check(
    got.length === expected.length,
    where,
    () => `${part} has ${got.length} numbers instead of ${expected.length}`,
  );
  for (let i = 0; i < expected.length; i++) {
    const x = got[i]!;
    // what is too large for f32 is infinite there
    const y = precision === 'f32' ? Math.fround(expected[i]!) : expected[i]!;
    if (x === y || (Number.isNaN(x) && Number.isNaN(y))) continue;
    if (Number.isFinite(y) && Math.abs(x - y) <= tolerance * (1 + Math.abs(y))) continue;
    throw new SpikegradError(where, `${part}[${i}] is ${x}, the reference gives ${y}`);
  }
}
