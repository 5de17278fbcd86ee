// The one place where axes are turned between this library and files: conv weights [kh,kw,cin,cout] <-> OIHW, those
// of single pixels also <-> Conv1d's [O,I,1], linear weights [in,out] <-> [out,in], images [...,H,W,C] <-> [...,C,H,W].
// Plain typed arrays, no tensors.

import type { FloatArray } from '../backends/backend';
import { type Shape, sizeOf, stridesOf } from '../backends/shape';
import type { StateLayout } from '../nn/module';

export interface ArrayWithShape {
  readonly data: FloatArray;
  readonly shape: Shape;
}

/** Axis i of the result is axis order[i] of the source. */
export function permuteArray({ data, shape }: ArrayWithShape, order: readonly number[]): ArrayWithShape {
  const strides = stridesOf(shape);
  const out = order.map((axis) => shape[axis]!);
  const steps = order.map((axis) => strides[axis]!);
  const result = data.slice();
  const counter = out.map(() => 0);
  let from = 0;
  for (let i = 0; i < sizeOf(out); i++) {
    result[i] = data[from]!;
    for (let axis = out.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++counter[axis]! < out[axis]!) break;
      from -= steps[axis]! * out[axis]!;
      counter[axis] = 0;
    }
  }
  return { data: result, shape: out };
}

const toFile: Record<StateLayout, readonly number[] | undefined> = {
  plain: undefined,
  conv: [3, 2, 0, 1],
  pointwise: [3, 2, 0, 1],
  linear: [1, 0],
};
const fromFile: Record<StateLayout, readonly number[] | undefined> = {
  plain: undefined,
  conv: [2, 3, 1, 0],
  pointwise: [2, 3, 1, 0],
  linear: [1, 0],
};

/** Ours to PyTorch's. */
export function toFileLayout(array: ArrayWithShape, layout: StateLayout): ArrayWithShape {
  const order = toFile[layout];
  if (order === undefined) return array;
  const { data, shape } = permuteArray(array, order);
  return { data, shape: layout === 'pointwise' ? shape.slice(0, -1) : shape };
}

/** PyTorch's to ours. */
export function fromFileLayout(array: ArrayWithShape, layout: StateLayout): ArrayWithShape {
  const order = fromFile[layout];
  const { data } = array;
  const shape = layout === 'pointwise' && array.shape.length === 3 ? [...array.shape, 1] : array.shape;
  return order?.length === shape.length ? permuteArray({ data, shape }, order) : array;
}

/** [...,C,H,W] to [...,H,W,C]. */
export function channelsLast(array: ArrayWithShape): ArrayWithShape {
  const rank = array.shape.length;
  const leading = Array.from({ length: rank - 3 }, (_, axis) => axis);
  return permuteArray(array, [...leading, rank - 2, rank - 1, rank - 3]);
}
