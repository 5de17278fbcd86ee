// "An operator" of CONTRIBUTING.md: x³.

import { type Edit, inFrontOf } from './edit';

export const operator: readonly Edit[] = [
  { file: 'src/backends/backend.ts', replace: [inFrontOf("  | 'abs'\n", "  | 'cube'\n")] },
  {
    file: 'src/backends/cpu/elementwise.ts',
    replace: [inFrontOf('  abs: Math.abs,\n', '  cube: (x) => x * x * x,\n')],
  },
  {
    file: 'src/backends/gpu/elementwise/expressions.ts',
    replace: [inFrontOf("  abs: 'Math.abs(v)',\n", "  cube: 'v * v * v',\n")],
  },
  {
    file: 'src/backends/wasm/elementwise.ts',
    replace: [
      ["Exclude<UnaryOp, 'log' | 'power'>", "Exclude<UnaryOp, 'log' | 'power' | 'cube'>"],
      ["if (op === 'log' || op === 'power')", "if (op === 'log' || op === 'power' || op === 'cube')"],
    ],
  },
  {
    file: 'src/testing/cases/elementwise.ts',
    replace: [inFrontOf('  abs: { low: -3, high: 3 },\n', '  cube: { low: -3, high: 3 },\n')],
  },
  { file: 'src/testing/cases/special/index.ts', replace: [inFrontOf('  abs: [[]],\n', '  cube: [[]],\n')] },
  {
    file: 'src/ops/functions.ts',
    replace: [
      inFrontOf(
        '/** -x. */\n',
        `/** x³; d = 3x². */
export function cube(x: Tensor): Tensor;
export function cube(x: Tensor, ...more: unknown[]): Tensor {
  return unary('cube', x, more, [x], (g, [v]) => mul(g, mul(3, mul(v!, v!))));
}

`,
      ),
    ],
  },
];
