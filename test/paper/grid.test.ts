import { describe, expect, test } from 'vitest';
import { gridCells } from '../../src/paper/grid';
import { SETTINGS } from '../support/records';

const axes = { timesteps: [2, 4], arms: [null, 1, 3], seeds: [0, 7] };

describe('the grid', () => {
  test('has every combination once, and else the settings it was given', () => {
    const cells = gridCells(SETTINGS, axes);
    expect(new Set(cells.map(({ timesteps, mpr, seed }) => `${timesteps} ${mpr} ${seed}`)).size).toBe(12);
    expect(cells.length).toBe(12);
    for (const { timesteps, mpr, seed, ...rest } of cells) expect(SETTINGS).toMatchObject(rest);
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

  test.each([
    [{ ...axes, seeds: [] }, /seeds must hold at least one value/],
    [{ ...axes, arms: [null, 3, null] }, /arms holds a value twice: null, 3, null/],
  ])('refuses an empty axis and a value given twice', (wrong, message) => {
    expect(() => gridCells(SETTINGS, wrong)).toThrow(message);
  });
});
