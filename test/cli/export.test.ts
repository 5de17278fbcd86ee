import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as ort from 'onnxruntime-web';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SHAPES_CLASSES } from '../../src/data/shapes';
import { init } from '../../src/init';
import { readNir } from '../../src/interop/nir';
import { describeOnnx } from '../../src/interop/onnx';
import { Linear, sequential } from '../../src/nn';
import { buildNetwork, encodeModel, type RunSettings, save } from '../../src/train';
import { SETTINGS } from '../support/records';
import { sharedFolder } from '../support/shared';
import { spikegrad } from './spikegrad';

const settings: RunSettings = {
  ...SETTINGS,
  limit: null,
  width: 2,
  mpr: 3,
  classes: 4,
  height: 16,
  imageWidth: 16,
  epochs: 1,
  batch: 1,
  augment: [],
};

describe('a saved model for other tools', () => {
  let cwd: string;
  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'spikegrad-export-'));
    await init({ backend: 'cpu' });
    writeFileSync(join(cwd, 'model.safetensors'), await encodeModel(buildNetwork(settings), settings));
  });
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));
  const run = (words: string) => spikegrad(words.split(' '), cwd);

  test('export --nir writes a graph that inspect --nir shows', async () => {
    const made = await run('export --checkpoint model.safetensors --nir network.nir');
    expect(made.err).toBe('writing 4,502 parameters in another form\n');
    expect(made.code).toBe(0);
    expect(made.out).toMatch(/^network\.nir: \d+ nodes, \d+ edges/);
    expect(made.out).toMatch(/feed each image \[3,16,16\] at 2 steps and take the mean/);
    const graph = await readNir(readFileSync(join(cwd, 'network.nir')));
    const shown = await run('inspect --nir network.nir');
    expect(shown.code).toBe(0);
    for (const name of graph.nodes.keys()) expect(shown.out).toMatch(new RegExp(`^${name} +\\w+`, 'm'));
    expect(shown.out).toMatch(/stem_0_lif +LIF +stem_0_conv +.*v_threshold \[2,16,16\] of 0\.5/);
    expect(shown.out).toMatch(/dt: 0\.0001/);
    expect(shown.out).toMatch(/A step of dt = 0\.0001 s \(the file's\); an input of 1 at every step:/);
    expect(shown.out).toMatch(/stem_0_lif +keeps 0\.\d+, adds 1, fires after 1 step/);
    const slow = await run('inspect --nir network.nir --dt 1');
    expect(slow.out).toMatch(/dt = 1 s \(as given\)[\s\S]*stem_0_lif +does not run at this dt/);
    expect(slow.out).toMatch(/wrong: node "stem_0_lif" \(LIF\): a step of dt = 1 is too long for "tau"/);
    expect((await run('inspect --checkpoint model.safetensors --dt 1')).err).toMatch(
      /'--dt <seconds>' goes with '--nir/,
    );
    const { nodes } = JSON.parse((await run('inspect --nir network.nir --json')).out) as {
      nodes: { name: string }[];
    };
    expect(nodes).toHaveLength(graph.nodes.size);
  });

  test('eval --nir gives the confusion and the firing rates that the checkpoint has', async () => {
    const whole = { ...settings, arch: 'mlp', width: 8, classes: SHAPES_CLASSES.length } as const;
    const large = { ...whole, height: 32, imageWidth: 32 };
    writeFileSync(join(cwd, 'mlp.safetensors'), await encodeModel(buildNetwork(large), large));
    await run('export --checkpoint mlp.safetensors --nir mlp.nir');
    const evaluated = async (words: string) =>
      JSON.parse((await run(`eval ${words} --limit 24 --threads 1 --json`)).out) as {
        confusion: number[][];
        firingRates: Record<string, number>;
      };
    const itself = await evaluated('--checkpoint mlp.safetensors');
    const graph = await evaluated('--nir mlp.nir --timesteps 2');
    expect(graph.confusion).toEqual(itself.confusion);
    expect(Object.values(graph.firingRates)).toEqual(
      Object.values(itself.firingRates).map((rate) => expect.closeTo(rate, 6)),
    );
    expect((await run('eval --nir mlp.nir')).err).toMatch(/give --timesteps/);
    expect((await run('eval --nir network.nir --timesteps 2')).err).toMatch(
      /the graph takes \[16,16,3\] \(channels last\), shapes has \[32,32,3\]/,
    );
    expect((await run('eval --checkpoint mlp.safetensors --convention norse')).err).toMatch(
      /'--convention <tool>' goes with '--nir <file>'/,
    );
  });

  const { path, missing, note } = sharedFolder('nir');
  test.skipIf(missing)(`inspect --nir marks feedback in another framework’s graph${note}`, async () => {
    const { code, out } = await run(`inspect --nir ${resolve(path, 'braille_noDelay_noBias_subtract.nir')}`);
    expect(code).toBe(0);
    expect(out).toMatch(
      /lif1\.lif +CubaLIF +lif1\.w_rec \(t-1\), fc1|lif1\.lif +CubaLIF +fc1, lif1\.w_rec \(t-1\)/,
    );
  });

  test('export --onnx writes a model that ONNX Runtime runs on images', async () => {
    const made = await run('export --checkpoint model.safetensors --onnx network.onnx');
    expect(made.err).toBe('writing 4,502 parameters in another form\n');
    expect(made.code).toBe(0);
    expect(made.out).toMatch(
      /feed "input" \[N,3,16,16\], normalised as in training, and read "output" \[N,4\]/,
    );
    const session = await ort.InferenceSession.create(readFileSync(join(cwd, 'network.onnx')));
    const images = new ort.Tensor('float32', new Float32Array(2 * 3 * 16 * 16).fill(1), [2, 3, 16, 16]);
    const { output } = await session.run({ input: images });
    expect(output!.dims).toEqual([2, 4]);
    const shown = await run('inspect network.onnx');
    expect(shown.out).toMatch(/takes "input" \[N,3,16,16\], gives "output" \[N,4\]/);
    expect(shown.out).toMatch(/^Conv +21$/m);
    expect(shown.out).toMatch(/mean 0\.5, 0\.5, 0\.5, deviation 0\.264/);
  });

  test('export --onnx --raw builds the normalisation in', async () => {
    const made = await run('export model.safetensors --onnx raw.onnx --raw');
    expect(made.out).toMatch(/feed "input" \[N,3,16,16\], pixels from 0 to 1, and read/);
    const { operators } = describeOnnx(readFileSync(join(cwd, 'raw.onnx')));
    expect(operators).toContainEqual({ name: 'Sub', count: 1 });
    expect((await run('export model.safetensors --nir raw.nir --raw')).err).toMatch(
      /'--raw' goes with '--onnx <file>'/,
    );
  });

  test('inspect lists the tensors of a network that no command builds, and what the file says', async () => {
    const own = sequential(new Linear(3, 2));
    writeFileSync(join(cwd, 'own.safetensors'), await save(own, { classes: ['no', 'yes'], inputShape: [3] }));
    const { out, code } = await run('inspect own.safetensors');
    expect(code).toBe(0);
    expect(out).toMatch(/^classes: no, yes$/m);
    expect(out).toMatch(/^0\.weight +F32 +\[2,3\]$/m);
    expect(out).toMatch(/2 tensors of 8 numbers/);
  });

  test.each([
    [
      'export --checkpoint model.safetensors',
      2,
      /say what to write: '--nir <file>', '--onnx <file>' or '--pt <file>'/,
    ],
    [
      'inspect',
      2,
      /give one file, as 'spikegrad inspect runs\/k3', '--checkpoint <run>', '--nir <file>' or '--onnx <file>'/,
    ],
    [
      'inspect --nir model.safetensors',
      1,
      /model\.safetensors: .*this is a safetensors file, not a NIR graph/,
    ],
    ['inspect --nir nowhere.nir', 1, /no file nowhere\.nir/],
  ])('"%s" ends with %i and says why', async (words, code, message) => {
    const result = await run(words);
    expect(result.err).toMatch(message);
    expect(result.err).not.toMatch(/\n\s+at /);
    expect(result.code).toBe(code);
    expect(existsSync(join(cwd, 'undefined'))).toBe(false);
  });
});
