// Running a neuron on f64 tensors of the reference backend and reading its numbers, whatever backend is active.

import { cpuBackend } from '../../backends/cpu';
import { tensor } from '../../core/create';
import { withBackend } from '../../core/engine';
import { Random } from '../../core/random';
import { scope } from '../../core/scope';
import type { Tensor } from '../../core/tensor';
import { add, mul } from '../../ops/arithmetic';
import { sum } from '../../ops/reduce';
import type { TensorData } from '../arbitraries';

export const tensorOf = ({ data, shape }: TensorData, requiresGrad = false): Tensor =>
  tensor(data, shape, { requiresGrad });

/** What `fn` returns must not hold tensors: they are freed. */
export function onReference<R>(fn: () => R): R {
  return withBackend(cpuBackend('f64'), () => scope(fn));
}

export interface Evaluated {
  readonly outputs: readonly number[][];
  /** Of Σ c·output with random c in [0.5, 1.5), the same for outputs of the same size; one for each input. */
  readonly gradients: readonly number[][];
}

/** The random c of output i, in [0.5, 1.5). */
export function weightsOf(i: number, size: number): Float64Array {
  const random = new Random(i);
  return Float64Array.from({ length: size }, () => random.uniform(0.5, 1.5));
}

export function evaluate(
  fn: (...inputs: Tensor[]) => readonly Tensor[],
  inputs: readonly TensorData[],
): Evaluated {
  return onReference(() => {
    const leaves = inputs.map((input) => tensorOf(input, true));
    const outputs = fn(...leaves);
    const weighted = outputs.map((output, i) =>
      sum(mul(output, tensor(weightsOf(i, output.size), output.shape))),
    );
    const loss = weighted.reduce((a, b) => add(a, b));
    if (loss.requiresGrad) loss.backward();
    const gradients = leaves.map((leaf) => Array.from(leaf.grad?.dataSync() ?? new Float64Array(leaf.size)));
    for (const leaf of leaves) leaf.grad?.dispose();
    return { outputs: outputs.map((output) => Array.from(output.dataSync())), gradients };
  });
}
