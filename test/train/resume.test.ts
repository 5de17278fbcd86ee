import { describe, expect, test } from 'vitest';
import { changesOf } from '../../src/train/settings/resume';
import { checkSurroundings, compareVersions, type Surroundings } from '../../src/train/surroundings';

const before: Surroundings = {
  version: '0.1.0',
  backend: 'wasm',
  simd: 'relaxed',
  images: { name: 'cifar10', train: 50_000, test: 10_000 },
};

describe('what a run is computed with', () => {
  test('the same changes nothing', () => {
    expect(changesOf(before, { ...before }, false)).toEqual([]);
  });

  test('a newer version goes on with a line', () => {
    expect(changesOf(before, { ...before, version: '0.2.0' }, false)).toEqual([
      'newer version: 0.2.0 instead of 0.1.0',
    ]);
  });

  test.each([
    [{ version: '0.0.9' }, 'older version', '0.1.0', '0.0.9'],
    [{ backend: 'cpu', simd: undefined }, 'backend', 'wasm', 'cpu'],
    [{ simd: 'plain' as const }, 'SIMD flavour', 'relaxed', 'plain'],
  ])('%j takes --force, and a line', (change, what, had, has) => {
    const now = { ...before, ...change };
    expect(() => changesOf(before, now, false)).toThrow(
      `train: ${what}: the run has ${had}, here is ${has}: --force goes on all the same`,
    );
    expect(changesOf(before, now, true)).toEqual([`${what}: ${has} instead of ${had}`]);
  });

  test.each([{ name: 'cifar100' }, { train: 49_999 }, { test: 1 }])('images %j never change', (other) => {
    const now = { ...before, images: { ...before.images, ...other } };
    for (const force of [false, true])
      expect(() => changesOf(before, now, force)).toThrow(
        /^train: images: the run has cifar10 \(50000 for training, 10000 for testing\), here is .*: a run goes on with the images/,
      );
  });

  test('images of the same name and number with another content never change: both hashes are named', () => {
    const images = (content?: string) => ({ ...before, images: { ...before.images, content } });
    expect(changesOf(images('aa'), images('aa'), false)).toEqual([]);
    for (const force of [false, true])
      expect(() => changesOf(images('aa'), images('bb'), force)).toThrow(
        /the run has cifar10 \(50000 for training, 10000 for testing, hash aa\), here is cifar10 \(50000 .*, hash bb\): a run goes on with/,
      );
    expect(changesOf(images(), images('bb'), false)).toEqual([
      'images: those of cifar10 here, hash bb; the checkpoint holds no hash to compare it with',
    ]);
  });

  test('another build of the same version goes on with a line', () => {
    const built = (build: string) => ({ ...before, build });
    expect(changesOf(built('0.1.0+a'), built('0.1.0+b'), false)).toEqual([
      'another build: 0.1.0+b instead of 0.1.0+a',
    ]);
  });

  test('where it was not noted, there is one line', () => {
    expect(changesOf(undefined, before, false)).toEqual([
      'spikegrad 0.1.0 on wasm; the version that began the run did not note itself, its backend and its images',
    ]);
  });

  test('versions are ordered by their numbers', () => {
    const order = ['0.1.0', '0.1.2', '0.1.10', '0.2.0', '1.0.0'];
    order.forEach((a, i) => {
      order.forEach((b, j) => {
        expect(Math.sign(compareVersions(a, b))).toBe(Math.sign(i - j));
      });
    });
  });

  test('from a file it is checked, and what a newer version notes besides is left alone', () => {
    const newer = { ...before, hash: 'x' };
    expect(checkSurroundings(newer, 'file')).toBe(newer);
    for (const [bad, name] of [
      [{ version: 'new' }, 'version'],
      [{ backend: 3 }, 'backend'],
      [{ simd: 'wide' }, 'simd'],
      [{ images: { name: 'cifar10' } }, 'images'],
      [{ images: { ...before.images, content: 3 } }, 'images'],
      [{ build: 3 }, 'build'],
    ] as const)
      expect(() => checkSurroundings({ ...before, ...bad }, 'file')).toThrow(
        `file: surroundings.${name} must be`,
      );
  });
});
