// What this JavaScript engine can run: SIMD, relaxed SIMD, shared memory. Found out by trying, never by version; the
// one version that is asked for is Node's, because up to 21 it hides relaxed SIMD behind a flag that later ones
// refuse.

import { SpikegradError } from '../../errors';
import { nodeModule } from '../../node-module';
import { plain, relaxed } from './generated/kernels';

/** relaxed: fused multiply-add; plain: every SIMD engine. Their last bits differ. */
export type Flavour = 'relaxed' | 'plain';

/** (module (func (result v128) (i32x4.splat (i32.const 0)))) */
const simdProbe = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 17, 11,
];
/** The same with i32x4.relaxed_trunc_f32x4_s of that. */
const relaxedProbe = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 11, 1, 9, 0, 65, 0, 253, 17, 253, 129,
  2, 11,
];

/** Node 20 and 21 have relaxed SIMD behind a flag; set before the first module is compiled it is harmless. */
function unlockRelaxedSimd(): void {
  const version = Number(globalThis.process?.versions?.node?.split('.')[0] ?? Number.POSITIVE_INFINITY);
  if (version < 22) {
    nodeModule<{ setFlagsFromString(flag: string): void }>('v8')?.setFlagsFromString(
      '--experimental-wasm-relaxed-simd',
    );
  }
}

function runs(probe: readonly number[]): boolean {
  return typeof WebAssembly !== 'undefined' && WebAssembly.validate(Uint8Array.from(probe));
}

export function hasSimd(): boolean {
  return runs(simdProbe);
}

export function hasRelaxedSimd(): boolean {
  if (!hasSimd()) return false;
  unlockRelaxedSimd();
  return runs(relaxedProbe);
}

/** Whether threads can share one memory: in browsers only on pages that are cross-origin isolated. */
export function hasSharedMemory(): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && typeof Atomics !== 'undefined';
}

/** The best that runs here. @throws without SIMD */
export function bestFlavour(): Flavour {
  if (!hasSimd()) throw new SpikegradError('init', "this engine has no WebAssembly SIMD; use backend 'cpu'");
  return hasRelaxedSimd() ? 'relaxed' : 'plain';
}

/** Where the text asks for a memory: shared (flags 3, with a maximum) in what we ship. */
const SHARED_IMPORT = [...'env']
  .map((c) => c.charCodeAt(0))
  .concat(6, ...[...'memory'].map((c) => c.charCodeAt(0)), 2, 3);

/** By Node's own decoder where there is one: its `atob` looks at every letter in JavaScript. */
function decoded(base64: string): Uint8Array<ArrayBuffer> {
  const node = nodeModule<{ Buffer: { from(text: string, form: string): Uint8Array } }>('buffer');
  if (node !== undefined) return new Uint8Array(node.Buffer.from(base64, 'base64'));
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

/**
 * The kernels' WebAssembly. They use no atomic instruction, so the same code runs over unshared memory once its import
 * says so: one bit of the memory's limits.
 */
export function kernelCode(flavour: Flavour, shared: boolean): Uint8Array<ArrayBuffer> {
  return codeOf(flavour === 'relaxed' ? relaxed : plain, shared);
}

/** The same of another module of kernels. @param text its bytes in base64 */
export function codeOf(text: string, shared: boolean): Uint8Array<ArrayBuffer> {
  const bytes = decoded(text);
  if (!shared) {
    const at = bytes.findIndex((_, i) => SHARED_IMPORT.every((byte, j) => bytes[i + j] === byte));
    bytes[at + SHARED_IMPORT.length - 1] = 1;
  }
  return bytes;
}
