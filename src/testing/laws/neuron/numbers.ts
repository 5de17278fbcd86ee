// What the laws of neurons share: reading spikes, comparing lists, and writing a counterexample down.

import { formatShape, type Shape, sameShape } from '../../../backends/shape';
import { check } from '../../../errors';
import type { TensorData } from '../../arbitraries';
import { onReference, tensorOf } from '../evaluate';
import type { OwnNeuron } from './subject';

export function spikesOf(neuron: OwnNeuron, currents: TensorData): number[] {
  return onReference(() => {
    const spikes = neuron.spikes(tensorOf(currents));
    check(
      sameShape(spikes.shape, currents.shape),
      'checkNeuron',
      () =>
        `spikes of currents ${formatShape(currents.shape)} must have their shape, got ${formatShape(spikes.shape)}`,
    );
    return Array.from(spikes.dataSync());
  });
}

/** The currents of a counterexample. */
export function written({ data, shape: [steps, batch, neurons] }: TensorData, name = 'X'): string {
  return `${name} [T=${steps},B=${batch},N=${neurons}]: ${data.join(', ')}`;
}

/** Where element i of [T,B,N] stands. */
export function placeOf(i: number, [, batch, neurons]: Shape): string {
  const together = batch! * neurons!;
  const [t, row, neuron] = [Math.floor(i / together), Math.floor(i / neurons!) % batch!, i % neurons!];
  return `t = ${t}, row ${row}, neuron ${neuron}`;
}

/** Index of the first number that differs by more than `allowed`, or undefined; NaN differs from everything. */
export function firstDifference(
  actual: readonly number[],
  expected: readonly number[],
  allowed: (expected: number) => number = () => 0,
): number | undefined {
  const i = expected.findIndex((wanted, at) => !(Math.abs(actual[at]! - wanted) <= allowed(wanted)));
  return i < 0 ? undefined : i;
}

/** Two ways to compute the same in f64 agree to 12 digits. */
export const twelveDigits = (expected: number): number => 1e-12 * Math.max(1, Math.abs(expected));
