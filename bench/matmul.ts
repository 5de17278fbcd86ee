// The reference matmul against a naive triple loop, in alternating rounds, because clock and neighbours change within
// one run. Expected: the naive loop walks b's columns through memory, so it is bound by cache misses; the register
// tile reads five numbers for six multiply-adds, and should win at least fourfold at 512.

import { add, configure, suite } from 'benny';
import { cpuBackend } from '../src/backends/cpu';
import { Random } from '../src/core/random';
import { record } from './record';

const SIZE = 512;
const ROUNDS = 7;
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

const gflops = (seconds: number) => Number(((2 * SIZE ** 3) / seconds / 1e9).toFixed(2));
const median = (values: number[]) => values.sort((p, q) => p - q)[Math.floor(values.length / 2)]!;

const rounds: { naive: number; cpu: number; ratio: number }[] = [];
for (let round = 1; round <= ROUNDS; round++) {
  const { results } = await suite(
    `matmul ${SIZE}x${SIZE}x${SIZE}, f32, round ${round} of ${ROUNDS}`,
    add('naive triple loop', () => {
      naive();
    }),
    add('cpu backend', () => {
      backend.matmul(x, y, { transposeA: false, transposeB: false }, shape);
    }),
    configure({ cases: { minSamples: 3, maxTime: 0.5 } }),
  );
  const [slow, fast] = results.map(({ details }) => details.median) as [number, number];
  rounds.push({ naive: gflops(slow), cpu: gflops(fast), ratio: Number((slow / fast).toFixed(2)) });
}
console.table(rounds);
const medians = {
  naiveGflops: median(rounds.map(({ naive }) => naive)),
  cpuGflops: median(rounds.map(({ cpu }) => cpu)),
  ratio: median(rounds.map(({ ratio }) => ratio)),
};
console.log('medians', medians);
record('matmul', { rounds, medians });
