// A kernel as WGSL with the layout of its uniform block: what both kinds of kernel become before a pipeline is made.
// gpu.js translates, synchronously; the entry point around its translation is ours, so that any shape runs as one row
// of threads: neighbours in memory are neighbours in a workgroup, and no axis has a limit of its own.

import { WebGPUKernel } from 'gpu.js/src/backend/web-gpu/kernel.js';
import { Input } from 'gpu.js/src/input.js';
import { SpikegradError } from '../../../errors';
import type { JsKernel, ScalarType, WgslKernel } from './kernel';
import { mathematics, withMathematics } from './mathematics';

export interface Program {
  readonly name: string;
  readonly code: string;
  readonly reads: number;
  readonly writes: number;
  /** Offsets in 4-byte words. */
  readonly dims: readonly number[];
  readonly scalars: readonly { readonly word: number; readonly type: ScalarType }[];
  /** Bytes of the uniform block; 0 when there is none. */
  readonly paramsBytes: number;
}

/** Threads of a workgroup of a gpu.js kernel. */
export const GROUP = 64;

/** After this come helpers, accessors and functions. */
const THREAD = 'var<private> threadGid : vec3<u32>;';

const ENTRY = `@compute @workgroup_size(${GROUP})
fn main(@builtin(global_invocation_id) gid : vec3<u32>) {
  let index = gid.x + gid.y * params.dispatchWidth;
  if (index >= params.outputX * params.outputY * params.outputZ) { return; }
  let row = index / params.outputX;
  threadGid = vec3<u32>(index - row * params.outputX, row % params.outputY, row / params.outputY);
  let data_index = i32(index);
`;

/** @throws when gpu.js cannot translate the kernel */
export function programOfJs({ name, arrays, scalars, body }: JsKernel): Program {
  const types = Object.values(scalars).map((type) => (type === 'integer' ? 'Integer' : 'Float'));
  const names = [...arrays, ...Object.keys(scalars)];
  try {
    const translator = new WebGPUKernel(`function (${names.join(', ')}) {\n${body}\n}`, {
      output: [1, 1, 1],
      argumentTypes: [...arrays.map(() => 'Input'), ...types],
      context: {},
      gpu: {},
      loopMaxIterations: 2 ** 31 - 1, // loops end by their own condition
    });
    const samples = [...arrays.map(() => new Input(new Float32Array(1), [1, 1, 1])), ...types.map(() => 1)];
    translator.setupConstants();
    translator.setupArguments(samples);
    translator.validateSettings(samples);
    translator.threadDim = [1, 1, 1];
    translator.translateSource();
    const layout = translator.computeParamsLayout();
    translator.paramsLayout = layout;
    const assembled = translator.assembleWGSL();
    const [declarations = '', rest = ''] = assembled.slice(0, assembled.indexOf('@compute')).split(THREAD);
    const helpers = withMathematics(withoutOwn(rest));
    const statements = withMathematics(translator.translatedBody);
    return {
      name,
      code: `${declarations}${THREAD}
${mathematics('wgsl', helpers + statements)}
${helpers}${ENTRY}${statements}
}`,
      reads: arrays.length,
      writes: 1,
      dims: layout.arrayArgs.map(({ dimsOffset }) => dimsOffset / 4),
      scalars: layout.scalarArgs.map(({ offset }, i) => ({
        word: offset / 4,
        type: types[i] === 'Integer' ? 'i32' : 'f32',
      })),
      paramsBytes: layout.byteLength,
    };
  } catch (error) {
    throw new SpikegradError(name, `gpu.js cannot translate this kernel: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** gpu.js's own helpers for functions of Math that are ours: `fn log1p(…) {…}`. */
function withoutOwn(declarations: string): string {
  return declarations.replace(/^fn (?:_pow|cbrt|expm1|log10|log1p)\((?:.*\n)*?\}\n/gm, '');
}

export function programOfWgsl({ name, inputs, outputs, scalars, code }: WgslKernel): Program {
  const members = Object.entries(scalars).map(([member, type]) => `  ${member} : ${type},`);
  const lines =
    members.length === 0
      ? []
      : ['struct Params {', ...members, '}', '@group(0) @binding(0) var<uniform> params : Params;'];
  let binding = 1;
  for (const [array, type] of Object.entries(inputs)) {
    lines.push(`@group(0) @binding(${binding++}) var<storage, read> ${array} : array<${type}>;`);
  }
  for (const [array, type] of Object.entries(outputs)) {
    lines.push(`@group(0) @binding(${binding++}) var<storage, read_write> ${array} : array<${type}>;`);
  }
  return {
    name,
    code: `${lines.join('\n')}\n${code}`,
    reads: Object.keys(inputs).length,
    writes: Object.keys(outputs).length,
    dims: [],
    scalars: Object.values(scalars).map((type, word) => ({ word, type })),
    paramsBytes: 16 * Math.ceil(members.length / 4),
  };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
