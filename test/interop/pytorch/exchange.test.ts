// The proof that our files are PyTorch's: the same numbers from the same file, both ways. Where PyTorch is not
// installed there is nothing to compare; then the one test here says that it really is PyTorch that is missing.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tensor } from '../../../src/core/create';
import { Random } from '../../../src/core/random';
import { noGrad } from '../../../src/core/tape';
import { init } from '../../../src/init';
import { channelsLast } from '../../../src/interop/layout';
import { readSafetensors, writeSafetensors } from '../../../src/interop/safetensors';
import { floatEntry, floatsOf, loadState, stateOf } from '../../../src/interop/state';
import { mpr, resnet20 } from '../../../src/snn';

const python = process.env.PYTHON ?? '/usr/bin/python3';
const probe = spawnSync(python, ['-c', 'import torch'], { encoding: 'utf8' });
const installed = probe.status === 0;

if (!installed) {
  test(`PyTorch is not installed for ${python}, so nothing is compared with it (apt-get install python3-torch)`, () => {
    expect(probe.error === undefined ? probe.stderr : String(probe.error)).toMatch(
      /No module named 'torch'|ENOENT/,
    );
  });
} else {
  describe('the same file in PyTorch', () => {
    let folder: string;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'spikegrad-pytorch-'));
      await init({ backend: 'cpu', precision: 'f64' });
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    const file = (name: string) => join(folder, name);
    const exchange = (...words: string[]) =>
      execFileSync(python, [resolve('test/interop/pytorch/exchange.py'), ...words], { encoding: 'utf8' });
    const readFile = (name: string) => readSafetensors(readFileSync(file(name))).tensors;

    test('a model saved here gives the same logits there', async () => {
      const random = new Random(7);
      const network = resnet20({ random, neuron: { rectifier: mpr({ k: 3 }) } });
      const pixels = Float64Array.from({ length: 2 * 3 * 16 * 16 }, () => random.normal());
      const images = { data: pixels, shape: [2, 3, 16, 16] };
      const { data, shape } = channelsLast(images);
      const x = tensor(Float64Array.from(data), shape);
      for (let i = 0; i < 20; i++) noGrad(() => network.call(x));
      network.evaluate();
      writeFileSync(file('model.safetensors'), writeSafetensors(await stateOf(network)));
      writeFileSync(
        file('images.safetensors'),
        writeSafetensors([['images', floatEntry(pixels, images.shape)]]),
      );
      exchange('logits', file('model.safetensors'), file('images.safetensors'), file('logits.safetensors'));
      const theirs = floatsOf('test', 'logits', readFile('logits.safetensors'));
      const mine = noGrad(() => network.call(x)).dataSync();
      expect(theirs.shape).toEqual([2, 10]);
      expect(new Set(mine).size).toBe(20);
      mine.forEach((logit, i) => {
        expect(theirs.data[i]).toBeCloseTo(logit, 10);
      });
    });

    test('weights made there load here and give the same logits', () => {
      exchange('make', file('theirs.safetensors'));
      const tensors = readFile('theirs.safetensors');
      const { data, shape } = channelsLast(floatsOf('test', 'images', tensors));
      const logits = floatsOf('test', 'logits', tensors);
      expect([...tensors.keys()]).toContain('module.stem.0.bn.num_batches_tracked');
      const network = resnet20();
      expect(loadState(network, tensors, { prefix: 'module.' })).toEqual({ missing: [], leftOver: [] });
      network.evaluate();
      const mine = noGrad(() => network.call(tensor(Float64Array.from(data), shape))).dataSync();
      expect(new Set(mine).size).toBe(30);
      mine.forEach((logit, i) => {
        expect(logit).toBeCloseTo(logits.data[i]!, 10);
      });
    });
  });
}
