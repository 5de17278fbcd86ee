// `spikegrad compile`, and the commands that take what it writes.

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shapes } from '../../src/data/shapes';
import { init } from '../../src/init';
import { buildNetwork, encodeModel, type RunSettings } from '../../src/train';
import { imageMetadata } from '../../src/train/model-metadata';
import { SETTINGS } from '../support/records';
import { spikegrad } from './spikegrad';

const settings: RunSettings = {
  ...SETTINGS,
  dataset: 'shapes',
  limit: null,
  width: 4,
  mpr: null,
  classes: 10,
  height: 32,
  imageWidth: 32,
  timesteps: 2,
  epochs: 1,
  batch: 1,
  augment: [],
};

describe('a saved model in integers', () => {
  let cwd: string;
  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'spikegrad-compile-'));
    await init({ backend: 'cpu' });
    const images = shapes({ count: 1 });
    const model = await encodeModel(buildNetwork(settings), settings, imageMetadata(images));
    writeFileSync(join(cwd, 'model.safetensors'), model);
    writeFileSync(join(cwd, 'other.spk'), 'not ours');
  });
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));
  const run = (words: string) => spikegrad(words.split(' '), cwd);

  test('is written by compile, shown by inspect and measured by eval', async () => {
    const made = await run('compile --checkpoint model.safetensors --out net.spk --weights 8');
    expect(made.err).toBe('writing 17,534 parameters as integers of 8 bits\n');
    expect(made.code).toBe(0);
    expect(made.out).toMatch(/stages_0_0_conv1 +conv +8 bits .*16 bits/);
    expect(made.out).toMatch(/all layers are integers: the same bits on every machine/);
    const size = statSync(join(cwd, 'net.spk')).size;
    expect(made.out.replaceAll(',', '')).toContain(`net.spk: ${size} bytes`);
    const shown = JSON.parse((await run('inspect net.spk --json')).out) as {
      sameBits: boolean;
      weights: number;
      metadata: { classes: string[] };
    };
    expect(shown).toMatchObject({ sameBits: true, weights: 8 });
    expect(shown.metadata.classes).toHaveLength(10);
    const exported = await run('export --checkpoint net.spk --onnx net.onnx --nir net.nir');
    expect(exported.code, exported.err).toBe(0);
    expect(exported.out).toMatch(/net\.nir: \d+ nodes[\s\S]*at 2 steps/);
    expect(exported.out).toMatch(/net\.onnx: .* bytes, 2 time steps\nfeed "input" \[N,3,32,32\].*\[N,10\]/);
    expect((await run('export net.spk --pt net.pt')).err).toMatch(/net\.spk is a compiled network/);
    const measured = await run('eval net.spk --limit 16 --threads 1 --json');
    expect(measured.code, measured.err).toBe(0);
    const { images, sameBits, firingRates } = JSON.parse(measured.out) as Record<string, unknown>;
    expect({ images, sameBits }).toEqual({ images: 16, sameBits: true });
    expect(Object.keys(firingRates as object)).toContain('stem_0_lif');
  });

  test('goes over no file of others, and takes no words about what it says itself', async () => {
    const refused = await run('compile --checkpoint model.safetensors --out other.spk');
    expect(refused.err).toMatch(/other\.spk is there, and spikegrad did not write it/);
    expect(readFileSync(join(cwd, 'other.spk')).toString()).toBe('not ours');
    expect((await run('eval net.spk --limit 4 --timesteps 3')).err).toMatch(/leave --timesteps\s+out/);
    expect((await run('compile --checkpoint model.safetensors --out net.spk --weights 7')).err).toMatch(
      /Allowed choices are\s+16, 8, 6, 4/,
    );
  });
});
