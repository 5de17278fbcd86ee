// A neuron forward over all time steps. Its input is rarely computed before it: what a tdBN, a residual sum or both
// say of themselves goes into the module as coefficients and branches. For backward nothing is kept but that same
// input.

import { compileForward, type ForwardForm, type InputForm, type StepGraph } from '../../../neurons/wasm';
import type { Operand, ScanOperands } from '../../backend';
import { entire, image, imageIfKept } from '../argument';
import type { ImageLayout } from '../buffer';
import type { Engine } from '../engine';
import type { WasmHandle } from '../handle';
import { Bits } from '../values/bits';
import { type ArgumentNames, Arguments } from './arguments';
import { callsOf, type Moves } from './call';
import { currentOf, plainCurrent } from './current';
import type { Modules } from './modules';
import { workOf } from './work';

/** A neuron that modules can be made of: its step, and which of its outputs are spikes. */
export interface Compilable {
  readonly graph: StepGraph;
  readonly names: ArgumentNames;
  readonly binary: readonly boolean[];
  /** Whether some of its parameters belong to channels. */
  readonly byChannel: boolean;
}

/** States or their gradients, one plane an image; absent ones are left out. */
export function putStates(
  engine: Engine,
  args: Arguments,
  names: readonly string[],
  operands: readonly (Operand | undefined)[],
  layout: ImageLayout,
): void {
  for (let k = 0; k < operands.length; k++) {
    const operand = operands[k];
    if (operand !== undefined) args.put(names[k]!, image(engine.dense(operand), layout));
  }
}

/** How arguments of both directions move with a portion. */
export function movesOf({ parameters }: StepGraph, input: ForwardForm['input'], bits: readonly string[]) {
  const channels = new Set(['a', 'b', 'a2', 'b2', 'mean']);
  for (const { leaf } of parameters) if (leaf.rate === 'channel') channels.add(leaf.name);
  const fixed = new Set(['scratch']);
  for (const { leaf } of parameters) if (leaf.rate === 'layer') fixed.add(leaf.name);
  const packed = new Set(bits);
  if (input.beside === 'spikes') packed.add('beside');
  return (name: string): Moves => {
    if (fixed.has(name) || name.endsWith(' pitch')) return 'no';
    if (channels.has(name)) return 'channels';
    return packed.has(name) ? 'bits' : 'floats';
  };
}

/** A form's input as a part of a key. */
export const inputKey = ({ affine, beside, branchAffine }: InputForm): string =>
  affine ? (branchAffine ? `a${beside}a` : `a${beside}`) : branchAffine ? `${beside}a` : beside;

/** Which of these are there, as a part of a key. */
export function presence(operands: readonly unknown[]): string {
  let key = '';
  for (const operand of operands) key += operand === undefined ? '-' : '+';
  return key;
}

/** Learnable parameters. */
export function putParameters(
  engine: Engine,
  args: Arguments,
  { parameter }: ArgumentNames,
  operands: readonly Operand[],
): void {
  for (let k = 0; k < operands.length; k++) args.put(parameter[k]!, entire(engine.dense(operands[k]!)));
}

export function scanForward(
  engine: Engine,
  modules: Modules,
  { graph, names, binary, byChannel }: Compilable,
  { x, initial, parameters }: ScanOperands,
): { readonly outputs: WasmHandle[]; readonly last: WasmHandle[] } {
  const { size } = x.handle;
  const work = workOf(x.shape, byChannel);
  const { images, grouped, layouts } = work;
  const args = new Arguments();
  const { form: input } = (grouped ? currentOf : plainCurrent)(engine, x.handle, images, args);
  const key = `${work.key}> ${inputKey(input)} ${presence(initial)}`;
  const sweep = modules.sweep(graph, key, () => {
    const form: ForwardForm = {
      input,
      initial: initial.map((operand) => operand !== undefined),
      bits: binary.map((isSpike) => isSpike && grouped),
    };
    const packed = names.output.filter((_, i) => form.bits[i]);
    return {
      compiled: compileForward(graph, form, modules.flavour, work.parts),
      moves: movesOf(graph, input, packed),
    };
  });

  putParameters(engine, args, names, parameters);
  putStates(engine, args, names.initial, initial, layouts.state);
  const last = names.final.map((name) => {
    const { handle, buffer } = engine.out(size / x.shape[0]!);
    args.put(name, imageIfKept(buffer, layouts.state));
    return handle;
  });
  const outputs = names.output.map((name, i) => {
    if (!(binary[i] && grouped)) {
      const { handle, buffer } = engine.out(size, binary[i]);
      args.putPlanes(name, engine.write(buffer, layouts.dense));
      return handle;
    }
    const buffer = engine.buffer(size / 8);
    args.putPlanes(name, engine.write(buffer, layouts.bits));
    return engine.lazy(size, new Bits(buffer, images.width, images.channels), true);
  });
  engine.scheduler.schedule(images.images, callsOf(sweep, work, args));
  return { outputs, last };
}
