// One element at a time. Each operation and each way of broadcasting is a kernel of its own: one expression, operands
// read in place of copies wherever three axes suffice to address them.

import type { BinaryOp, ElementwiseKernels, Operand } from '../../backend';
import { givesBinary } from '../../comparisons';
import { type Shape, sizeOf } from '../../shape';
import { broadcast } from '../broadcast';
import { type Driver, jsKernel, variants } from '../driver';
import { type GpuHandle, view } from '../handle';
import { element, ownLengths, patternOf, walkOf } from '../walk';
import { binaryExpressions, unaryExpressions } from './expressions';

const unaryKernel = variants((op: keyof typeof unaryExpressions) =>
  jsKernel(
    op,
    { arrays: ['x'], scalars: { p: 'float', q: 'float' } },
    `const v = x[this.thread.x];
    return ${unaryExpressions[op]};`,
  ),
);

const binaryKernel = variants((op: BinaryOp, a: string, b: string) =>
  jsKernel(
    op,
    { arrays: ['a', 'b'] },
    `const v = ${element('a', a)};
    const w = ${element('b', b)};
    return ${binaryExpressions[op]};`,
  ),
);

const whereKernel = variants((c: string, a: string, b: string) =>
  jsKernel(
    'where',
    { arrays: ['c', 'a', 'b'] },
    `return ${element('c', c)} === 0 ? ${element('b', b)} : ${element('a', a)};`,
  ),
);

export function elementwiseKernels(driver: Driver): ElementwiseKernels {
  return {
    unary(op, x, [p = 0, q = 0]) {
      const flat = [x.handle.size];
      const call = { arrays: { x: view(x, flat) }, scalars: { p, q }, output: flat };
      return driver.js(unaryKernel(op), call);
    },

    binary(op, a, b, out) {
      const result = aligned(driver, [a, b], out, (patterns, [first, second], output) =>
        driver.js(binaryKernel(op, patterns[0]!, patterns[1]!), {
          arrays: { a: first!, b: second! },
          output,
        }),
      );
      result.binary = givesBinary(op, a, b);
      return result;
    },

    where: (condition, a, b, out) =>
      aligned(driver, [condition, a, b], out, (patterns, [c, first, second], output) =>
        driver.js(whereKernel(patterns[0]!, patterns[1]!, patterns[2]!), {
          arrays: { c: c!, a: first!, b: second! },
          output,
        }),
      ),
  };
}

/** Runs `compute` on views of the operands; where three axes do not suffice they are repeated to `out` first. */
function aligned(
  driver: Driver,
  operands: readonly Operand[],
  out: Shape,
  compute: (patterns: readonly string[], views: readonly Operand[], output: Shape) => GpuHandle,
): GpuHandle {
  if (sizeOf(out) === 0) return driver.allocate('elementwise', 0);
  const walk = walkOf(operands, out);
  if (walk.lengths.length <= 3) {
    const views = operands.map((operand, i) => view(operand, ownLengths(walk, walk.strides[i]!)));
    return compute(walk.strides.map(patternOf), views, walk.lengths);
  }
  const flat = [sizeOf(out)];
  const whole = operands.map((operand) => view({ handle: broadcast(driver, operand, out) }, flat));
  const result = compute(
    whole.map(() => 'x'),
    whole,
    flat,
  );
  for (const { handle } of whole) driver.free(handle);
  return result;
}
