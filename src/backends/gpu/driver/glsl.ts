// A gpu.js kernel as a GLSL ES 3.0 fragment shader. gpu.js translates its statements, as for WebGPU; what surrounds
// them is ours: numbers are fetched by exact whole coordinates, never through normalised ones, and shapes are
// uniforms, so that one program serves every size.

import { FunctionBuilder } from 'gpu.js/src/backend/function-builder.js';
import { WebGL2FunctionNode } from 'gpu.js/src/backend/web-gl2/function-node.js';
import { SpikegradError } from '../../../errors';
import type { JsKernel } from './kernel';
import { mathematics, withMathematics } from './mathematics';
import { messageOf } from './program';

/** A triangle that covers the viewport, made of nothing. */
export const VERTICES = `#version 300 es
void main() {
  gl_Position = vec4(vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0, 0.0, 1.0);
}`;

/**
 * A texture holds its numbers row by row; rows are 2^shift long. `Size` of an array is (2^shift - 1, shift), `Dim`
 * are the lengths x, y, z of its view. The functions' names are gpu.js's.
 */
const ACCESS = `float getFloatFromSampler2D(highp sampler2D numbers, ivec2 size, ivec3 dim, int z, int y, int x) {
  int at = x + dim.x * (y + dim.y * z);
  return texelFetch(numbers, ivec2(at & size.x, at >> size.y), 0).x;
}`;

/** What gpu.js calls besides. GLSL's rounding of halves is open. */
const HELPERS = `float _round(float x) { return floor(x + 0.5); }
float modulo(float x, float y) { return x - y * trunc(x / y); }
float fround(float x) { return x; }`;

const ENTRY = `void main() {
  int at = int(gl_FragCoord.x) + (int(gl_FragCoord.y) << shift);
  number = 0.0;
  if (at >= outputSize.x * outputSize.y * outputSize.z) { return; }
  int row = at / outputSize.x;
  int layer = row / outputSize.y;
  threadId = ivec3(at - row * outputSize.x, row - layer * outputSize.y, layer);
  kernel();
  number = kernelResult;
}`;

/** @throws when gpu.js cannot translate the kernel */
export function glslOfJs(kernel: JsKernel): string {
  const { name, arrays, scalars } = kernel;
  const declarations = [
    ...arrays.map(
      (array) =>
        `uniform highp sampler2D user_${array};\nuniform ivec2 user_${array}Size;\nuniform ivec3 user_${array}Dim;`,
    ),
    ...Object.entries(scalars).map(
      ([scalar, type]) => `uniform ${type === 'integer' ? 'int' : 'float'} user_${scalar};`,
    ),
  ];
  try {
    const statements = withMathematics(statementsOf(kernel));
    return `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
const int LOOP_MAX = 0x7fffffff;
uniform ivec3 outputSize;
uniform int shift;
${declarations.join('\n')}
out float number;
ivec3 threadId;
float kernelResult;
${ACCESS}
${HELPERS}
${mathematics('glsl', statements)}
${statements}
${ENTRY}`;
  } catch (error) {
    throw new SpikegradError(name, `gpu.js cannot translate this kernel: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** What gpu.js makes of the body: `void kernel()`, which leaves its number in kernelResult. */
function statementsOf({ arrays, scalars, body }: JsKernel): string {
  const argumentNames = [...arrays, ...Object.keys(scalars)];
  const types = [
    ...arrays.map(() => 'ArrayTexture(1)'),
    ...Object.values(scalars).map((type) => (type === 'integer' ? 'Integer' : 'Float')),
  ];
  const builder = FunctionBuilder.fromKernel(
    {
      source: `function (${argumentNames.join(', ')}) {\n${body}\n}`,
      argumentNames,
      kernelArguments: types.map((type) => ({ type })),
      kernelConstants: [],
      output: [1, 1, 1],
      dynamicOutput: true,
      precision: 'single',
      loopMaxIterations: 2 ** 31 - 1, // loops end by their own condition
    },
    WebGL2FunctionNode,
    { fixIntegerDivisionAccuracy: false },
  );
  return builder.getPrototypeString('kernel');
}
