// Neurons of equations in WGSL: binds what neurons/wgsl reads and writes, in as few dispatches as a device's bindings
// allow.

import {
  backwardKernel,
  forwardKernel,
  type KernelRun,
  keepsInArray,
  scalars,
  THREADS,
} from '../../../neurons/wgsl/kernels';
import { lowered } from '../../../neurons/wgsl/lower';
import { type Driver, fold, mathematics, type WgslKernel, wgslKernel } from '../driver';
import type { GpuHandle } from '../handle';
import type { Runner } from '.';
import { arrangement, isGiven, joinArrays, type Kinds, namesOf, remembered } from './arrays';

type Kernel = WgslKernel<string, string, keyof typeof scalars>;

/** What no language can spell, and a zero that no compiler knows. */
const LIMITS = { infinity: Number.POSITIVE_INFINITY, nan: Number.NaN, zero: 0 };

export function wgslRunner(driver: Driver): Runner {
  /** By text: neurons of the same equations and numbers share kernels. */
  const kernels = new Map<string, Kernel>();
  const known = remembered<Kernel>();

  function kernelOf(
    name: string,
    inputs: readonly string[],
    outputs: readonly string[],
    code: string,
  ): Kernel {
    const key = `${inputs} ${outputs} ${code}`;
    const all = (names: readonly string[]) => Object.fromEntries(names.map((array) => [array, 'f32']));
    const operands = { inputs: all(inputs), outputs: all(outputs), scalars };
    const kernel = kernels.get(key) ?? wgslKernel(name, operands, code);
    kernels.set(key, kernel);
    return kernel;
  }

  return (direction, model, reads, writes) => {
    const { x, sequence, parameters, initial, gOutput, gLast } = reads;
    const { steps, size, channels } = sequence;
    const isForward = direction === 'forward';
    const neuron = lowered(model);
    const kept = !isForward && keepsInArray(neuron, steps) ? ['kept'] : [];
    const kinds: Kinds = [
      ['parameters', parameters],
      ['planes', [...initial, ...gLast]],
      ['gradients', gOutput],
    ];
    const { joined, runs } = arrangement(kinds, writes, kept.length);
    const given = { initial: isGiven(initial), gOutput: isGiven(gOutput), gLast: isGiven(gLast) };
    const inputs = ['x', ...namesOf(kinds, joined)];
    const sizeOf = (name: string): number => {
      if (name === 'kept') return steps * model.states.length * size;
      return name === 'dx' || name.startsWith('outputs') ? steps * size : size;
    };
    // first what may throw, so that no buffer is left behind
    const prepared = runs.map((list) => {
      const run: KernelRun = { ...given, joined, writes: list, steps };
      const outputs = [...list, ...kept];
      // forward serves any number of steps
      const key = JSON.stringify([direction, given, [...joined], list, isForward || steps]);
      const kernel = known(model, key, () => {
        const text = (isForward ? forwardKernel : backwardKernel)(neuron, run);
        const name = isForward ? 'scan' : 'scanGradient';
        return kernelOf(name, inputs, outputs, `${mathematics('wgsl', text)}\n${text}`);
      });
      return { kernel, outputs };
    });
    const { arrays, own } = joinArrays(driver, kinds, joined);
    const groups = fold(Math.ceil(size / THREADS));
    const results: Record<string, GpuHandle> = {};
    for (const { kernel, outputs } of prepared) {
      const { kept: states, ...made } = driver.wgsl(kernel, {
        inputs: { x, ...arrays },
        outputs: Object.fromEntries(outputs.map((name) => [name, sizeOf(name)])),
        scalars: { size, steps, channels, across: groups[0], ...LIMITS },
        groups,
      });
      if (states !== undefined) driver.free(states);
      Object.assign(results, made);
    }
    for (const handle of own) driver.free(handle);
    return results;
  };
}
