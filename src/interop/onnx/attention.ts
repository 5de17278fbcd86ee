// Attention on spikes in ONNX: the pixels of each head side by side, then two products of matrices.

import type { InferenceStep } from '../inference/graph';
import type { OnnxGraph } from './model';

/** scale·v·kᵀ·q of [M,3·C,H,W], each head by itself, to [M,C,H,W]. */
export function attentionNodes(
  onnx: OnnxGraph,
  { name, heads, scale, shape }: Extract<InferenceStep, { kind: 'attention' }>,
  x: string,
): void {
  const [channels, height, width] = shape as [number, number, number];
  const apart = onnx.integers(`${name}_apart`, [-1, 3 * heads, channels / heads, height * width]);
  onnx.node('Reshape', [x, apart], [`${name}_heads`]);
  const [q, k, v] = ['q', 'k', 'v'].map((part) => `${name}_${part}`) as [string, string, string];
  onnx.node('Split', [`${name}_heads`], [q, k, v], { axis: 1 });
  onnx.node('Transpose', [k], [`${k}_turned`], { perm: [0, 1, 3, 2] });
  onnx.node('MatMul', [v, `${k}_turned`], [`${name}_met`]);
  onnx.node('MatMul', [`${name}_met`, q], [`${name}_counted`]);
  const factor = onnx.floats(`${name}_scale`, Float32Array.of(scale), [1]);
  onnx.node('Mul', [`${name}_counted`, factor], [`${name}_scaled`]);
  const together = onnx.integers(`${name}_together`, [-1, channels, height, width]);
  onnx.node('Reshape', [`${name}_scaled`, together], [name]);
}
