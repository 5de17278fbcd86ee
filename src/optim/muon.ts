// Muon (Jordan et al., 2024, https://kellerjordan.github.io/posts/muon/), as torch.optim.Muon: momentum, whose
// direction is made orthogonal by five steps of a Newton-Schulz iteration with a quintic polynomial.
//
//   m = m + (1 - momentum)·(g - m),   u = g + momentum·(m - g)      (u = m without Nesterov)
//   X = u/|u|,   five times G = XᵀX, X = X·(a·I + b·G + c·G²)
//   p = (1 - lr·weightDecay)·p - lr·scale·X
//
// A weight is the matrix [all other axes, outputs]: of a convolution [kh·kw·cin, cout], which is PyTorch's
// [cout, cin·kh·kw] the other way round; the iteration does not mind.

import { tensor, zeros } from '../core/create';
import { scope } from '../core/scope';
import { noGrad } from '../core/tape';
import type { Tensor } from '../core/tensor';
import { check } from '../errors';
import { type UpdateRule, updateRule } from '../neurons';
import { add, div, maximum, mul } from '../ops/arithmetic';
import { sqrt } from '../ops/functions';
import { reshape } from '../ops/layout';
import { matmul } from '../ops/matmul';
import { sum } from '../ops/reduce';
import { finite, flag, kind, type OptionsOf, oneOf, option, optionTable, whole } from '../options';
import { applyRule, Descent, type OptimizerSlot, type StepNumbers } from './descent';
import type { GroupOf, TrainedParameters } from './groups';

/** The constants of {@link Muon}. */
export interface MuonOptions {
  /** Learning rate of the next step; may be changed between steps. Default 0.001. */
  lr?: number;
  /** What remains of the mean of g at each step. Default 0.95. */
  momentum?: number;
  /** Whether the step looks ahead along the mean. Default true. */
  nesterov?: boolean;
  /** What a parameter loses at each step, times the learning rate. Default 0.1. */
  weightDecay?: number;
  /** Of the polynomial a·x + b·x³ + c·x⁵. Default [3.4445, -4.775, 2.0315]. */
  coefficients?: readonly [number, number, number];
  /** Newton-Schulz steps. Default 5. */
  iterations?: number;
  /** Least norm that is divided by. Default 1e-7. */
  epsilon?: number;
  /**
   * How the step grows with a matrix of A outputs and B inputs: `original` by √max(1, A/B) (Jordan), `matchAdamW` by
   * 0.2·√max(A, B), so that the rate and decay of AdamW serve (Liu et al., 2025), `spectral` by √(A/B) (Bernstein).
   * Default `original`.
   */
  scale?: 'original' | 'matchAdamW' | 'spectral';
}

const coefficientList = kind<readonly [number, number, number]>(
  '[number, number, number]',
  (value) => Array.isArray(value) && value.length === 3 && value.every(finite().holds),
);

export const muonOptions = /* @__PURE__ */ optionTable({
  lr: option(finite({ least: 0 }), 0.001),
  momentum: option(finite({ least: 0, below: 1 }), 0.95),
  nesterov: option(flag, true),
  weightDecay: option(finite({ least: 0 }), 0.1),
  coefficients: option(coefficientList, () => [3.4445, -4.775, 2.0315] as const, '[3.4445, -4.775, 2.0315]'),
  iterations: option(whole({ least: 1, most: 99 }), 5),
  epsilon: option(finite({ above: 0 }), 1e-7),
  scale: option(oneOf(['original', 'matchAdamW', 'spectral']), 'original'),
} satisfies OptionsOf<MuonOptions>);

type Constants = Required<MuonOptions>;

// p is the direction here, the parameter in STEP, whose g is the orthogonal matrix
const MEAN = 'mean = mean + share*(g - mean)';
const DIRECTION = `${MEAN}
  p = mean`;
const AHEAD = `${MEAN}
  p = g + momentum*(mean - g)`;
const STEP = `
  faded = keep*p
  p = faded - rate*g`;

const scales: Readonly<Record<Constants['scale'], (outputs: number, inputs: number) => number>> = {
  original: (a, b) => Math.sqrt(Math.max(1, a / b)),
  matchAdamW: (a, b) => 0.2 * Math.sqrt(Math.max(a, b)),
  spectral: (a, b) => Math.sqrt(a / b),
};

/**
 * Muon: momentum whose direction is made orthogonal, for weights of two or more axes. Vectors, such as biases and
 * norms, want another optimiser beside it: `new Optimizers(new Muon(weights), new AdamW(others))`.
 */
export class Muon extends Descent<MuonOptions, Constants> {
  constructor(parameters: TrainedParameters<MuonOptions>, options: MuonOptions = {}) {
    super('Muon', parameters, muonOptions.read('Muon', options), muonOptions);
  }

  protected override checkGroup({ parameters }: GroupOf<Constants>): void {
    const vector = parameters.find(({ shape }) => shape.length < 2);
    check(
      vector === undefined,
      'Muon',
      () =>
        `is for matrices, got a parameter [${vector!.shape}]: new Optimizers(new Muon(weights), new AdamW(others)) trains both`,
    );
  }

  protected rule({ nesterov }: Constants): UpdateRule {
    return updateRule(nesterov ? AHEAD : DIRECTION, ['share', 'momentum']);
  }

  protected numbers({ momentum }: Constants): StepNumbers {
    return { share: 1 - momentum, momentum };
  }

  protected override change(
    { parameter, group, rule, remembered }: OptimizerSlot<Constants>,
    g: Tensor,
  ): void {
    const { shape, size, backend } = parameter;
    const outputs = shape.at(-1)!;
    const { lr, weightDecay } = group;
    const rate = lr * scales[group.scale](outputs, size / outputs);
    noGrad(() =>
      scope(() => {
        const direction = zeros(shape, { backend });
        applyRule(rule, direction, g, remembered, this.numbers(group));
        const matrix = reshape(direction, [size / outputs, outputs]);
        const step = orthogonal(matrix, group);
        applyRule(updateRule(STEP, ['keep', 'rate']), parameter, step, [], {
          keep: 1 - lr * weightDecay,
          rate,
        });
      }),
    );
  }
}

/**
 * A matrix [rows, columns] with singular values near 1 in the place of its own. All factors a·I + b·G + c·G² are
 * polynomials of the first G and so commute: they are multiplied with each other, and only their product with X. G, the
 * smaller of XᵀX and XXᵀ, becomes q·G·q in each round, which X, nine times as long in a convolution, need not follow.
 */
function orthogonal(matrix: Tensor, { coefficients: [a, b, c], iterations, epsilon }: Constants): Tensor {
  const [rows, columns] = matrix.shape as [number, number];
  const isTall = rows >= columns;
  const x = div(matrix, maximum(sqrt(sum(mul(matrix, matrix))), epsilon));
  const one = identity(Math.min(rows, columns), matrix);
  let gram = matmul(x, x, isTall ? { transposeA: true } : { transposeB: true });
  let product = one;
  for (let i = 0; i < iterations; i++) {
    const factor = add(add(mul(gram, b), mul(matmul(gram, gram), c)), mul(one, a));
    product = i === 0 ? factor : matmul(product, factor);
    if (i + 1 < iterations) gram = matmul(factor, matmul(gram, factor));
  }
  return isTall ? matmul(x, product) : matmul(product, x);
}

function identity(size: number, { backend }: Tensor): Tensor {
  const data = new Float64Array(size * size);
  for (let i = 0; i < size; i++) data[i * (size + 1)] = 1;
  return tensor(data, [size, size], { backend });
}
