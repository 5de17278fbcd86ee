// `spikegrad predict`, and the pictures that it reads.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPicture } from '../../src/cli/predict/pictures';
import { shapes } from '../../src/data/shapes';
import { init } from '../../src/init';
import { buildNetwork, encodeModel, predict } from '../../src/train';
import { imageMetadata } from '../../src/train/model-metadata';
import { SETTINGS } from '../support/records';
import { BITS, GREY_ALPHA, GREY16, JPEG, PALETTE, RGB } from './pictures';
import { spikegrad } from './spikegrad';

let cwd: string;
const put = (name: string, content: Uint8Array | string) => {
  const path = join(cwd, name);
  writeFileSync(path, content);
  return path;
};
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'spikegrad-predict-'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe('a picture', () => {
  const of255 = (pixels: Float64Array) => Array.from(pixels, (pixel) => Math.round(255 * pixel));

  test.each<[string, Uint8Array, readonly [number, number, number], number[], string[]]>([
    ['PNG in colour', RGB, [1, 2, 3], [255, 0, 0, 0, 51, 102], []],
    ['made grey by its brightness', RGB, [1, 2, 1], [76, 42], ['made grey']],
    ['of single bits', BITS, [2, 3, 1], [255, 0, 255, 0, 0, 255], []],
    [
      'grey, for a network of colours',
      BITS,
      [2, 3, 3],
      [1, 0, 1, 0, 0, 1].flatMap((bit) => new Array(3).fill(255 * bit)),
      [],
    ],
    ['grey with opacity, on white', GREY_ALPHA, [1, 2, 1], [0, 255], ['transparent parts taken for white']],
    ['of sixteen bits', GREY16, [1, 2, 1], [255, 51], []],
    ['with a palette', PALETTE, [1, 2, 3], [255, 255, 255, 0, 0, 255], ['transparent parts taken for white']],
    ['made smaller', RGB, [1, 1, 3], [128, 26, 51], ['resized to 1x1']],
  ])('%s is read as it looks', async (_, bytes, shape, expected, changes) => {
    const opened = await openPicture(put('picture.bin', bytes), shape);
    expect(of255(opened.pixels)).toEqual(expected);
    expect(opened.changes).toEqual(changes);
  });

  test('JPEG is told by its first bytes, and as near as JPEG is', async () => {
    const { pixels, height, width } = await openPicture(put('picture.png', JPEG), [8, 8, 3]);
    expect([height, width]).toEqual([8, 8]);
    pixels.forEach((pixel, i) => {
      expect(Math.abs(255 * pixel - [51, 102, 153][i % 3]!)).toBeLessThan(4);
    });
  });

  test.each([
    ['another kind', 'RIFF____WEBPVP8 ', /is a WebP picture; PNG and JPEG are read here/],
    ['none', 'hello', /is text; PNG and JPEG are read here/],
    ['an empty file', '', /is an empty file; PNG and JPEG are read here/],
    ['a PNG cut off', RGB.subarray(0, 60), /a PNG picture, cannot be read: /],
    ['a PNG cut in its head', RGB.subarray(0, 12), /a PNG picture, cannot be read: .*cut off/],
    ['a JPEG cut off', JPEG.subarray(0, 200), /a JPEG picture, cannot be read: /],
  ])('that is %s is refused with its name', async (_, bytes, message) => {
    const path = put('odd.bin', bytes);
    await expect(openPicture(path, [1, 1, 3])).rejects.toThrow(message);
    await expect(openPicture(path, [1, 1, 3])).rejects.toThrow(/odd\.bin/);
  });

  test('for a network of other images is refused', async () => {
    await expect(openPicture(put('a.png', RGB), [1, 1, 2])).rejects.toThrow(
      /takes images of 2 channels; pictures have 3, or 1/,
    );
  });
});

describe('spikegrad predict', () => {
  const images = shapes({ count: 2, seed: 5 });
  const settings = { ...SETTINGS, width: 2, timesteps: 1 };
  const run = (words: string, env = {}) => spikegrad(words.split(' '), cwd, env);
  let expected: Awaited<ReturnType<typeof predict>>;
  beforeAll(async () => {
    await init({ seed: 3 });
    const network = buildNetwork(settings);
    put('model.safetensors', await encodeModel(network, settings, imageMetadata(images)));
    for (let i = 0; i < 2; i++) {
      const data = images.pixels.subarray(3072 * i, 3072 * (i + 1));
      put(`${i}.png`, encode({ width: 32, height: 32, data, channels: 3 }));
    }
    expected = await predict(network, images);
  });

  test('gives what predict gives, class by class, as JSON', async () => {
    const { code, out, err } = await run('predict model.safetensors 0.png 1.png --json');
    expect(code, err).toBe(0);
    const { pictures } = JSON.parse(out) as {
      pictures: { class: string; probabilities: Record<string, number>; changes: string[] }[];
    };
    expect(pictures.map((one) => [one.class, one.changes])).toEqual(expected.map(({ name }) => [name, []]));
    pictures.forEach(({ probabilities }, i) => {
      expect(Object.keys(probabilities)).toEqual(images.classes);
      Object.values(probabilities).forEach((value, c) => {
        expect(value).toBeCloseTo(expected[i]!.probabilities[c]!, 5);
      });
    });
  });

  test('shows a line and a bar for each class, the likeliest first, in 80 columns', async () => {
    put('large.png', readFileSync(put('large.bin', RGB)));
    const { code, out } = await run('predict --checkpoint model.safetensors 0.png large.png --top 3', {
      COLUMNS: '80',
    });
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines[0]).toBe('0.png: 32x32');
    expect(lines[1]).toMatch(new RegExp(`^ {2}${expected[0]!.name} +\\d+\\.\\d % {2}█`));
    expect(lines[4]).toBe('');
    expect(lines[5]).toBe('large.png: 2x1, resized to 32x32');
    expect(lines).toHaveLength(9);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test.each([
    ['predict 0.png', 2, /say with which run: 'spikegrad predict runs\/k3 0\.png'/],
    ['predict model.safetensors', 2, /name pictures: 'spikegrad predict model\.safetensors cat\.png'/],
    ['predict model.safetensors none.png', 1, /no file none\.png/],
  ])('"%s" ends with %i and says why', async (words, code, message) => {
    const result = await run(words);
    expect(result.err).toMatch(message);
    expect(result.code).toBe(code);
  });
});
