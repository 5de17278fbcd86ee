// Values that are only described (a·x + b, a sum, T equal parts, spikes as bits) inside one another, in any order,
// and read by whatever reads them: the same numbers as those of plain loops in 64 bits. Every number here is a small
// multiple of a power of two, so that nothing is rounded and equal means equal, but behind a convolution by Winograd.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Backend } from '../../../src/backends/backend';
import { cpuBackend } from '../../../src/backends/cpu';
import { wasmBackend } from '../../../src/backends/wasm';
import { tensor, zeros } from '../../../src/core/create';
import { withBackend } from '../../../src/core/engine';
import { scope } from '../../../src/core/scope';
import type { Tensor } from '../../../src/core/tensor';
import { add, avgPool2d, broadcastTo, conv2d, matmul, mul, reshape, sum } from '../../../src/ops';
import { lif, tdbn } from '../../../src/snn';

const N = 3;
const SIDE = 4;
const C = 8;
const T = 2;

/** A pattern of small dyadic numbers, of another phase for each use. */
function dyadic(size: number, phase: number): number[] {
  return Array.from({ length: size }, (_, i) => (((i * 7 + phase * 5) % 17) - 8) / 8);
}

const STEPS = [
  'norm',
  'repeat',
  'spikes',
  'double',
  'residual',
  'mean',
  'conv',
  'alias',
  'overTime',
] as const;
type Step = (typeof STEPS)[number];

/** What one step makes of x; x itself where the step does not fit. */
function taken(step: Step, x: Tensor, first: Tensor, phase: number): Tensor {
  const isSequence = x.shape.length === 5;
  switch (step) {
    case 'norm': {
      const [weight, bias] = [
        tensor(dyadic(C, phase).map((v) => (v < 0 ? -1 : 0.5))),
        tensor(dyadic(C, phase)),
      ];
      const state = { weight, bias, runningMean: zeros([C]), runningVariance: tensor(new Array(C).fill(4)) };
      return tdbn(x, state, false, { vth: 1, epsilon: 0 });
    }
    case 'repeat':
      return isSequence ? x : broadcastTo(x, [T, ...x.shape]);
    case 'spikes':
      return isSequence ? lif(x, { tau: 0.5, reset: phase % 2 === 0 ? 'soft' : 'hard' }) : x;
    case 'double':
      return add(x, x);
    case 'residual':
      return add(x, isSequence ? broadcastTo(first, x.shape) : first);
    case 'mean': {
      const pixels = [x.shape.length - 3, x.shape.length - 2];
      return broadcastTo(mul(sum(x, pixels, { keepAxes: true }), 1 / 16), x.shape);
    }
    case 'conv':
      return conv2d(x, tensor(dyadic(9 * C * C, phase).map(Math.round), [3, 3, C, C]), { padding: 1 });
    case 'alias':
      return reshape(x, x.shape);
    case 'overTime':
      return isSequence ? sum(x, [0]) : x;
  }
}

/** Numbers, and gradients of the input. */
function outcome(backend: Backend, steps: readonly Step[]): number[][] {
  return withBackend(backend, () =>
    scope(() => {
      const x = tensor(dyadic(N * SIDE * SIDE * C, 0), [N, SIDE, SIDE, C]);
      x.requiresGrad = true;
      let y = x;
      steps.forEach((step, i) => {
        y = taken(step, y, x, i + 1);
      });
      const pooled = avgPool2d(y, { window: 2 });
      const product = matmul(reshape(y, [y.size / C, C]), tensor(dyadic(C * C, 3), [C, C]));
      mul(y, tensor(dyadic(y.size, 9), y.shape)).backward(tensor(new Array(y.size).fill(1), y.shape));
      return [y, pooled, product, x.grad!].map((part) => Array.from(part.dataSync(), (v) => v + 0));
    }),
  );
}

test('any value inside any other gives the numbers of plain loops, and so do its gradients', async () => {
  const wasm = await wasmBackend();
  const cpu = cpuBackend('f64');
  try {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...STEPS), { minLength: 1, maxLength: 5 }), (steps) => {
        const conv = steps.indexOf('conv');
        // Winograd's points round, and behind it a membrane may lie on either side of its threshold
        fc.pre(
          conv < 0 || !steps.slice(conv).some((step, i) => step === 'spikes' || (i > 0 && step === 'conv')),
        );
        const [got, wanted] = [outcome(wasm, steps), outcome(cpu, steps)];
        if (conv < 0) {
          expect(got).toEqual(wanted);
          return;
        }
        wanted.forEach((part, p) => {
          const largest = Math.max(...part.map(Math.abs));
          const furthest = Math.max(...part.map((value, i) => Math.abs(value - got[p]![i]!)));
          expect(furthest).toBeLessThanOrEqual(1e-5 * largest);
        });
      }),
      { numRuns: 300 },
    );
  } finally {
    wasm.close();
  }
});
