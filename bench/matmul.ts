// The reference matmul against a naive triple loop, side by side in one run.
// Expected: the naive loop walks b's columns through memory, so it is bound by cache misses; the register tile reads eight
// numbers for sixteen multiply-adds and should win at least fourfold at 512.

import { add, complete, cycle, suite } from 'benny';
import { cpuBackend } from '../src/backends/cpu';
import { Random } from '../src/core/random';
import { record } from './record';

const SIZE = 512;
const random = new Random(1);
const numbers = () => Float32Array.from({ length: SIZE * SIZE }, () => random.normal());
const [a, b] = [numbers(), numbers()];
const backend = cpuBackend('f32');
const shape = [SIZE, SIZE];
const [x, y] = [a, b].map((data) => ({ handle: backend.upload(data), shape })) as [
  { handle: ReturnType<typeof backend.upload>; shape: number[] },
  { handle: ReturnType<typeof backend.upload>; shape: number[] },
];

function naive(): Float32Array {
  const out = new Float32Array(SIZE * SIZE);
  for (let i = 0; i < SIZE; i++) {
    for (let j = 0; j < SIZE; j++) {
      let sum = 0;
      for (let k = 0; k < SIZE; k++) sum += a[i * SIZE + k]! * b[k * SIZE + j]!;
      out[i * SIZE + j] = sum;
    }
  }
  return out;
}

await suite(
  `matmul ${SIZE}x${SIZE}x${SIZE}, f32`,
  add('naive triple loop', () => {
    naive();
  }),
  add('cpu backend', () => {
    backend.matmul(x, y, { transposeA: false, transposeB: false }, shape);
  }),
  cycle(),
  complete(({ results }) => {
    const rows = results.map(({ name, margin, details }) => ({
      name,
      gflops: Number(((2 * SIZE ** 3) / details.median / 1e9).toFixed(2)),
      marginPercent: margin,
    }));
    const [slow, fast] = rows as [(typeof rows)[0], (typeof rows)[0]];
    const ratio = Number((fast.gflops / slow.gflops).toFixed(2));
    console.log(rows, `cpu backend / naive: ${ratio}`);
    record('matmul', { rows, ratio });
  }),
);
