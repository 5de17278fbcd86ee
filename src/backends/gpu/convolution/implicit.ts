// Convolution without columns: the forward product, the input gradient as products over the gradient's windows, and the
// weight gradient's split sum. On WebGPU only: the kernels share memory within a workgroup.
//
// dx[y] = Σ_ky dy[(y + p - ky) / s]·w[ky] over the taps for which the division comes out even. Pixels with the same
// remainder r = (y + p) mod s have the taps ky = r + s·j, so that (y + p - ky) / s = (y + p - r) / s - j: a window of
// stride 1 over dy, its taps in reverse. One product for each of the s² remainders does the work of the forward
// convolution, no more.

import type { Operand } from '../../backend';
import type { ConvGeometry } from '../../geometry';
import { type Driver, jsKernel } from '../driver';
import { type GpuHandle, view } from '../handle';
import type { ConvolutionWay } from './kernels';
import { splitProduct } from './split-product';
import { windowsProduct } from './windows-product';

export function implicitConvolution(driver: Driver): ConvolutionWay {
  return {
    conv2d: (x, weight, g) => forward(driver, x, weight, g),
    inputGradient: (gradient, weight, g) => inputGradient(driver, gradient, weight, g),
    weightGradient: (x, gradient, g) => splitProduct(driver, x, gradient, g),
  };
}

function forward(driver: Driver, x: Operand, weight: Operand, g: ConvGeometry): GpuHandle {
  const { batch, height, width, channels, outHeight, outWidth, filters } = g;
  const y = driver.allocate('conv2d', batch * outHeight * outWidth * filters);
  const windows = {
    batch,
    gridHeight: outHeight,
    gridWidth: outWidth,
    source: { height, width, channels },
    taps: { down: g.kernelHeight, across: g.kernelWidth },
    step: g.stride,
    offset: { y: -g.padding, x: -g.padding },
    target: { height: outHeight, width: outWidth, step: 1, y: 0, x: 0 },
  };
  windowsProduct(driver, x, weight, filters, windows, y);
  return y;
}

/** Every stride-th tap from the last on, both ways, channels and filters exchanged: [taps, F, C]. */
const turnedKernel = jsKernel(
  'conv2dInputGradient',
  {
    arrays: ['weight'],
    scalars: {
      across: 'integer',
      lastY: 'integer',
      lastX: 'integer',
      kernelWidth: 'integer',
      stride: 'integer',
    },
  },
  `const down = Math.floor((this.thread.z + 0.5) / across);
  const ky = lastY - down * stride;
  const kx = lastX - (this.thread.z - down * across) * stride;
  return weight[ky * kernelWidth + kx][this.thread.x][this.thread.y];`,
);

/** Along one axis: the pixels whose windows have remainder r, and their taps. */
function phaseOf(r: number, length: number, kernel: number, { stride, padding }: ConvGeometry) {
  const begin = (((r - padding) % stride) + stride) % stride;
  const count = Math.max(0, Math.ceil((length - begin) / stride));
  const taps = Math.max(0, Math.ceil((kernel - r) / stride));
  return {
    begin,
    count,
    taps,
    last: r + stride * (taps - 1),
    offset: (begin + padding - r) / stride - taps + 1,
  };
}

function inputGradient(driver: Driver, gradient: Operand, weight: Operand, g: ConvGeometry): GpuHandle {
  const { batch, height, width, channels, kernelHeight, kernelWidth, stride, filters } = g;
  const dx = driver.allocate('conv2dInputGradient', batch * height * width * channels);
  for (let r = 0; r < stride; r++) {
    const down = phaseOf(r, height, kernelHeight, g);
    for (let q = 0; q < stride; q++) {
      const across = phaseOf(q, width, kernelWidth, g);
      const turned = driver.js(turnedKernel, {
        arrays: { weight: view(weight, [kernelHeight * kernelWidth, channels, filters]) },
        scalars: { across: across.taps, lastY: down.last, lastX: across.last, kernelWidth, stride },
        output: [down.taps * across.taps, filters, channels],
      });
      const windows = {
        batch,
        gridHeight: down.count,
        gridWidth: across.count,
        source: { height: g.outHeight, width: g.outWidth, channels: filters },
        taps: { down: down.taps, across: across.taps },
        step: 1,
        offset: { y: down.offset, x: across.offset },
        target: { height, width, step: stride, y: down.begin, x: across.begin },
      };
      windowsProduct(driver, gradient, { handle: turned }, channels, windows, dx);
      driver.free(turned);
    }
  }
  return dx;
}
