// What a file is by its first bytes: by a mark, by what stands behind one that several formats share, by reading as
// text, or by records that repeat. Nothing is opened or unpacked.

import type { FileKind } from './kinds';
import { HEAD, marked } from './marks';
import { textKind } from './text';

/**
 * @param bytes the first of a file, a few thousand where there are
 * @param size of the whole file
 * @returns undefined where nobody knows
 */
export function fileKind(bytes: Uint8Array, size = bytes.length): FileKind | undefined {
  return size === 0 ? 'empty' : (sureKind(bytes) ?? likelyKind(bytes, size));
}

/** The same where no file without a mark of its own, such as a list of events, begins so by chance. */
export function sureKind(bytes: Uint8Array): FileKind | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, HEAD));
  return (
    marked(head) ??
    inZip(head) ??
    (isProphesee(head) ? 'prophesee' : undefined) ??
    pickle(head) ??
    (isSafetensors(bytes) ? 'safetensors' : undefined) ??
    (bytes.length >= LEAST_TEXT ? textKind(bytes.subarray(0, HEAD)) : undefined)
  );
}

/** Shorter text may be anything. Two events that are text to their last byte lie seconds behind a recording's begin. */
const LEAST_TEXT = 10;

function likelyKind(bytes: Uint8Array, size: number): FileKind | undefined {
  if (isIdx(bytes)) return 'idx';
  if (isOnnx(bytes)) return 'onnx';
  if (bytes[0] === 0x42 && bytes[1] === 0x4d) return 'bmp';
  if (isRecords(bytes, size, [10])) return 'cifar10';
  if (isRecords(bytes, size, [20, 100])) return 'cifar100';
  if (bytes.length >= LEAST_ZEROS && bytes.subarray(0, HEAD).every((byte) => byte === 0)) return 'zeros';
  return textKind(bytes.subarray(0, HEAD));
}

const LEAST_ZEROS = 64;

/** A zip file is told by its first entry: PyTorch's is NAME/data.pkl, NumPy's arrays end in .npy. */
function inZip(head: string): FileKind | undefined {
  if (head.startsWith('PK\x05\x06')) return 'zip'; // an empty one
  if (!head.startsWith('PK\x03\x04')) return undefined;
  const name = head.slice(30, 30 + head.charCodeAt(26) + 256 * head.charCodeAt(27));
  if (/^[^/]+\/(data\.pkl|data\/|code\/|constants\.pkl|version$|byteorder$|\.\w+$)/.test(name))
    return 'pytorch';
  if (/\.npy$/.test(name)) return 'npz';
  return /^(metadata|config)\.json$/.test(name) ? 'keras' : 'zip';
}

/** Lines that begin with %, in whatever order their writers put them, of which one says what only a camera's do. */
function isProphesee(head: string): boolean {
  const lines = /^(?:%[ -~]*\r?\n)+/.exec(head)?.[0] ?? '';
  return /^% ?(data file|version|width|height|date|evt|format|geometry|camera_|integrator_|serial_number|system_id|plugin_|generation|sensor_)/im.test(
    lines,
  );
}

/** Protocols 2 to 5 of pickle, an object of which begins at once; 0 is text. */
function pickle(head: string): FileKind | undefined {
  const protocol = head.charCodeAt(1);
  const binary =
    head[0] === '\x80' && protocol >= 2 && protocol <= 5 && /^[}\])(cXK\x8c\x95]/.test(head[2] ?? '');
  if (!binary && !/^(\([dl]p\d|c(copy_reg|numpy|torch|collections|__builtin__)[\w.]*\n)/.test(head))
    return undefined;
  return /batch_label|num_cases_per_batch|(fine|coarse)_label|U\tfilenames/.test(head)
    ? 'cifarPython'
    : 'pickle';
}

/** Eight bytes of a length, then the JSON that it counts. */
function isSafetensors(bytes: Uint8Array): boolean {
  const isShort = bytes[4] === 0 && bytes[5] === 0 && bytes[6] === 0 && bytes[7] === 0;
  return isShort && bytes[8] === 0x7b && (bytes[9] === 0x22 || bytes[9] === 0x7d || bytes[9] === 0x20);
}

/** Two zeros, the type of the numbers, how many axes. */
function isIdx(bytes: Uint8Array): boolean {
  const [a, b, type, axes] = bytes;
  return a === 0 && b === 0 && type! >= 8 && type! <= 14 && axes! >= 1 && axes! <= 4;
}

/**
 * Protocol buffers of a ModelProto: field 1, the version of the format, then who made it, the graph or the operators.
 */
function isOnnx(bytes: Uint8Array): boolean {
  const [field, version, next, length] = bytes;
  if (field !== 0x08 || version! < 1 || version! > 20) return false;
  if (next === 0x12)
    // the name of what made it
    return bytes.subarray(4, 4 + length!).every((byte) => byte >= 0x20 && byte < 0x7f) && length! > 0;
  return next === 0x3a || next === 0x42;
}

/** CIFAR's: a label byte or two, below a bound each, then 32x32 pixels in three colours. */
function isRecords(bytes: Uint8Array, size: number, bounds: readonly number[]): boolean {
  const record = bounds.length + 3072;
  if (size % record !== 0) return false;
  for (let at = 0; at < bytes.length; at += record)
    if (bounds.some((bound, i) => at + i < bytes.length && bytes[at + i]! >= bound)) return false;
  return true;
}
