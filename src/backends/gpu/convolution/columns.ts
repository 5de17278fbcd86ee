// Convolution as im2col and a matrix product, by gpu.js kernels:
//   y = columns(x)·w,   dw = Σ columns(x)ᵀ·dy,   dx = columns⁻ᵀ(dy·wᵀ).
// Columns take kh·kw times the room of their image. Where they would not fit the adapter's largest buffer the batch is
// halved, and the halves are put together.

import type { Operand } from '../../backend';
import type { ConvGeometry } from '../../geometry';
import { sizeOf } from '../../shape';
import type { Driver } from '../driver';
import { elementwiseKernels } from '../elementwise';
import { type GpuHandle, view } from '../handle';
import { matmul } from '../matmul';
import { movementKernels } from '../movement';
import { reduceAxis } from '../reduce';
import { col2im, im2col, rowLength } from '../windows';
import type { ConvolutionWay } from './kernels';

/** Terms that one sum of the weight gradient has before its results are summed in turn. */
const LONGEST = 4096;

/** @param largest bytes that the columns of one product may take */
export function columnConvolution(driver: Driver, largest = driver.limit): ConvolutionWay {
  const { slice, concat } = movementKernels(driver);
  const { binary } = elementwiseKernels(driver);

  const fits = (g: ConvGeometry) =>
    g.batch <= 1 || 4 * g.batch * g.outHeight * g.outWidth * rowLength(g) <= largest;

  /** The results of both halves of the batch, of which `operands` have their parts. */
  function halves(
    g: ConvGeometry,
    operands: readonly Operand[],
    compute: (operands: readonly Operand[], g: ConvGeometry) => GpuHandle,
    join: (first: GpuHandle, second: GpuHandle) => GpuHandle,
  ): GpuHandle {
    const middle = Math.floor(g.batch / 2);
    const part = (begin: number, batch: number) => {
      const own = operands.map((x) => {
        const rest = x.handle.size / g.batch;
        const shape = [batch, rest];
        return { handle: slice(view(x, [g.batch, rest]), [begin, 0], shape), shape };
      });
      const result = compute(own, { ...g, batch });
      for (const { handle } of own) driver.free(handle);
      return result;
    };
    const [first, second] = [part(0, middle), part(middle, g.batch - middle)];
    const whole = join(first, second);
    driver.free(first);
    driver.free(second);
    return whole;
  }

  const behind = (first: GpuHandle, second: GpuHandle) =>
    concat([view({ handle: first }, [first.size]), view({ handle: second }, [second.size])], 0) as GpuHandle;

  const added = (first: GpuHandle, second: GpuHandle) => {
    const shape = [first.size];
    return binary('add', view({ handle: first }, shape), view({ handle: second }, shape), shape) as GpuHandle;
  };

  function conv2d(x: Operand, weight: Operand, g: ConvGeometry): GpuHandle {
    if (!fits(g)) return halves(g, [x], ([part], half) => conv2d(part!, weight, half), behind);
    const shape = [g.batch * g.outHeight * g.outWidth, rowLength(g)];
    const columns = im2col(driver, x, g);
    const y = matmul(
      driver,
      { handle: columns, shape },
      view(weight, [shape[1]!, g.filters]),
      { transposeA: false, transposeB: false },
      [shape[0]!, g.filters],
    );
    driver.free(columns);
    return y;
  }

  function inputGradient(gradient: Operand, weight: Operand, g: ConvGeometry): GpuHandle {
    if (!fits(g)) return halves(g, [gradient], ([dy], half) => inputGradient(dy!, weight, half), behind);
    const shape = [g.batch * g.outHeight * g.outWidth, rowLength(g)];
    const columns = matmul(
      driver,
      view(gradient, [shape[0]!, g.filters]),
      view(weight, [shape[1]!, g.filters]),
      { transposeA: false, transposeB: true },
      shape,
    );
    const dx = col2im(driver, { handle: columns, shape }, g);
    driver.free(columns);
    return dx;
  }

  function weightGradient(x: Operand, gradient: Operand, g: ConvGeometry): GpuHandle {
    if (!fits(g)) {
      return halves(g, [x, gradient], ([part, dy], half) => weightGradient(part!, dy!, half), added);
    }
    const [row, windows] = [rowLength(g), g.outHeight * g.outWidth];
    const parts = partsOf(g.batch, windows);
    const terms = (g.batch / parts) * windows;
    const columns = im2col(driver, x, g);
    const each = [parts, row, g.filters];
    const products = matmul(
      driver,
      { handle: columns, shape: [parts, terms, row] },
      view(gradient, [parts, terms, g.filters]),
      { transposeA: true, transposeB: false },
      each,
    );
    driver.free(columns);
    if (parts === 1 || sizeOf(each) === 0) return products;
    const sums = reduceAxis(driver, 'sum', { handle: products, shape: each }, [1, parts, row * g.filters]);
    driver.free(products);
    return sums;
  }

  return { conv2d, inputGradient, weightGradient };
}

/** Into how many equal parts a batch falls so that none has more than LONGEST windows, or one image. */
export function partsOf(batch: number, windows: number): number {
  let parts = Math.max(1, Math.min(batch, Math.ceil((batch * windows) / LONGEST)));
  while (batch % parts !== 0) parts++;
  return parts;
}
