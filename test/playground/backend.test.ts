// What a room gets where the backend that it wants does not run.

import { expect, test } from 'vitest';
import { startBackend } from '../../examples/playground/src/frame/backend';
import { isEmulated } from '../../examples/playground/src/rooms/resnet/backend';
import { createBackend, type InitOptions } from '../../src/index';

/** A browser in which only some backends start. */
const browserWith = (working: readonly string[]) => (options: InitOptions) => {
  if (!working.includes(options.backend!)) throw new Error(`no ${options.backend} here`);
  return createBackend({ backend: 'cpu' });
};

test('the wanted backend comes without a word', async () => {
  expect(await startBackend('wasm', browserWith(['wasm', 'cpu']))).not.toHaveProperty('note');
});

test('without a GPU it is wasm, and the note says why', async () => {
  const { note } = await startBackend('gpu', browserWith(['wasm', 'cpu']));
  expect(note).toBe('Computing on wasm, since gpu did not start (no gpu here).');
});

test('without WebAssembly it is cpu, and never a GPU that nobody asked for', async () => {
  const { note } = await startBackend('wasm', browserWith(['gpu', 'cpu']));
  expect(note).toMatch(/^Computing on cpu, since wasm did not start/);
});

test('where nothing runs the error of cpu comes through', async () => {
  await expect(startBackend('gpu', browserWith([]))).rejects.toThrow('no cpu here');
});

test('an adapter that is a program is told from a device', () => {
  const adapter = (vendor: string, architecture: string, description = '') => ({
    vendor,
    architecture,
    description,
  });
  const programs = [
    adapter('Google Inc. (Google)', 'webgl2', 'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero)))'),
    adapter('google', 'swiftshader'),
    adapter('Mesa', 'webgl2', 'llvmpipe (LLVM 15.0.7, 256 bits)'),
    adapter('microsoft', '', 'Microsoft Basic Render Driver'),
  ];
  const devices = [
    adapter('apple', 'metal-3'),
    adapter('nvidia', 'turing'),
    adapter('Google Inc. (Intel)', 'webgl2', 'ANGLE (Intel, Mesa Intel(R) UHD Graphics 620, OpenGL 4.6)'),
  ];
  expect(programs.map(isEmulated)).toEqual([true, true, true, true]);
  expect(devices.map(isEmulated)).toEqual([false, false, false]);
});
