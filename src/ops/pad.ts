// A border around a tensor.

import { checkSize, formatShape } from '../backends/shape';
import { ones } from '../core/create';
import { scope } from '../core/scope';
import { checkTensor, fromHandle, type Tensor } from '../core/tensor';
import { check } from '../errors';
import { checkKind, kind, takesNoMore } from '../options';
import { where } from './compare';
import { slice } from './layout';
import { operation } from './operator';

const pairs = kind<readonly (readonly [number, number])[]>(
  'a list of [before, after], whole numbers >= 0, one pair for each axis',
  (value) => Array.isArray(value) && value.every(isPair),
);

function isPair(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    value.every((n) => Number.isSafeInteger(n) && Number(n) >= 0)
  );
}

const aNumber = kind<number>('a number', (value) => typeof value === 'number');

/**
 * x with more entries before and after along each axis, as NumPy's `pad`: `pad(images, [[0, 0], [1, 1], [1, 1], [0,
 * 0]])` is a border of one pixel around images [N,H,W,C].
 * @param widths [before, after] of each axis
 * @param value what the border holds
 */
export function pad(
  x: Tensor,
  widths: readonly (readonly [number, number])[],
  value = 0,
  ...more: never[]
): Tensor {
  takesNoMore('pad', more);
  checkTensor('pad', x);
  checkKind('pad', 'widths', pairs, widths);
  checkKind('pad', 'value', aNumber, value);
  check(
    widths.length === x.shape.length,
    'pad',
    () => `${widths.length} pairs of widths for the ${x.shape.length} axes of ${formatShape(x.shape)}`,
  );
  const begin = widths.map(([before]) => before);
  const shape = x.shape.map((length, axis) => begin[axis]! + length + widths[axis]![1]);
  checkSize('pad', shape);
  const end = x.shape.map((length, axis) => begin[axis]! + length);
  return scope(() => {
    const padded = operation({
      name: 'pad',
      inputs: [x],
      handle: x.backend.embed(x, begin, shape),
      shape,
      backward: (g) => [slice(g, begin, end)],
    });
    if (value === 0) return padded;
    const inside = ones(x.shape, { backend: x.backend });
    return where(fromHandle(x.backend, x.backend.embed(inside, begin, shape), shape), padded, value);
  });
}
