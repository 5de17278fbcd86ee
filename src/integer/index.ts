// Inference in integers: what is loaded with the library. The rest comes when it is used.

import type { Module } from '../nn/module';
import { bytesKind, checkKind, instance } from '../options';
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

/**
 * A compiled network as a file: safetensors with its integers and the plan that says how they are used, with how
 * keep·V is rounded. Half the size of the network in f32 with weights of 16 bits, a quarter with 8.
 * @throws where a layer is none of integers: `report()` says which
 */
export async function encodeCompiled(network: CompiledNetwork): Promise<Uint8Array<ArrayBuffer>> {
  const [{ encode }, { CompiledNetwork: Compiled }] = await Promise.all([
    import('./encode'),
    import('./network'),
  ]);
  checkKind('encodeCompiled', 'network', instance(Compiled, 'what compile() makes'), network);
  return encode(network);
}

/**
 * Reads such a file, and proves anew that no sum in it can leave its bits. It runs on the backend that `init` chose.
 * @throws naming the tensor or the step, where the file is not what it says
 */
export async function decodeCompiled(bytes: Uint8Array | ArrayBuffer): Promise<CompiledNetwork> {
  checkKind('decodeCompiled', 'bytes', bytesKind, bytes);
  const { decode } = await import('./decode');
  return decode(bytes);
}
