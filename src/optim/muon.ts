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
    if (Object.getPrototypeOf(new.target) === Descent) Object.freeze(this);
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

  /** All matrices in step, operation by operation, so that what does not wait for another runs beside it. */
  protected override change(ready: readonly OptimizerSlot<Constants>[]): void {
    noGrad(() =>
      scope(() => {
        const directions = ready.map(({ parameter, group, rule, remembered }) => {
          const { shape, size, backend } = parameter;
          const direction = zeros(shape, { backend });
          applyRule(rule, direction, parameter.grad!, remembered, this.numbers(group));
          return reshape(direction, [size / shape.at(-1)!, shape.at(-1)!]);
        });
        const steps = orthogonal(
          directions,
          ready.map(({ group }) => group),
        );
        for (const [i, { parameter, group }] of ready.entries()) {
          const { lr, weightDecay } = group;
          const [inputs, outputs] = directions[i]!.shape as [number, number];
          applyRule(updateRule(STEP, ['keep', 'rate']), parameter, steps[i]!, [], {
            keep: 1 - lr * weightDecay,
            rate: lr * scales[group.scale](outputs, inputs),
          });
        }
      }),
    );
  }
}

/** A matrix on its way: X, and of all factors so far G and the product. */
interface Iterate {
  readonly x: Tensor;
  readonly one: Tensor;
  readonly isTall: boolean;
  readonly constants: Constants;
  gram: Tensor;
  product: Tensor;
}

/**
 * Matrices [rows, columns] with singular values near 1 in the place of their own. All factors a·I + b·G + c·G² are
 * polynomials of the first G and so commute: they are multiplied with each other, and only their product with X. G, the
 * smaller of XᵀX and XXᵀ, becomes q·G·q in each round, which X, nine times as long in a convolution, need not follow.
 */
function orthogonal(matrices: readonly Tensor[], constants: readonly Constants[]): Tensor[] {
  const iterates = matrices.map((matrix, i) => begun(matrix, constants[i]!));
  const most = Math.max(0, ...constants.map(({ iterations }) => iterations));
  for (let round = 0; round < most; round++) {
    const going = iterates.filter((iterate) => round < iterate.constants.iterations);
    const squares = going.map(({ gram }) => matmul(gram, gram));
    const factors = going.map(({ gram, one, constants: { coefficients } }, i) => {
      const [a, b, c] = coefficients;
      return add(add(mul(gram, b), mul(squares[i]!, c)), mul(one, a));
    });
    for (const [i, iterate] of going.entries())
      iterate.product = round === 0 ? factors[i]! : matmul(iterate.product, factors[i]!);
    if (round + 1 === most) break;
    const halves = going.map(({ gram }, i) => matmul(gram, factors[i]!));
    for (const [i, iterate] of going.entries()) iterate.gram = matmul(factors[i]!, halves[i]!);
  }
  return iterates.map(({ x, product, isTall }) => (isTall ? matmul(x, product) : matmul(product, x)));
}

function begun(matrix: Tensor, constants: Constants): Iterate {
  const [rows, columns] = matrix.shape as [number, number];
  const isTall = rows >= columns;
  const x = div(matrix, maximum(sqrt(sum(mul(matrix, matrix))), constants.epsilon));
  const one = identity(Math.min(rows, columns), matrix);
  const gram = matmul(x, x, isTall ? { transposeA: true } : { transposeB: true });
  return { x, one, isTall, constants, gram, product: one };
}

function identity(size: number, { backend }: Tensor): Tensor {
  const data = new Float64Array(size * size);
  for (let i = 0; i < size; i++) data[i * (size + 1)] = 1;
  return tensor(data, [size, size], { backend });
}
