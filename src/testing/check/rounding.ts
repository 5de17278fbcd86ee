// Whether numbers are rounded as the backend says: to the nearest, ties to even, f32 where it says f32; and whether
// products are rounded before they are added, which `plain` SIMD promises and `relaxed` leaves to the processor. A
// device that reads asynchronously (a GPU) may divide by 2.5 ulp and lose subnormal numbers, as WebGPU has it.

import type { Backend, BinaryOp } from '../../backends/backend';
import { convGeometry } from '../../backends/geometry';
import { Random } from '../../core/random';
import { check } from '../../errors';
import { Bench } from '../probe';
import { type CheckedBackend, type Finding, holds } from './finding';

/** Numbers whose results lie anywhere between two floats, on ties too, large and small. */
function samples(): { a: Float64Array; b: Float64Array } {
  const random = new Random(20);
  const ties = [
    [1, 2 ** -24],
    [1 + 2 ** -23, 2 ** -24],
    [1, -(2 ** -25)],
    [2 ** 24 + 2, 1],
    [1 + 2 ** -12, 1 + 2 ** -12],
    [3, 1 + 2 ** -23],
    [1, 3],
    [-1, 3],
    [2, 3],
    [-0, 1],
    [0.1, 0.7],
  ];
  const drawn = Array.from({ length: 500 }, () => [draw(random), draw(random)]);
  const pairs = [...ties, ...drawn];
  return {
    a: Float64Array.from(pairs, ([a]) => Math.fround(a!)),
    b: Float64Array.from(pairs, ([, b]) => Math.fround(b!)),
  };
}

const draw = (random: Random) => random.uniform(-2, 2) * 2 ** (random.integer(21) - 10);

const exact: Readonly<Partial<Record<BinaryOp, (a: number, b: number) => number>>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
};

/** (1 + 2^-12)² - (1 + 2^-11) is 2^-24, and nothing where the square was rounded to f32 before. */
const SQUARE = 1 + 2 ** -12;
const REST = -(1 + 2 ** -11);

export async function checkRounding({ backend }: CheckedBackend): Promise<Finding> {
  const bench = new Bench(backend);
  try {
    await checkElementary(bench, backend.precision === 'f32' ? Math.fround : (x) => x);
    const remarks = backend.precision === 'f32' ? [await checkProducts(bench)] : [];
    return holds(['nearest, ties to even', ...remarks].join('; '));
  } finally {
    bench.freeAll();
  }
}

async function checkElementary(bench: Bench, round: (x: number) => number): Promise<void> {
  const { backend } = bench;
  const { a, b } = samples();
  const wide = Float64Array.from(a, (x, i) => x + b[i]! * 2 ** -24);
  await compare('upload', backend, await backend.read(bench.own(backend.upload(wide))), wide, round, 0);
  for (const [op, compute] of Object.entries(exact)) {
    const got = bench.own(backend.binary(op as BinaryOp, bench.place(a), bench.place(b), [a.length]));
    const ulps = op === 'divide' && !backend.synchronous ? 3 : 0;
    const expected = Float64Array.from(a, (x, i) => compute(x, b[i]!));
    await compare(op, backend, await backend.read(got), expected, round, ulps);
  }
  const positive = a.map(Math.abs);
  const roots = bench.own(backend.unary('sqrt', bench.place(positive), []));
  await compare(
    'sqrt',
    backend,
    await backend.read(roots),
    positive.map(Math.sqrt),
    round,
    backend.synchronous ? 0 : 4,
  );
  if (!backend.synchronous) return;
  const [small, smaller] = [
    [2 ** -100, 2 ** -120],
    [2 ** -40, 3 * 2 ** -29],
  ];
  const subnormal = bench.own(backend.binary('multiply', bench.place(small), bench.place(smaller), [2]));
  const products = small.map((x, i) => x * smaller[i]!);
  await compare('multiply (subnormal)', backend, await backend.read(subnormal), products, round, 0);
}

async function compare(
  op: string,
  backend: Backend,
  got: ArrayLike<number>,
  expected: ArrayLike<number>,
  round: (x: number) => number,
  ulps: number,
): Promise<void> {
  for (let i = 0; i < expected.length; i++) {
    const right = round(expected[i]!);
    const allowed = ulps * Math.abs(right) * 2 ** -23;
    check(
      Object.is(got[i], right) || (Math.abs(got[i]! - right) <= allowed && ulps > 0),
      `${op} on ${backend.name} ${backend.precision}`,
      () => `the nearest to ${expected[i]} is ${right}, the backend gives ${got[i]}`,
    );
  }
}

/** How products and convolutions add up. @throws where it is not as the flavour has it */
async function checkProducts(bench: Bench): Promise<string> {
  const { backend } = bench;
  const kinds = new Set<string>();
  const flavour = 'flavour' in backend ? String(backend.flavour) : undefined;
  for (const width of [1, 3, 4, 8, 17, 64]) {
    for (const [kernel, rests] of Object.entries(await restsOf(bench, width))) {
      for (const rest of rests) {
        const kind = rest === 0 ? 'rounded before they are added' : 'not rounded before they are added';
        check(
          rest === 0 || rest === 2 ** -24,
          `${kernel} on ${backend.name} ${backend.precision}`,
          () => `(1 + 2^-12)² - (1 + 2^-11) came out as ${rest}`,
        );
        check(
          flavour !== 'plain' || rest === 0,
          `${kernel} on ${backend.name} ${backend.precision}`,
          `flavour 'plain' rounds each product, and here one was added unrounded, as 'relaxed' may`,
        );
        kinds.add(kind);
      }
    }
  }
  return `${flavour === undefined ? '' : `flavour ${flavour}: `}products ${[...kinds].join(', some ')}`;
}

/** The rest of the square in `width` places at once. */
async function restsOf(bench: Bench, width: number): Promise<Record<string, ArrayLike<number>[number][]>> {
  const { backend } = bench;
  const left = bench.place([SQUARE, REST], [1, 2]);
  const right = [...Array.from({ length: width }, () => SQUARE), ...Array.from({ length: width }, () => 1)];
  // the rest is added first, so that a sum that begins with it meets an unrounded square
  const reversed = bench.place([REST, SQUARE], [1, 2]);
  const swapped = bench.place([...right.slice(width), ...right.slice(0, width)], [2, width]);
  const plain = { transposeA: false, transposeB: false };
  const geometry = convGeometry('checkBackend', [1, 1, 1, 2], [1, 1, 2, width]);
  const results = {
    matmul: [
      backend.matmul(left, bench.place(right, [2, width]), plain, [1, width]),
      backend.matmul(reversed, swapped, plain, [1, width]),
    ],
    conv2d: [
      backend.conv2d({ ...reversed, shape: [1, 1, 1, 2] }, { ...swapped, shape: [1, 1, 2, width] }, geometry),
    ],
  };
  const found: Record<string, number[]> = {};
  for (const [kernel, handles] of Object.entries(results)) {
    const read = await Promise.all(handles.map((handle) => backend.read(bench.own(handle))));
    found[kernel] = read.flatMap((numbers) => [...numbers]);
  }
  return found;
}
