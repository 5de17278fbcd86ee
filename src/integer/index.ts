// Inference in integers: what is loaded with the library. The rest comes when it is used.

import type { Module } from '../nn/module';
import type { CompileOptions } from './compile';
import type { CompiledNetwork } from './network';

export type { CompileOptions } from './compile';
export type { CompiledNetwork } from './network';
export type { CompiledReport, IntegerLayerReport, RealLayerReport } from './report';

/**
 * A trained network in integers, for inference: layers that can be (convolutions and linear layers with the norms
 * behind them, pools, sums, LIF, IF and LI neurons) compute sums of integer weights that no input can make too large,
 * which is proved; others stay as they are. Where all are integers the same bits come out on every machine, of any
 * number of threads, in every browser: the same bits everywhere, not the bits of the network that it was made from.
 *
 * `const fast = await compile(network, { weights: 8 })`, then `fast.call(images)`, `evaluate(fast, test)`,
 * `fast.report()`. It computes on the backend that `init` chose, `wasm` fast, others in plain loops.
 * @throws where no layer can be integer, or the shape of an image is not known
 */
export async function compile(network: Module, options: CompileOptions = {}): Promise<CompiledNetwork> {
  const { compileNetwork } = await import('./compile');
  return compileNetwork(network, options);
}
