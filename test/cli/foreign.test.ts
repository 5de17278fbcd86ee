// What commands write goes over nothing that spikegrad did not write.

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeFile } from '../../src/cli/files';
import { pngRenderer, writePicture } from '../../src/cli/paper/picture';
import { init } from '../../src/init';
import { toNir, writeNir } from '../../src/interop/nir';
import { toOnnx } from '../../src/interop/onnx';
import { Linear, sequential } from '../../src/nn';
import { figure2 } from '../../src/paper/figure2';
import { refuseForeign } from '../../src/paper/node/ours';
import { GRID_FILES, GridFolder } from '../../src/paper/node/store';
import { RUN_FILES } from '../../src/train/node/run/files';
import { RunFolder } from '../../src/train/node/run/folder';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'spikegrad-foreign-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Other people's files, as their programs write them. */
const FOREIGN: Readonly<Record<string, string>> = {
  svg: '<svg xmlns="http://www.w3.org/2000/svg"><circle r="1"/></svg>',
  html: '<!doctype html><title>Mine</title>',
  md: '# My notes\n',
  csv: 'k,price\n1,2\n',
  json: '{"settings":{}}',
  png: '\x89PNG\r\n\x1a\n',
  onnx: '\x08\x08\x12\x07pytorch',
  nir: '\x89HDF\r\n\x1a\n',
  txt: 'mine',
};

describe('a file that is there', () => {
  test.each(Object.entries(FOREIGN))('as another program’s .%s stays, and is named', async (ending, text) => {
    const path = join(home, `mine.${ending}`);
    writeFileSync(path, text);
    await expect(writeFile(path, 'ours')).rejects.toThrow(
      `${path} is there, and spikegrad did not write it: give another name or folder, or move it away`,
    );
    writeFileSync(path, '');
    await expect(writeFile(path, 'ours')).rejects.toThrow(/did not write it/);
    expect(readdirSync(home)).toEqual([`mine.${ending}`]);
  });

  test('as the same command left it is replaced, whatever it is called', async () => {
    await init({ backend: 'cpu', seed: 1 });
    const { svg } = figure2({ k: [3] });
    const render = await pngRenderer();
    const network = sequential(new Linear(2, 3));
    const exports = [
      [await writeNir(await toNir(network, { inputShape: [2] })), '.nir'],
      [await toOnnx(network, { inputShape: [2], timesteps: 1 }), '.onnx'],
    ] as const;
    for (let times = 0; times < 2; times++) {
      await writePicture(svg, join(home, 'figure.svg'), render);
      for (const [bytes, kind] of exports) await writeFile(join(home, `model${kind}.bin`), bytes, kind);
    }
    expect(readdirSync(home)).toEqual(['figure.png', 'figure.svg', 'model.nir.bin', 'model.onnx.bin']);
    await expect(writeFile(join(home, 'model.nir.bin'), exports[1][0], '.onnx')).rejects.toThrow(/did not/);
  });

  test('of an older version is known', async () => {
    const folder = 'bench/results/paper';
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /(table1|dynamics|gradients|figure\d)\.(md|csv|json|svg|html)$/.test(name))
      .map((name) => join(folder, name));
    expect(new Set(files.map(extname)).size).toBe(5);
    await refuseForeign(files);
  });
});

test.each(Object.keys(FOREIGN).slice(1, 5))(
  'a grid leaves a .%s in its table’s place alone',
  async (ending) => {
    const name = Object.values(GRID_FILES).find((file) => file.endsWith(`.${ending}`))!;
    writeFileSync(join(home, name), FOREIGN[ending]!);
    const grid = new GridFolder(home);
    await expect(grid.checkTable()).rejects.toThrow(join(home, name));
    await expect(grid.writeTable([], [])).rejects.toThrow(/did not write it/);
    rmSync(join(home, name));
    for (let times = 0; times < 2; times++) await grid.writeTable([], []);
  },
);

test.each(Object.values(RUN_FILES))(
  'a run leaves a %s that is no run’s alone, and its folder',
  async (name) => {
    const folder = join(home, 'run');
    mkdirSync(folder);
    writeFileSync(join(folder, name), '{"editor.fontSize": 12}\n');
    await expect(RunFolder.create(folder)).rejects.toThrow(folder);
    await expect(RunFolder.enter(folder)).rejects.toThrow(folder);
    expect(readdirSync(folder)).toEqual([name]);
    expect(readFileSync(join(folder, name), 'utf8')).toBe('{"editor.fontSize": 12}\n');
  },
);

test('a folder with other files in it takes a run, beside them', async () => {
  writeFileSync(join(home, 'notes.txt'), 'mine');
  await (await RunFolder.create(home)).release();
  expect(readFileSync(join(home, 'notes.txt'), 'utf8')).toBe('mine');
  expect(existsSync(join(home, 'lock.json'))).toBe(false);
});
