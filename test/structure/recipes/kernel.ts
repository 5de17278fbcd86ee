// "A kernel" of CONTRIBUTING.md: the maxima of columns on wasm.

import { type Edit, inFrontOf } from './edit';

export const kernel: readonly Edit[] = [
  {
    file: 'src/backends/wasm/kernels/elementwise/column-maxima.ts',
    create: `// Maxima down the columns of a matrix.

/** out[from..from+count) = the maxima of these columns of x[rows][C]; columns at or beyond C are left out. */
export function columnMaxima(x: usize, rows: i32, C: i32, from: i32, count: i32, out: usize): void {
  const end = min(C, from + count);
  for (let c = from; c < end; c++) {
    let largest = load<f32>(x + (<usize>c << 2));
    for (let r = 1; r < rows; r++) largest = max(largest, load<f32>(x + (<usize>(r * C + c) << 2)));
    store<f32>(out + (<usize>c << 2), largest);
  }
}
`,
  },
  {
    file: 'src/backends/wasm/kernels/index.ts',
    replace: [
      inFrontOf(
        'export * from "./elementwise/column-sums";\n',
        'export * from "./elementwise/column-maxima";\n',
      ),
    ],
  },
  {
    file: 'src/backends/wasm/reduce.ts',
    replace: [
      [
        'function sumOverLeading(x: Operand, count: number) {',
        'function overLeading(op: ReduceOp, x: Operand, count: number) {',
      ],
      [
        "kernelCall('columnSums', 'item', {",
        "kernelCall(op === 'sum' ? 'columnSums' : 'columnMaxima', 'item', {",
      ],
      inFrontOf(
        "      if (op === 'sum' && x.handle.size > 0) {\n",
        "      if (op === 'max' && x.handle.size > 0 && rank > 1 && sameShape(axes, [0])) return overLeading(op, x, 1);\n",
      ),
      ['return sumOverLeading(x, axes.length);', 'return overLeading(op, x, axes.length);'],
      inFrontOf('/** Columns whose sums make one item', "type ReduceOp = 'sum' | 'max';\n\n"),
    ],
  },
];
