import { describe, expect, test } from 'vitest';
import { parseArm } from '../../src/paper/arm';
import { gridCells } from '../../src/paper/grid';
import { SETTINGS } from '../support/records';

const axes = { timesteps: [2, 4], arms: ['none', 'mpr:1', 'mpr:3*0.5'].map(parseArm), seeds: [0, 7] };

describe('the grid', () => {
  test('has every combination once, and else the settings it was given', () => {
    const cells = gridCells(SETTINGS, axes);
    expect(new Set(cells.map(({ timesteps, mpr, seed }) => `${timesteps} ${mpr} ${seed}`)).size).toBe(12);
    expect(cells.length).toBe(12);
    for (const { timesteps, mpr, gradientScale, seed, ...rest } of cells)
      expect(SETTINGS).toMatchObject(rest);
  });

  test('finishes the arms of one seed before the next seed', () => {
    const [first, second, third, fourth] = gridCells(SETTINGS, axes);
    expect([first, second, third].map((cell) => [cell!.seed, cell!.mpr])).toEqual([
      [0, null],
      [0, 1],
      [0, 3],
    ]);
    expect(fourth).toMatchObject({ timesteps: 2, seed: 7, mpr: null });
  });

  test('trains each arm at each rate, and makes an arm of MPR and a factor', () => {
    const cells = gridCells(SETTINGS, { ...axes, timesteps: [2], rates: [0.1, 0.3], seeds: [0] });
    expect(cells.map(({ lr, mpr, gradientScale = 1 }) => [lr, mpr, gradientScale])).toEqual([
      [0.1, null, 1],
      [0.1, 1, 1],
      [0.1, 3, 0.5],
      [0.3, null, 1],
      [0.3, 1, 1],
      [0.3, 3, 0.5],
    ]);
    expect(JSON.parse(JSON.stringify(cells[0]))).not.toHaveProperty('gradientScale');
  });

  test.each([
    [{ ...axes, seeds: [] }, /seeds must hold at least one value/],
    [{ ...axes, arms: [...axes.arms, parseArm('none')] }, /arms holds a value twice: none, k1, k3x0.5, none/],
    [{ ...axes, rates: [0.1, 0.1] }, /rates holds a value twice: 0.1, 0.1/],
  ])('refuses an empty axis and a value given twice', (wrong, message) => {
    expect(() => gridCells(SETTINGS, wrong)).toThrow(message);
  });
});
