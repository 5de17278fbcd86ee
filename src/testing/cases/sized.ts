// One sample input of every kernel that is `length` long in the direction that a backend cuts into pieces: lanes of a
// vector, blocks, parts for threads. Odd lengths have a tail; large ones have many parts.

import { convGeometry, poolGeometry } from '../../backends/geometry';
import { groupedGeometry } from '../../backends/windows';
import { rectangular } from '../../neurons';
import { sgdRule } from '../../optim/sgd';
import {
  type Bench,
  type ConformanceCase,
  type Draw,
  type KernelName,
  kernelCase,
  type Outcome,
} from '../probe';
import { fire, fireBack, plainNeuron } from './neuron';
import { constantsOf, updateOf } from './update';

type Prepare = (draw: Draw) => (bench: Bench) => Outcome;

/** Of nine pixels each. */
const MOST_IMAGES = 1601;

/** @param length at least 1 */
export function sizedCases(length: number): ConformanceCase[] {
  const of = (kernel: KernelName, name: string, prepare: Prepare) =>
    kernelCase(kernel, `${name}, length ${length}`, (draw) => {
      const compute = prepare(draw);
      return (bench) => {
        spoilFreeMemory(bench, length);
        return compute(bench);
      };
    });
  return [
    ...elementwise(length, of),
    ...movements(length, of),
    ...linear(length, of),
    ...windows(Math.min(length, MOST_IMAGES), of),
    ...learning(length, of),
  ];
}

type Of = (kernel: KernelName, name: string, prepare: Prepare) => ConformanceCase;

/** What is not written must not look right because the numbers of an earlier run still lie there. */
function spoilFreeMemory({ backend }: Bench, length: number): void {
  for (const times of [1, 3]) backend.free(backend.full(times * length, Number.NaN));
}

function elementwise(n: number, of: Of): ConformanceCase[] {
  return [
    ...(['exp', 'relu', 'sqrt'] as const).map((op) =>
      of('unary', op, (draw) => {
        const x = draw.numbers(n, 0.1, 2);
        return (bench) => ({ y: bench.backend.unary(op, bench.place(x), []) });
      }),
    ),
    ...(['add', 'multiply', 'divide', 'greater'] as const).map((op) =>
      of('binary', op, (draw) => {
        const [a, b] = [draw.numbers(n), draw.numbers(n, 0.5, 2)];
        return (bench) => ({ z: bench.backend.binary(op, bench.place(a), bench.place(b), [n]) });
      }),
    ),
    of('binary', 'a row for each of three', (draw) => {
      const [a, b] = [draw.numbers(3 * n), draw.numbers(n)];
      return (bench) => ({
        z: bench.backend.binary('add', bench.place(a, [3, n]), bench.place(b), [3, n]),
      });
    }),
    of('where', 'side by side', (draw) => {
      const [c, a, b] = [draw.spikes(n), draw.numbers(n), draw.numbers(n)];
      return (bench) => ({ z: bench.backend.where(bench.place(c), bench.place(a), bench.place(b), [n]) });
    }),
    of('map', 'the derivative of a surrogate', (draw) => {
      const x = draw.numbers(n);
      return (bench) => ({ y: bench.backend.map(rectangular(), 'derivative', bench.place(x)) });
    }),
    of('upload', 'there and back', (draw) => {
      const x = draw.numbers(n);
      return (bench) => ({ x: bench.backend.upload(x) });
    }),
    of('full', 'halves', () => (bench) => ({ x: bench.backend.full(n, 0.5) })),
    of('overwrite', 'all of it', (draw) => {
      const [x, y] = [draw.numbers(n), draw.numbers(n)];
      return (bench) => {
        const { handle } = bench.placeInPlace(x);
        bench.backend.overwrite(handle, y);
        return { x: handle };
      };
    }),
  ];
}

function movements(n: number, of: Of): ConformanceCase[] {
  const rows = (draw: Draw) => draw.numbers(3 * n);
  return [
    ...(['sum', 'max'] as const).flatMap((op) =>
      [[0], [1], [0, 1]].map((axes) =>
        of('reduce', `${op} of three rows over ${axes}`, (draw) => {
          const x = draw.integers(3 * n); // sums of whole numbers are exact however they are ordered
          return (bench) => ({ y: bench.backend.reduce(op, bench.place(x, [3, n]), axes) });
        }),
      ),
    ),
    of('broadcast', 'a row to three', (draw) => {
      const x = draw.numbers(n);
      return (bench) => ({ y: bench.backend.broadcast(bench.place(x), [3, n]) });
    }),
    of('permute', 'rows to columns', (draw) => {
      const x = rows(draw);
      return (bench) => ({ y: bench.backend.permute(bench.place(x, [3, n]), [1, 0]) });
    }),
    of('slice', 'all but the first row', (draw) => {
      const x = rows(draw);
      return (bench) => ({ y: bench.backend.slice(bench.place(x, [3, n]), [1, 0], [2, n]) });
    }),
    of('embed', 'a row between zeros', (draw) => {
      const x = draw.numbers(n);
      return (bench) => ({ y: bench.backend.embed(bench.place(x, [1, n]), [1, 0], [3, n]) });
    }),
    of('concat', 'rows of two lengths', (draw) => {
      const [a, b] = [draw.numbers(2 * n), draw.numbers(2)];
      return (bench) => ({ y: bench.backend.concat([bench.place(a, [2, n]), bench.place(b, [2, 1])], 1) });
    }),
    of('gather', 'backwards', (draw) => {
      const x = draw.numbers(2 * n);
      const index = Int32Array.from({ length: n }, (_, i) => n - 1 - i);
      return (bench) => ({ y: bench.backend.gather(bench.place(x, [2, n]), index, 1) });
    }),
  ];
}

function linear(n: number, of: Of): ConformanceCase[] {
  const plain = { transposeA: false, transposeB: false };
  return [
    of('matmul', 'many rows', (draw) => {
      const [a, b] = [draw.numbers(n * 3), draw.numbers(3 * 5)];
      return (bench) => ({
        c: bench.backend.matmul(bench.place(a, [n, 3]), bench.place(b, [3, 5]), plain, [n, 5]),
      });
    }),
    of('matmul', 'many columns', (draw) => {
      const [a, b] = [draw.numbers(2 * 3), draw.numbers(3 * n)];
      return (bench) => ({
        c: bench.backend.matmul(bench.place(a, [2, 3]), bench.place(b, [3, n]), plain, [2, n]),
      });
    }),
    of('matmul', 'long sums', (draw) => {
      const [a, b] = [draw.integers(2 * n), draw.integers(n * 3)];
      return (bench) => ({
        c: bench.backend.matmul(bench.place(a, [2, n]), bench.place(b, [n, 3]), plain, [2, 3]),
      });
    }),
  ];
}

function windows(n: number, of: Of): ConformanceCase[] {
  const image = [n, 3, 3, 2];
  const geometry = convGeometry('sized', image, [3, 3, 2, 5], 1, 1);
  const pool = poolGeometry('sized', image, 2, 2);
  const pooled = [n, pool.outHeight, pool.outWidth, 2];
  const grid = groupedGeometry('sized', image, [3, 3, 1, 2], {
    ...{ stride: [1, 1], padding: [1, 1], dilation: [1, 1], groups: 2 },
  });
  const pixels = (draw: Draw, channels: number) => draw.integers(n * 9 * channels);
  const weight = (draw: Draw) => draw.integers(3 * 3 * 2 * 5);
  return [
    of('conv2d', 'many images', (draw) => {
      const [x, w] = [pixels(draw, 2), weight(draw)];
      return (bench) => ({
        y: bench.backend.conv2d(bench.place(x, image), bench.place(w, [3, 3, 2, 5]), geometry),
      });
    }),
    of('conv2dInputGradient', 'many images', (draw) => {
      const [g, w] = [pixels(draw, 5), weight(draw)];
      return (bench) => ({
        dx: bench.backend.conv2dInputGradient(
          bench.place(g, [n, 3, 3, 5]),
          bench.place(w, [3, 3, 2, 5]),
          geometry,
        ),
      });
    }),
    of('conv2dWeightGradient', 'many images', (draw) => {
      const [x, g] = [pixels(draw, 2), pixels(draw, 5)];
      return (bench) => ({
        dw: bench.backend.conv2dWeightGradient(bench.place(x, image), bench.place(g, [n, 3, 3, 5]), geometry),
      });
    }),
    of('avgPool2d', 'many images', (draw) => {
      const x = pixels(draw, 2);
      return (bench) => ({ y: bench.backend.avgPool2d(bench.place(x, image), pool) });
    }),
    of('avgPool2dGradient', 'many images', (draw) => {
      const g = draw.numbers(pooled);
      return (bench) => ({ dx: bench.backend.avgPool2dGradient(bench.place(g, pooled), pool) });
    }),
    of('groupedConv2d', 'many images', (draw) => {
      const [x, w] = [pixels(draw, 2), draw.integers(18)];
      return (bench) => ({
        y: bench.backend.groupedConv2d(bench.place(x, image), bench.place(w, [3, 3, 1, 2]), grid),
      });
    }),
    of('groupedConv2dInputGradient', 'many images', (draw) => {
      const [g, w] = [pixels(draw, 2), draw.integers(18)];
      return (bench) => ({
        dx: bench.backend.groupedConv2dInputGradient(
          bench.place(g, image),
          bench.place(w, [3, 3, 1, 2]),
          grid,
        ),
      });
    }),
    of('groupedConv2dWeightGradient', 'many images', (draw) => {
      const [x, g] = [pixels(draw, 2), pixels(draw, 2)];
      return (bench) => ({
        dw: bench.backend.groupedConv2dWeightGradient(bench.place(x, image), bench.place(g, image), grid),
      });
    }),
    of('maxPool2d', 'many images', (draw) => {
      const x = pixels(draw, 2);
      return (bench) => ({ y: bench.backend.maxPool2d(bench.place(x, image), grid) });
    }),
    of('maxPool2dGradient', 'many images', (draw) => {
      const [g, x] = [pixels(draw, 2), pixels(draw, 2)];
      return (bench) => ({
        dx: bench.backend.maxPool2dGradient(bench.place(g, image), bench.place(x, image), grid),
      });
    }),
    of('im2col', 'many images', (draw) => {
      const x = pixels(draw, 2);
      return (bench) => ({ y: bench.backend.im2col(bench.place(x, image), geometry) });
    }),
    of('col2im', 'many images', (draw) => {
      const columns = [n * 9, 18];
      const x = draw.integers(columns);
      return (bench) => ({ y: bench.backend.col2im(bench.place(x, columns), geometry) });
    }),
  ];
}

function learning(n: number, of: Of): ConformanceCase[] {
  const norm = { scale: 0.5, epsilon: 1e-5, momentum: 0.1 };
  const steps = [2, n];
  // away from the threshold and the edges of the rectangle, where rounding would decide
  const currents = (draw: Draw) => draw.integers(2 * n, -3, 5).map((x) => x / 4 + 0.0625);
  return [
    of('normTrain', 'rows of three channels', (draw) => {
      const x = draw.numbers(3 * n, -1, 3);
      return (bench) => {
        const [mean, variance] = [bench.placeInPlace([0, 0, 0]), bench.placeInPlace([1, 1, 1])];
        const [weight, bias] = [bench.place([1, 0.5, 2]), bench.place([0, 1, -1])];
        const rows = bench.place(x, [n, 3]);
        if (n === 1) return { y: bench.backend.normEvaluate(rows, weight, bias, mean, variance, norm) };
        const { y, statistics } = bench.backend.normTrain(
          rows,
          weight,
          bias,
          mean.handle,
          variance.handle,
          norm,
        );
        return { y, ...statistics, runningMean: mean.handle, runningVariance: variance.handle };
      };
    }),
    of('scan', 'LIF, two steps', (draw) => {
      const x = currents(draw);
      return (bench) => fire(bench.backend, plainNeuron, bench.place(x, steps));
    }),
    of('scanGradient', 'LIF, two steps', (draw) => {
      const [x, g] = [currents(draw), draw.numbers(2 * n)];
      return (bench) =>
        fireBack(bench.backend, plainNeuron, bench.place(x, steps), undefined, bench.place(g, steps));
    }),
    of('logSoftmax', 'rows of four', (draw) => {
      const x = draw.numbers(4 * n);
      return (bench) => ({ y: bench.backend.logSoftmax(bench.place(x, [n, 4])) });
    }),
    of('crossEntropy', 'rows of four', (draw) => {
      const x = draw.numbers(4 * n);
      const labels = Int32Array.from({ length: n }, () => draw.random.integer(4));
      return (bench) => ({ ...bench.backend.crossEntropy(bench.place(x, [n, 4]), labels) });
    }),
    of('update', 'one step', (draw) => {
      const rule = sgdRule(false);
      return updateOf(rule, constantsOf(rule), n, draw);
    }),
  ];
}
