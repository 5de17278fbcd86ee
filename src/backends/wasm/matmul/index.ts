// Matrix products: the right factor goes into panels once in each thread, the rows of the left one are shared out.
// Where the left one is spikes, spikes.ts has another way.

import type { Operand, ProductKernels } from '../../backend';
import { broadcastStrides, sizeOf } from '../../shape';
import { counter, entire, entireOut, scratch } from '../argument';
import type { Engine } from '../engine';
import { kernelCall } from '../kernel-call';
import { spikeProduct } from './spikes';

/** Rows of the result that make one item. */
const ROWS = 64;

export function productKernels(engine: Engine): ProductKernels {
  return { matmul: matmulKernel(engine) };
}

function matmulKernel(engine: Engine): ProductKernels['matmul'] {
  /** Strides in bytes of one matrix, [rows, columns] after its flag. */
  function strides({ shape }: Operand, transposed: boolean): [number, number] {
    const columns = shape.at(-1)!;
    return transposed ? [4, columns * 4] : [columns * 4, 4];
  }

  const bySpikes = spikeProduct(engine);

  return (a, b, options, out) => {
    const events = bySpikes(a, b, options, out);
    if (events !== undefined) return events;
    const { transposeA, transposeB } = options;
    const [m, n] = out.slice(-2) as [number, number];
    const k = a.shape.at(transposeA ? -2 : -1)!;
    const left = engine.dense(a);
    const right = engine.dense(b);
    const result = engine.out(sizeOf(out));
    const batch = out.slice(0, -2);
    const offsets = (operand: Operand) => {
      const lead = operand.shape.slice(0, -2);
      const matrix = operand.shape.at(-1)! * operand.shape.at(-2)!;
      const steps = broadcastStrides(lead, batch);
      return (index: readonly number[]) =>
        4 * matrix * index.reduce((sum, i, axis) => sum + i * steps[axis]!, 0);
    };
    const [leftAt, rightAt] = [offsets(a), offsets(b)];
    const [aRow, aColumn] = strides(a, transposeA);
    const [bRow, bColumn] = strides(b, transposeB);
    const groups = positions(batch).map((index, i) => {
      const panels = scratch(engine.compute('panelBytes', { K: k, N: n }));
      const b = entire(right, rightAt(index));
      return {
        items: n === 0 ? 0 : Math.ceil(m / ROWS),
        calls: [
          kernelCall('packPanels', 'thread', {
            b,
            rowStride: bRow,
            columnStride: bColumn,
            K: k,
            N: n,
            panels,
          }),
          kernelCall(
            'matmulRows',
            'item',
            {
              a: entire(left, leftAt(index)),
              aRow,
              aColumn,
              M: m,
              K: k,
              panels,
              N: n,
              c: entireOut(result.buffer, 4 * i * m * n),
              from: counter(ROWS),
              count: ROWS,
              scratch: scratch(ROWS * k * 4),
            },
            2 * ROWS * k * n,
          ),
        ],
      };
    });
    engine.scheduler.scheduleTogether(groups);
    return result.handle;
  };
}

/** All index vectors of a shape, in order. */
function positions(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (list, length) => list.flatMap((index) => Array.from({ length }, (_, i) => [...index, i])),
    [[]],
  );
}
