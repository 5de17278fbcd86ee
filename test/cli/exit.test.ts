// How the command line tells errors: those of sizes say what to make smaller, and ask nobody to report them.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EXIT, reportError } from '../../src/cli/exit';
import { OutOfMemoryError } from '../../src/errors';

let written = '';
beforeEach(() => {
  written = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written += String(text);
    return true;
  });
});
afterEach(() => void vi.restoreAllMocks());

test('an array that JavaScript has no room for says what to make smaller', () => {
  for (const tooLarge of [() => new Float32Array(2 ** 52), () => new ArrayBuffer(2 ** 52)]) {
    written = '';
    try {
      tooLarge();
    } catch (error) {
      expect(reportError(error)).toBe(EXIT.failed);
    }
    expect(written.replaceAll('\n', ' ')).toMatch(
      /^error: .* need more memory than there is \(.*\): take a smaller --width, --batch, --timesteps/,
    );
  }
});

test('a memory without room says what to make smaller; what nobody meant to raise keeps its stack', () => {
  reportError(new OutOfMemoryError('wasm', 'no room for 9 MB more', 'Take a smaller batch'));
  expect(written.replaceAll('\n', ' ')).toBe(
    'error: the network or its images need more memory than there is (no room for 9 MB more): take a smaller --width, --batch, --timesteps or --limit ',
  );
  written = '';
  reportError(new RangeError('precision out of range'));
  expect(written).toMatch(/^error \(please report it\): RangeError: precision out of range\n +at /);
});
