// What a way to convolve gives. Two have it: implicit.ts and columns.ts.

import type { Operand } from '../../backend';
import type { ConvGeometry } from '../../geometry';
import type { GpuHandle } from '../handle';

export interface ConvolutionWay {
  /** y = x * w, [N,OH,OW,F] */
  conv2d(x: Operand, weight: Operand, g: ConvGeometry): GpuHandle;
  /** [N,H,W,C] */
  inputGradient(gradient: Operand, weight: Operand, g: ConvGeometry): GpuHandle;
  /** [kh,kw,C,F] */
  weightGradient(x: Operand, gradient: Operand, g: ConvGeometry): GpuHandle;
}
