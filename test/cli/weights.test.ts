// The weights that commands are given: of a run by its folder, or as PyTorch saved them; and paths with a tilde.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { expandHome, understandHome } from '../../src/cli/arguments/paths';
import { openModel } from '../../src/cli/model';
import { readWeights, restoreWeights } from '../../src/cli/model/weights';
import { manualSeed } from '../../src/core/engine';
import { shapes } from '../../src/data/shapes';
import { init } from '../../src/init';
import { writeNir } from '../../src/interop/nir';
import { writePyTorch } from '../../src/interop/pytorch';
import { readSafetensors, type SafetensorsEntry, writeSafetensors } from '../../src/interop/safetensors';
import { stateOf } from '../../src/interop/state';
import { buildNetwork, type Checkpoint, encodeModel, type RunSettings } from '../../src/train';
import { SETTINGS } from '../support/records';
import { spikegrad } from './spikegrad';

const settings: RunSettings = { ...SETTINGS, width: 2, timesteps: 1 };
const counter: SafetensorsEntry = { dtype: 'I64', shape: [], data: BigInt64Array.of(3n) };
const beta: SafetensorsEntry = { dtype: 'F32', shape: [], data: Float32Array.of(0.9) };

let root: string;
/** Tensors of a network as PyTorch saves them: under its prefix, with counters. */
let theirs: (prefix: string, ...more: [string, SafetensorsEntry][]) => Uint8Array;
let numbers: number[];
const at = (...parts: string[]) => join(root, ...parts);
const flat = async (network: ReturnType<typeof buildNetwork>) =>
  (await stateOf(network)).flatMap(([, { data }]) => Array.from(data as Float64Array));

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'spikegrad-weights-'));
  await init({ backend: 'cpu', precision: 'f64' });
  manualSeed(5);
  const network = buildNetwork(settings);
  numbers = await flat(network);
  const state = await stateOf(network);
  theirs = (prefix, ...more) =>
    writeSafetensors(
      [
        ...state.map(([name, entry]): [string, SafetensorsEntry] => [prefix + name, entry]),
        [`${prefix}stem.0.bn.num_batches_tracked`, counter],
        ...more,
      ],
      { format: 'pt' },
    );
  for (const run of ['runs/a', 'runs/b']) {
    mkdirSync(at(run), { recursive: true });
    writeFileSync(at(run, 'model.safetensors'), await encodeModel(network, settings));
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('weights of another tool', () => {
  let said: string;
  let stderr: ReturnType<typeof vi.spyOn>;
  beforeEach(() => {
    said = '';
    stderr = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      said += String(text).replaceAll('\n', ' ');
      return true;
    });
  });
  afterEach(() => stderr.mockRestore());
  const fill = async (checkpoint: Checkpoint, words: object) => {
    manualSeed(9);
    const network = buildNetwork(checkpoint.settings);
    restoreWeights(network, checkpoint, words);
    return flat(network);
  };

  test('are those of a ResNet20 by names and shapes, behind a prefix too; what they do not tell is said', async () => {
    for (const prefix of ['', 'module.']) {
      writeFileSync(at('pt.safetensors'), theirs(prefix));
      const words = prefix === '' ? {} : { prefix };
      const checkpoint = await readWeights(at('pt.safetensors'), { ...words, timesteps: 1 });
      expect(checkpoint.settings).toMatchObject({
        arch: 'resnet20-small',
        width: 2,
        classes: 10,
        channels: 3,
        timesteps: 1,
        dataset: 'cifar10',
        height: 32,
      });
      expect(said).toMatch(/resnet20-small of width 2, for 10 classes; taken, since .*: --dynamics leak/);
      expect(await fill(checkpoint, words)).toEqual(numbers);
    }
    await expect(readWeights(at('pt.safetensors'), {})).rejects.toThrow(
      /begin with "module\.": give --prefix module\./,
    );
  });

  test('take their network from a settings.json beside them', async () => {
    mkdirSync(at('converted'), { recursive: true });
    writeFileSync(at('converted/model.safetensors'), theirs(''));
    writeFileSync(at('converted/settings.json'), JSON.stringify({ ...settings, timesteps: 3, mpr: 5 }));
    const { settings: found } = await readWeights(at('converted'), {});
    expect(found).toMatchObject({ timesteps: 3, mpr: 5, width: 2 });
  });

  test('with --lenient are filled in as far as they go, and the rest is told', async () => {
    const file = new Map(readSafetensors(theirs('', ['stem.0.lif.beta', beta])).tensors);
    file.delete('fc.bias');
    writeFileSync(at('less.safetensors'), writeSafetensors(file));
    const checkpoint = await readWeights(at('less.safetensors'), { timesteps: 1 });
    await expect(fill(checkpoint, {})).rejects.toThrow(/stem\.0\.lif\.beta; it lacks fc\.bias/);
    said = '';
    expect(await fill(checkpoint, { lenient: true })).toHaveLength(numbers.length);
    expect(said).toMatch(/missing, .*: fc\.bias .*left over in the file: stem\.0\.lif\.beta/);
    writeFileSync(at('snn.safetensors'), theirs('', ['stem.0.lif.beta', beta]));
    await expect(readWeights(at('snn.safetensors'), {}).then((read) => fill(read, {}))).rejects.toThrow(
      /from their options here \(tau, vth\); --lenient leaves them out/,
    );
  });

  test('come in PyTorch’s files too, and of other networks by a map, by name or in a file', async () => {
    const inPyTorch = await writePyTorch(readSafetensors(theirs('')).tensors);
    writeFileSync(at('theirs.pth'), inPyTorch);
    const checkpoint = await readWeights(at('theirs.pth'), { timesteps: 1 });
    expect(await fill(checkpoint, {})).toEqual(numbers);

    const fc = { dtype: 'F32', shape: [10, 3072], data: new Float32Array(30_720) } as const;
    writeFileSync(at('fc.pth'), await writePyTorch([['net.fc.weight', fc]]));
    const map = { title: 'a layer', inputShape: [32, 32, 3], layers: [{ flatten: true }, { linear: 'fc' }] };
    writeFileSync(at('map.json'), JSON.stringify(map));
    said = '';
    const model = await openModel(at('fc.pth'), { map: at('map.json'), prefix: 'net.' });
    expect(said).toMatch(/by the map .*map\.json, a layer/);
    expect(model.metadata.inputShape).toEqual([32, 32, 3]);
    expect((await model.build()).parameterCount()).toBe(30_720);
    expect(() => model.check(shapes({ count: 1 }))).not.toThrow();
    await expect(openModel(at('fc.pth'), { map: 'guo-resnet2' })).rejects.toThrow(
      /did you mean guo-resnet20\?/,
    );
    await expect(openModel(at('fc.pth'), { map: './gone.json' })).rejects.toThrow(
      /no file .*known by name are/,
    );
    await expect(openModel(at('fc.pth'), { map: 'resnet20', dynamics: 'leak' })).rejects.toThrow(
      /--dynamics does not go with --map/,
    );
    await expect(readWeights(at('fc.pth'), {})).rejects.toThrow(/--map says which network they are of/);
    writeFileSync(at('old.pth'), readFileSync('test/interop/pytorch/files/legacy.pth'));
    await expect(readWeights(at('old.pth'), {})).rejects.toThrow(
      /before version 1\.6.*torch\.load\('old\.pth'/,
    );
  });

  test("are no run's, which tells its network itself", async () => {
    await expect(readWeights(at('runs/a'), { timesteps: 4 })).rejects.toThrow(
      /tells its network itself: leave --timesteps/,
    );
    const other = writeSafetensors([
      ['l1.weight', { dtype: 'F32', shape: [2], data: Float32Array.of(1, 2) }],
    ]);
    writeFileSync(at('other.safetensors'), other);
    await expect(readWeights(at('other.safetensors'), {})).rejects.toThrow(
      /under other names \(l1\.weight\).*loadState/,
    );
  });
});

describe('paths', () => {
  test('begin with the home folder where they begin with a tilde', () => {
    expect(expandHome('~')).toBe(homedir());
    expect(expandHome('~/runs/a')).toBe(join(homedir(), 'runs/a'));
    for (const path of ['~me/runs', './~/a', 'a~', '/~']) expect(expandHome(path)).toBe(path);
  });

  test('are understood so in every option and argument that takes one, and in no other', () => {
    const command = new Command('try')
      .argument('[run]')
      .argument('[pictures...]')
      .option('--data <dir>')
      .option('--out <file>', '', (word) => `${word}!`)
      .option('--name <text>');
    understandHome(command);
    command.parse(['~/r', '~/a.png', 'b.png', '--data=~/d', '--out', '~/o', '--name', '~/n'], {
      from: 'user',
    });
    const home = (path: string) => join(homedir(), path);
    expect(command.processedArgs).toEqual([home('r'), [home('a.png'), 'b.png']]);
    expect(command.opts()).toEqual({ data: home('d'), out: `${home('o')}!`, name: '~/n' });
  });
});

describe('the command line', () => {
  const run = (words: string, env = {}) => spikegrad(words.split(' '), root, env);

  test('takes a run by its folder as a word of its own, below a quoted ~, and lists several', async () => {
    const [folder, home, several, twice] = await Promise.all([
      run('inspect runs/a/model.safetensors --json'),
      run('inspect --checkpoint=~/runs/a --json', { HOME: root, USERPROFILE: root }),
      run('inspect runs'),
      run('eval runs/a --checkpoint runs/b'),
    ]);
    expect(JSON.parse(folder.out).settings).toEqual(settings);
    expect(JSON.parse(home.out).settings).toEqual(settings);
    expect([several.code, several.err]).toEqual([
      1,
      'error: runs holds several runs: runs/a, runs/b; give one of them\n',
    ]);
    expect([twice.code, twice.err]).toEqual([2, 'error: runs/a and --checkpoint runs/b are two: give one\n']);
  });

  test('inspects graphs, broken ones too, and tensors of networks that it does not know', async () => {
    const graph = await writeNir({
      nodes: new Map([['a', { type: 'Spline', attributes: new Map() }]]),
      edges: [['a', 'gone']],
      metadata: new Map(),
    });
    writeFileSync(at('broken.nir'), graph);
    const [broken, tensors, stray] = await Promise.all([
      run('inspect broken.nir'),
      run('inspect other.safetensors'),
      run('train ./cifar10'),
    ]);
    expect(broken.code).toBe(0);
    expect(broken.out).toMatch(
      /! a +Spline[\s\S]*wrong: node "a": an edge leads to "gone".*\(and 1 more of this node\)/,
    );
    expect(tensors.out).toMatch(/l1\.weight +F32 +\[2\][\s\S]*1 tensor of 2 numbers/);
    expect([stray.code, stray.err]).toEqual([
      2,
      "error: './cifar10' stands alone; say what it is: --data ./cifar10, or --out ./cifar10\n",
    ]);
  });
});
