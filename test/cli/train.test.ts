import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharedFolder } from '../support/shared';
import { spikegrad, startHeld } from './spikegrad';

const TINY =
  '--width 2 --timesteps 2 --limit 24 --batch 8 --epochs 2 --lr 0.05 --save-every 2 --augment crop,flip --seed 5'.split(
    ' ',
  );

interface Line {
  kind: 'step' | 'epoch';
  step: number;
  loss?: number;
  trainLoss?: number;
}

describe('training from the command line', () => {
  let cwd: string;
  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'spikegrad-cli-'));
    const whole = await spikegrad(['train', '--dataset', 'shapes', ...TINY, '--out', 'whole'], cwd);
    expect(whole.err).toMatch(/epoch 2\/2/);
    expect(whole.code).toBe(0);
    expect(whole.out).toMatch(/test accuracy \d+\.\d %/);
  });
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  const file = (run: string, name: string) => join(cwd, run, name);
  const metrics = (run: string) =>
    readFileSync(file(run, 'metrics.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);

  test('leaves settings, metrics, checkpoint, model, summary and report', () => {
    for (const name of [
      'settings.json',
      'metrics.jsonl',
      'checkpoint.safetensors',
      'model.safetensors',
      'summary.json',
      'report.html',
    ]) {
      expect(existsSync(file('whole', name)), name).toBe(true);
    }
    expect(metrics('whole').filter((line) => line.kind === 'step').length).toBe(6);
    expect(metrics('whole').filter((line) => line.kind === 'epoch').length).toBe(2);
    expect(readFileSync(file('whole', 'report.html'), 'utf8')).toMatch(/Firing rate by layer/);
  });

  test('the word none leaves the rectifier and the clipping out, and is kept in the settings', async () => {
    const arm = async (out: string, ...words: string[]) => {
      const run = await spikegrad(['train', '--dataset', 'shapes', ...TINY, ...words, '--out', out], cwd);
      expect(run.code, run.err).toBe(0);
      const { mpr, clip } = JSON.parse(readFileSync(file(out, 'settings.json'), 'utf8'));
      const steps = metrics(out).filter((line) => line.kind === 'step');
      return { mpr, clip, loss: steps.at(-1)?.loss }; // MPR changes gradients, not spikes: the first loss is the same
    };
    const none = await arm('none', '--mpr', 'none', '--clip', 'none');
    const five = await arm('five', '--mpr', '5', '--clip', '0.5');
    expect(none).toMatchObject({ mpr: null, clip: null });
    expect(five).toMatchObject({ mpr: 5, clip: 0.5 });
    expect(none.loss).not.toBe(five.loss);
  });

  test('killed in the middle and resumed, it ends with the very bits of an undisturbed run', async () => {
    const run = startHeld(['train', '--dataset', 'shapes', ...TINY, '--out', 'killed'], cwd);
    while (!existsSync(file('killed', 'checkpoint.safetensors'))) await setTimeout(20);
    run.process.kill('SIGKILL');
    expect((await run.done).signal).toBe('SIGKILL');
    expect(existsSync(file('killed', 'model.safetensors'))).toBe(false);
    const resumed = await spikegrad(['train', '--out', 'killed', '--resume'], cwd);
    expect(resumed.err).toMatch(/resuming at epoch \d, step \d+ of 6/);
    expect(resumed.code).toBe(0);
    expect(readFileSync(file('killed', 'model.safetensors'))).toEqual(
      readFileSync(file('whole', 'model.safetensors')),
    );
    expect(metrics('killed')).toEqual(metrics('whole'));
  });

  test('Ctrl-C saves, tells how to go on, and ends with 130', async () => {
    const run = startHeld(['train', '--dataset', 'shapes', ...TINY, '--out', 'stopped'], cwd);
    while (!existsSync(file('stopped', 'checkpoint.safetensors'))) await setTimeout(20);
    run.process.kill('SIGINT');
    const stopped = await run.done;
    expect(stopped.code).toBe(130);
    expect(stopped.err).toMatch(/go on with: spikegrad train --out \S+stopped --resume/);
    const resumed = await spikegrad(['train', '--out', 'stopped', '--resume'], cwd);
    expect(resumed.code).toBe(0);
    expect(readFileSync(file('stopped', 'model.safetensors'))).toEqual(
      readFileSync(file('whole', 'model.safetensors')),
    );
  });

  test('--detect-anomaly changes no bit and is no setting of the run', async () => {
    const words = ['train', '--dataset', 'shapes', ...TINY, '--out', 'watched', '--detect-anomaly'];
    const watched = await spikegrad(words, cwd);
    expect(watched.code, watched.err).toBe(0);
    for (const name of ['model.safetensors', 'settings.json'])
      expect(readFileSync(file('watched', name)), name).toEqual(readFileSync(file('whole', name)));
    expect(metrics('watched')).toEqual(metrics('whole'));
  });

  test('a run that explodes keeps its last good checkpoint; resumed with --detect-anomaly it says where', async () => {
    // with such a momentum the second update overflows, after a loss that is finite
    const wild = [...TINY, '--lr', '1e4', '--momentum', '1e38', '--save-every', '1'];
    const lost = await spikegrad(['train', '--dataset', 'shapes', ...wild, '--out', 'lost'], cwd);
    expect(lost.code).toBe(1);
    expect(lost.err).toMatch(
      /error: parameter \S+ is not finite after step 2, .* run again from the last checkpoint with detectAnomaly \(--detect-anomaly\)/,
    );
    const kept = readFileSync(file('lost', 'checkpoint.safetensors'));
    const again = await spikegrad(['train', '--out', 'lost', '--resume', '--detect-anomaly'], cwd);
    expect(again.code).toBe(1);
    expect(again.err).toMatch(/resuming at epoch 1, step 1 of 6/);
    expect(again.err).toMatch(
      /error: the update of step 2 .* made parameter \S+ not finite, though its gradient was finite/,
    );
    expect(readFileSync(file('lost', 'checkpoint.safetensors'))).toEqual(kept);
  });

  test('--detect-anomaly names operator and layer of the first overflow', async () => {
    const words = ['train', '--dataset', 'shapes', ...TINY, '--lr', '1e38', '--detect-anomaly'];
    const wild = await spikegrad([...words, '--out', 'wild'], cwd);
    expect(wild.code).toBe(1);
    expect(wild.err).toMatch(
      /error: first not finite at step 2 \(learning rate .*\): the (output|gradient) of .* in layer [\w.]+\. Try a smaller lr/,
    );
    expect(existsSync(file('wild', 'checkpoint.safetensors'))).toBe(false);
  });

  test('a second run into the same folder is refused', async () => {
    const again = await spikegrad(['train', '--dataset', 'shapes', ...TINY, '--out', 'whole'], cwd);
    expect(again.code).toBe(1);
    expect(again.err).toMatch(/already holds a run/);
  });

  test('eval gives the accuracy that training ended with', async () => {
    const result = await spikegrad(
      ['eval', '--checkpoint', 'whole/model.safetensors', '--limit', '24', '--json'],
      cwd,
    );
    expect(result.code).toBe(0);
    const summary = JSON.parse(readFileSync(file('whole', 'summary.json'), 'utf8')) as {
      testAccuracy: number;
    };
    const output = JSON.parse(result.out) as {
      accuracy: number;
      images: number;
      firingRates: Record<string, number>;
    };
    expect(output.images).toBe(24);
    expect(output.accuracy).toBe(summary.testAccuracy);
    expect(Object.keys(output.firingRates).length).toBe(19);
  });

  test('inspect lists the layers with shapes and parameters', async () => {
    const result = await spikegrad(
      ['inspect', '--checkpoint', 'whole/checkpoint.safetensors', '--json'],
      cwd,
    );
    expect(result.code).toBe(0);
    const output = JSON.parse(result.out) as {
      layers: { path: string; outputShape: number[]; timesteps: number; parameters: number }[];
      metadata: unknown;
      parameters: number;
    };
    const total = output.layers.reduce((sum, layer) => sum + layer.parameters, 0);
    expect(total).toBe(output.parameters);
    expect(output.layers.find(({ path }) => path === 'stages.1.0.conv1')).toMatchObject({
      ...{ outputShape: [16, 16, 4], timesteps: 2, kind: 'conv', type: 'Conv2d' },
    });
    expect(output.metadata).toMatchObject({ mean: [0.5, 0.5, 0.5], inputShape: [32, 32, 3] });
    const text = await spikegrad(['inspect', '--checkpoint', 'whole/model.safetensors'], cwd);
    expect(text.out).toMatch(/stages\.2\.2\.lif2 +Lif, mpr +2 x \[8,8,8\]/);
    expect(text.out).toMatch(/^classes: disc, ring, .*spiral, bars$/m);
    expect(text.out).toMatch(/mean 0\.5, 0\.5, 0\.5, deviation 0\.264/);
  });

  const cifar = sharedFolder('data/cifar10');
  test.skipIf(cifar.missing)(`a run on real CIFAR-10 records lowers its loss${cifar.note}`, async () => {
    const words = `train --dataset cifar10 --data ${resolve(cifar.path)} --limit 48 --epochs 6 --batch 8 --width 4 --timesteps 1 --lr 0.2 --out cifar`;
    const result = await spikegrad(words.split(' '), cwd);
    expect(result.err).not.toMatch(/^error/m);
    expect(result.code).toBe(0);
    const losses = metrics('cifar').flatMap((line) => (line.kind === 'epoch' ? [line.trainLoss!] : []));
    expect(losses.at(-1)!).toBeLessThan(losses[0]! - 0.05);
  });
});
