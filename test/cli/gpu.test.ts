// The GPU from the command line, as far as this machine has one.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testDriver } from '../support/gpu';
import { spikegrad } from './spikegrad';

const { missing, note, driver } = await testDriver();
driver?.close();

test.skipIf(missing)(`train --backend gpu says what the warm-up took and leaves a model${note}`, async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'spikegrad-cli-gpu-'));
  try {
    const run = await spikegrad(
      [
        'train',
        '--backend',
        'gpu',
        ...'--width 4 --timesteps 1 --limit 16 --batch 8 --epochs 1 --lr 0.05 --seed 5 --out run'.split(' '),
      ],
      cwd,
    );
    expect(run.err).toMatch(/warm-up: the first step took \d+\.\d s/);
    expect(run.code).toBe(0);
    expect(existsSync(join(cwd, 'run', 'model.safetensors'))).toBe(true);
    const steps = readFileSync(join(cwd, 'run', 'metrics.jsonl'), 'utf8').match(/"kind":"step"/g);
    expect(steps).toHaveLength(2);
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
});
