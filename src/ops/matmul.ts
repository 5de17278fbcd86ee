// Matrix products and the linear layer.

import { broadcastShapes, checkSize, formatShape, sizeOf } from '../backends/shape';
import { scope } from '../core/scope';
import { checkTensor, type Tensor } from '../core/tensor';
import { check } from '../errors';
import { flag, type OptionsOf, option, optionTable } from '../options';
import { add } from './arithmetic';
import { reshape } from './layout';
import { commonBackend, operation } from './operator';
import { sumTo } from './reduce';

/** Which operands of {@link matmul} are taken transposed. */
export interface MatmulFlags {
  /** Use the transpose of a (of its last two axes). Default false. */
  transposeA?: boolean;
  /** Use the transpose of b. Default false. */
  transposeB?: boolean;
}

export const matmulFlags = optionTable({
  transposeA: option(flag, false),
  transposeB: option(flag, false),
} satisfies OptionsOf<MatmulFlags>);

/**
 * a·b over the last two axes; leading axes broadcast as batches.
 * @param a [...,m,k], or [...,k,m] with transposeA
 * @param b [...,k,n], or [...,n,k] with transposeB
 * @returns [...,m,n]
 */
export function matmul(a: Tensor, b: Tensor, flags: MatmulFlags = {}): Tensor {
  const backend = commonBackend('matmul', [a, b]);
  const { transposeA, transposeB } = matmulFlags.read('matmul', flags);
  check(
    a.shape.length >= 2 && b.shape.length >= 2,
    'matmul',
    () =>
      `expects matrices, got ${formatShape(a.shape)} and ${formatShape(b.shape)}; reshape a vector to [1,n] or [n,1]`,
  );
  const [m, k] = matrixSizes(a, transposeA);
  const [kb, n] = matrixSizes(b, transposeB);
  check(
    k === kb,
    'matmul',
    () =>
      `inner sizes differ: ${formatShape(a.shape)}${transposeA ? 'ᵀ' : ''} has ${k}, ${formatShape(b.shape)}${transposeB ? 'ᵀ' : ''} has ${kb}`,
  );
  const leading = broadcastShapes('matmul', a.shape.slice(0, -2), b.shape.slice(0, -2));
  const shape = [...leading, m, n];
  checkSize('matmul', shape);
  const [shapeA, shapeB] = [a.shape, b.shape];
  return operation({
    name: 'matmul',
    inputs: [a, b],
    handle: backend.matmul(a, b, { transposeA, transposeB }, shape),
    shape,
    saved: [a, b],
    // C = A·B: dA = dC·Bᵀ and dB = Aᵀ·dC; a transposed operand takes the transpose of that
    backward: (g, [x, y], needs) => [
      needs[0]
        ? sumTo(
            transposeA
              ? matmul(y!, g, { transposeA: transposeB, transposeB: true })
              : matmul(g, y!, { transposeB: !transposeB }),
            shapeA,
          )
        : null,
      needs[1]
        ? sumTo(
            transposeB
              ? matmul(g, x!, { transposeA: true, transposeB: transposeA })
              : matmul(x!, g, { transposeA: !transposeA }),
            shapeB,
          )
        : null,
    ],
  });
}

/** Rows and columns of the (transposed) last two axes. */
function matrixSizes(x: Tensor, transposed: boolean): [number, number] {
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  return transposed ? [columns, rows] : [rows, columns];
}

/**
 * x·weight + bias.
 * @param x [...,in]
 * @param weight [in,out]
 * @param bias [out]
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  checkTensor('linear', x);
  checkTensor('linear', weight, 'weight');
  if (bias !== undefined) checkTensor('linear', bias, 'bias');
  check(
    weight.shape.length === 2,
    'linear',
    () => `weight must be [in,out], got ${formatShape(weight.shape)}`,
  );
  const [inputs, outputs] = weight.shape as [number, number];
  check(
    x.shape.length >= 1 && x.shape.at(-1) === inputs,
    'linear',
    () => `weight expects ${inputs} inputs, x is ${formatShape(x.shape)}`,
  );
  check(
    bias === undefined || (bias.shape.length === 1 && bias.shape[0] === outputs),
    'linear',
    () => `bias must be [${outputs}], got ${formatShape(bias!.shape)}`,
  );
  check(
    inputs > 0 && outputs > 0,
    'linear',
    () =>
      `weight ${formatShape(weight.shape)} has no ${inputs === 0 ? 'inputs' : 'outputs'}: give it at least 1`,
  );
  return scope(() => {
    const rows = reshape(x, [sizeOf(x.shape.slice(0, -1)), inputs]);
    const product = matmul(rows, weight);
    return reshape(bias === undefined ? product : add(product, bias), [...x.shape.slice(0, -1), outputs]);
  });
}
