// What Muon makes of gradients in f32, whose directions differ by orders of magnitude.

import { expect, test } from 'vitest';
import { cpuBackend } from '../../src/backends/cpu';
import { tensor } from '../../src/core/create';
import { setActiveBackend } from '../../src/core/engine';
import { Muon } from '../../src/optim';

/** Orthonormal columns: discrete cosines. */
const cosines = (rows: number, columns: number): number[][] =>
  Array.from({ length: rows }, (_, i) =>
    Array.from(
      { length: columns },
      (_, k) => Math.sqrt((k === 0 ? 1 : 2) / rows) * Math.cos((Math.PI * (i + 0.5) * k) / rows),
    ),
  );

const [ROWS, COLUMNS] = [12, 6];
const [u, v] = [cosines(ROWS, COLUMNS), cosines(COLUMNS, COLUMNS)];

/** U·diag(values)·Vᵀ */
const withValues = (values: readonly number[]): number[] =>
  u.flatMap((row) => v.map((other) => values.reduce((sum, s, k) => sum + row[k]! * s * other[k]!, 0)));

/** What a step of rate 1 takes away from 0. */
function stepOf(precision: 'f32' | 'f64', gradient: number[]): ArrayLike<number> {
  setActiveBackend(cpuBackend(precision));
  const p = tensor(new Float64Array(ROWS * COLUMNS), [ROWS, COLUMNS]);
  p.grad = tensor(gradient, p.shape);
  new Muon([p], { lr: 1, weightDecay: 0, momentum: 0 }).step();
  return p.dataSync().map((x) => -x);
}

test('the iteration in f32 stays within a hundredth of that in f64, also where directions are 1e-4 of others', () => {
  const gradient = withValues([1, 0.3, 1e-2, 1e-3, 1e-4, 1e-5]);
  const [single, double] = [stepOf('f32', gradient), stepOf('f64', gradient)];
  const size = Math.max(...Array.from(double, Math.abs));
  for (let i = 0; i < double.length; i++) expect(Math.abs(single[i]! - double[i]!) / size).toBeLessThan(0.01);
});

test('singular values come to lie between a half and 1.3', () => {
  const step = stepOf('f64', withValues([1, 0.8, 0.5, 0.3, 0.1, 0.03]));
  // U'·step·V is diagonal
  for (let k = 0; k < COLUMNS; k++) {
    let value = 0;
    for (let i = 0; i < ROWS; i++)
      for (let j = 0; j < COLUMNS; j++) value += u[i]![k]! * step[i * COLUMNS + j]! * v[j]![k]!;
    expect(value).toBeGreaterThan(0.5);
    expect(value).toBeLessThan(1.3);
  }
});
