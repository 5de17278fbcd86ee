// A run of a drawn neuron, as `neurons()` of spikegrad/testing gives it, on a backend: what every target is held to.
// Not a test itself.

import {
  add,
  type Backend,
  mul,
  type NeuronModel,
  runNeuron,
  scope,
  sum,
  type Tensor,
  tensor,
} from '../../src';

export interface DrawnRun {
  /** Outputs and last states. */
  readonly outputs: number[][];
  /** Of x, of initial states where they were given, of both parameters. */
  readonly gradients: number[][];
}

/** A run and its gradients; the numbers are the same on every backend. @param given whether initial states are */
export async function runDrawn(
  model: NeuronModel,
  shape: readonly number[],
  given: boolean,
  backend: Backend,
): Promise<DrawnRun> {
  const size = shape.reduce((a, b) => a * b, 1);
  const wave = (n: number, at: number) => Array.from({ length: n }, (_, i) => Math.sin(1.7 * i * i + i + at));
  const place = (data: number[], s: readonly number[]) =>
    tensor(data, [...s], { backend, requiresGrad: true });
  const { values, gradients } = scope(() => {
    const x = place(wave(size, 0.3), shape);
    const initial = given
      ? Object.fromEntries(
          model.states.map(({ name }, k) => [name, place(wave(size / shape[0]!, k + 1), shape.slice(1))]),
        )
      : {};
    const parameters = { p: place([0.8], []), q: place(wave(shape.at(-1)!, 5), [shape.at(-1)!]) };
    const { outputs, states } = runNeuron(model, x, { initial, parameters });
    const values = [...Object.values(outputs), ...Object.values(states)];
    values
      .map((value, k) => sum(mul(value, tensor(wave(value.size, 9 + k), [...value.shape], { backend }))))
      .reduce((a, b) => add(a, b))
      .backward();
    const wanted = [x, ...Object.values(initial), parameters.p, parameters.q];
    return { values, gradients: wanted.map(({ grad }) => grad!) };
  });
  const numbers = (list: readonly Tensor[]) =>
    Promise.all(list.map(async (value) => [...(await value.data())]));
  const result = { outputs: await numbers(values), gradients: await numbers(gradients) };
  for (const value of [...values, ...gradients]) value.dispose();
  return result;
}

/** Largest difference against the largest magnitude. */
export function distance(a: readonly number[], b: readonly number[]): number {
  const most = Math.max(1e-3, ...b.map(Math.abs));
  return Math.max(...a.map((value, i) => (Object.is(value, b[i]) ? 0 : Math.abs(value - b[i]!) / most)));
}
