import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { GridProgress } from '../../src/cli/paper/cells/progress';
import type { RunSettings } from '../../src/train';
import { SETTINGS } from '../support/records';

const settings: RunSettings = { ...SETTINGS, limit: null, width: 2, mpr: 3, augment: [] };
const at = (step: number) => ({ step, steps: 10, epoch: 0, loss: 2, images: 8 });

let lines: string[];
let clock: number;
beforeEach(() => {
  [lines, clock] = [[], 0];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  vi.stubEnv('COLUMNS', '200');
  vi.spyOn(performance, 'now').mockImplementation(() => {
    clock += 20_000; // every update is due for a line
    return clock;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

test('a cell that is finished, told by a record of its own, is no longer shown as running', () => {
  const progress = new GridProgress('dynamics', 2);
  const other: RunSettings = { ...settings, dynamics: 'paper' };
  progress.update(settings, at(1));
  progress.update(other, at(1));
  expect(lines.at(-1)).toMatch(
    /^dynamics 2\/20 .* T2 k = 3 seed 0: epoch 1\/2 .* T2 paper k = 3 seed 0: epoch 1\/2/,
  );
  progress.end({ ...settings });
  progress.update(other, at(2));
  expect(lines.at(-1)).toMatch(/^dynamics 3\/20 /);
  expect(lines.at(-1)).not.toMatch(/T2 k = 3 seed 0/);
});
