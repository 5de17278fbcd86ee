// A neuron forward over all time steps. Its input is rarely computed before it: what a tdBN, a residual sum or both
// say of themselves goes into the module as coefficients and branches. For backward nothing is kept but that same
// input.

import { compileForward, type ForwardForm, type StepGraph } from '../../../neurons/wasm';
import type { Operand, ScanOperands } from '../../backend';
import { type Address, image, imageIfKept, whole } from '../argument';
import type { Engine } from '../engine';
import type { WasmHandle } from '../handle';
import { bitLayout, denseLayout } from '../images';
import { Bits } from '../values/bits';
import { callsOf, type Moves } from './call';
import { type Arguments, currentOf, plainCurrent, planesAs } from './current';
import type { Modules } from './modules';
import { workOf } from './work';

/** A neuron that modules can be made of: its step, and which of its outputs are spikes. */
export interface Compilable {
  readonly graph: StepGraph;
  readonly binary: readonly boolean[];
}

/** Whether some of its parameters belong to channels. */
export const isByChannel = ({ parameters }: StepGraph): boolean =>
  parameters.some(({ leaf }) => leaf.rate === 'channel');

/** States or their gradients, one plane an image, by a name in front of the state's; absent ones are left out. */
export function statePlanes(
  engine: Engine,
  { states }: StepGraph,
  prefix: string,
  operands: readonly (Operand | undefined)[],
  images: ReturnType<typeof workOf>['images'],
): Arguments {
  const layout = denseLayout({ ...images, times: 1 });
  const entries = states.flatMap(({ name }, k): [string, Address][] => {
    const operand = operands[k];
    return operand === undefined ? [] : [[`${prefix} ${name}`, image(engine.dense(operand), layout)]];
  });
  return Object.fromEntries(entries);
}

/** How arguments of both directions move with a share. */
export function movesOf({ parameters }: StepGraph, input: ForwardForm['input'], bits: readonly string[]) {
  const channels = new Set(['a', 'b', 'a2', 'b2', 'mean']);
  for (const { leaf } of parameters) if (leaf.rate === 'channel') channels.add(leaf.name);
  const fixed = new Set(['table', 'rows', 'width', 'pixel', 'groups', 'steps', 'scratch']);
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
export const inputKey = ({ affine, beside, branchAffine }: ForwardForm['input']) =>
  `${affine} ${beside} ${branchAffine}`;

/** Learnable parameters, as their leaves are named. */
export function parameterLists(
  engine: Engine,
  { parameters }: StepGraph,
  operands: readonly Operand[],
): Arguments {
  return Object.fromEntries(parameters.map(({ leaf }, k) => [leaf.name, whole(engine.dense(operands[k]!))]));
}

export function scanForward(
  engine: Engine,
  modules: Modules,
  { graph, binary }: Compilable,
  { x, initial, parameters }: ScanOperands,
): { readonly outputs: WasmHandle[]; readonly last: WasmHandle[] } {
  const { size } = x.handle;
  const work = workOf(x.shape, isByChannel(graph));
  const { images, grouped } = work;
  const current = (grouped ? currentOf : plainCurrent)(engine, x.handle, images);
  const form: ForwardForm = {
    input: current.form,
    initial: initial.map((operand) => operand !== undefined),
    bits: binary.map((isSpike) => isSpike && grouped),
  };
  const { flavour } = modules;
  const key = `forward ${inputKey(form.input)} ${form.initial} ${form.bits} ${work.pieces}`;
  const sweep = modules.sweep(graph, key, () => {
    const packed = graph.outputs.flatMap(({ name }, i) => (form.bits[i] ? [`output ${name}`] : []));
    return {
      compiled: compileForward(graph, form, flavour, work.parts),
      moves: movesOf(graph, form.input, packed),
    };
  });

  const args: Record<string, Address> = {
    ...current.args,
    ...parameterLists(engine, graph, parameters),
    ...statePlanes(engine, graph, 'initial', initial, images),
  };
  const last = graph.states.map(({ name }) => {
    const { handle, buffer } = engine.out(size / x.shape[0]!);
    args[`final ${name}`] = imageIfKept(buffer, denseLayout({ ...images, times: 1 }));
    return handle;
  });
  const outputs = graph.outputs.map(({ name }, i) => {
    if (!form.bits[i]) {
      const { handle, buffer } = engine.out(size, binary[i]);
      Object.assign(args, planesAs(`output ${name}`, engine.write(buffer, denseLayout(images))));
      return handle;
    }
    const buffer = engine.buffer(size / 8);
    Object.assign(args, planesAs(`output ${name}`, engine.write(buffer, bitLayout(images))));
    return engine.lazy(size, new Bits(buffer, images.width, images.channels), true);
  });
  engine.scheduler.schedule(images.images, callsOf(sweep, 'forward', work, args));
  return { outputs, last };
}
