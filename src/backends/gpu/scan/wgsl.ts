// Neurons of equations in WGSL: binds what neurons/wgsl reads and writes, in as few dispatches as a device's bindings allow.

import type { NeuronModel } from '../../../neurons';
import { arrange } from '../../../neurons/wgsl/arrays';
import {
  backwardKernel,
  forwardKernel,
  keepsInArray,
  type Run,
  scalars,
  THREADS,
} from '../../../neurons/wgsl/kernels';
import { type Lowered, lowered } from '../../../neurons/wgsl/lower';
import { type Driver, fold, mathematics, type WgslKernel, wgslKernel } from '../driver';
import type { GpuHandle } from '../handle';
import type { Runner } from '.';
import { given, joinArrays, type Kinds, ROOM } from './join';

type Kernel = WgslKernel<string, string, keyof typeof scalars>;
const arraysOf = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 'f32']));

export function wgslRunner(driver: Driver): Runner {
  /** By text: neurons of the same equations and numbers share kernels. */
  const kernels = new Map<string, Kernel>();
  const texts = new WeakMap<NeuronModel, Map<string, string>>();

  function kernelOf(neuron: Lowered, direction: 'forward' | 'backward', run: Run, arrays: Arrays): Kernel {
    const known = texts.get(neuron.model) ?? new Map<string, string>();
    texts.set(neuron.model, known);
    const { initial, gOutput, gLast, joined, writes, steps } = run;
    // forward serves any number of steps
    const key = JSON.stringify([
      direction,
      initial,
      gOutput,
      gLast,
      [...joined],
      writes,
      direction === 'forward' || steps,
    ]);
    const text = known.get(key) ?? (direction === 'forward' ? forwardKernel : backwardKernel)(neuron, run);
    known.set(key, text);
    const id = `${arrays.inputs} ${arrays.outputs} ${text}`;
    const kernel =
      kernels.get(id) ?? makeKernel(direction === 'forward' ? 'scan' : 'scanGradient', arrays, text);
    kernels.set(id, kernel);
    return kernel;
  }

  return (direction, model, reads, writes) => {
    const { x, sequence, parameters, initial, gOutput, gLast } = reads;
    const { steps, size, channels } = sequence;
    const neuron = lowered(model);
    const kept = direction === 'backward' && keepsInArray(neuron, steps) ? ['kept'] : [];
    const kinds: Kinds = [
      ['parameters', parameters],
      ['planes', [...initial, ...gLast]],
      ['gradients', gOutput],
    ];
    const counts = kinds.map(([kind, operands]) => [kind, given(operands).length] as const);
    const { joined, runs } = arrange(counts, writes, ROOM - kept.length);
    const isGiven = (operands: readonly unknown[]) => operands.map((operand) => operand !== undefined);
    const around = {
      joined,
      steps,
      initial: isGiven(initial),
      gOutput: isGiven(gOutput),
      gLast: isGiven(gLast),
    };
    const sizeOf = (name: string): number => {
      if (name === 'kept') return steps * model.states.length * size;
      return name === 'dx' || name.startsWith('outputs') ? steps * size : size;
    };
    const prepared = runs.map((list) => ({ list: [...list, ...kept], run: { ...around, writes: list } }));
    const { arrays, own } = joinArrays(driver, kinds, joined);
    const inputs = { x, ...arrays };
    const groups = fold(Math.ceil(size / THREADS));
    const results: Record<string, GpuHandle> = {};
    for (const { list, run } of prepared) {
      const kernel = kernelOf(neuron, direction, run, { inputs: Object.keys(inputs), outputs: list });
      const outputs = Object.fromEntries(list.map((name) => [name, sizeOf(name)]));
      const limits = { infinity: Number.POSITIVE_INFINITY, nan: Number.NaN };
      const scalars = { size, steps, channels, across: groups[0], ...limits };
      const { kept: states, ...made } = driver.wgsl(kernel, { inputs, outputs, scalars, groups });
      if (states !== undefined) driver.free(states);
      Object.assign(results, made);
    }
    for (const handle of own) driver.free(handle);
    return results;
  };
}

interface Arrays {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

function makeKernel(name: string, { inputs, outputs }: Arrays, text: string): Kernel {
  const operands = { inputs: arraysOf(inputs), outputs: arraysOf(outputs), scalars };
  return wgslKernel(name, operands, `${mathematics('wgsl', text)}\n${text}`);
}
