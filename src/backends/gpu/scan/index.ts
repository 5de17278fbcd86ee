// Functions by their formulas; neurons of equations over all T steps: one dispatch forward, one backward, and the sums
// of the parameters' gradients. Without WGSL a kernel for each array that comes out.

import { isSpike, learnablesOf, type NeuronModel, outputsOf } from '../../../neurons';
import { functionModel } from '../../../neurons/function-model';
import type { Operand, ScanGradients, ScanKernels, ScanOperands } from '../../backend';
import type { Driver } from '../driver';
import type { GpuHandle } from '../handle';
import { reductionKernels } from '../reduce';
import { twinRunner } from './twin';
import { wgslRunner } from './wgsl';

/** [T,...,C] as [steps, rows, channels]; without other axes there is one neuron. */
export interface ScannedSequence {
  readonly steps: number;
  readonly rows: number;
  readonly channels: number;
  /** Neurons. */
  readonly size: number;
}

/** What a run reads. */
export interface Reads {
  readonly x: Operand;
  readonly sequence: ScannedSequence;
  readonly parameters: readonly Operand[];
  /** Of each state, or undefined. */
  readonly initial: readonly (Operand | undefined)[];
  /** Of each output and last state, or undefined. */
  readonly gOutput: readonly (Operand | undefined)[];
  readonly gLast: readonly (Operand | undefined)[];
}

/** Arrays that come out, by name: outputs0…, last0…; dx, dInitial0…, dParameter0… (one number a neuron). */
export type Runner = (
  direction: 'forward' | 'backward',
  model: NeuronModel,
  reads: Reads,
  writes: readonly string[],
) => Readonly<Record<string, GpuHandle>>;

export function scanKernels(driver: Driver): ScanKernels {
  const run = driver.hasWgsl ? wgslRunner(driver) : twinRunner(driver);
  return scanWith(driver, run);
}

/** The kernels over one of the two ways to run a neuron. */
export function scanWith(driver: Driver, run: Runner): ScanKernels {
  const { reduce } = reductionKernels(driver);

  /** Sums a number a neuron over neurons, or over those of a channel. */
  function total(each: GpuHandle, { rows, channels }: ScannedSequence, isChannel: boolean): GpuHandle {
    const axes = isChannel ? [0] : [0, 1];
    if (each.size === (isChannel ? channels : 1)) return each;
    const sum = reduce('sum', { handle: each, shape: [rows, channels] }, axes);
    driver.free(each);
    return sum as GpuHandle;
  }

  return {
    map(f, which, { handle }) {
      const operands = { x: { handle, shape: [1, handle.size] }, parameters: [], initial: [] };
      const reads = readsOf(operands, { outputs: [], last: [] });
      return run('forward', functionModel(f, which), reads, ['outputs0']).outputs0!;
    },

    scan(model, operands) {
      const values = outputsOf(model);
      const names = { outputs: named('outputs', values), last: named('last', model.states) };
      const reads = readsOf(operands, { outputs: [], last: [] });
      const results = run('forward', model, reads, [...names.outputs, ...names.last]);
      const outputs = names.outputs.map((name) => results[name]!);
      for (const [k, { value }] of values.entries()) outputs[k]!.binary = isSpike(value);
      return { outputs, last: names.last.map((name) => results[name]!) };
    },

    scanGradient(model, operands, gradients) {
      const learnables = learnablesOf(model);
      const names = { initial: named('dInitial', model.states), parameters: named('dParameter', learnables) };
      const reads = readsOf(operands, gradients);
      const initial = names.initial.filter((_, k) => reads.initial[k] !== undefined);
      const results = run('backward', model, reads, ['dx', ...initial, ...names.parameters]);
      return {
        x: results.dx!,
        initial: names.initial.map((name) => results[name]),
        parameters: names.parameters.map((name, k) =>
          total(results[name]!, reads.sequence, learnables[k]!.learnable!.per === 'channel'),
        ),
      };
    },
  };
}

const named = (name: string, list: readonly unknown[]): string[] => list.map((_, k) => `${name}${k}`);

function readsOf({ x, parameters, initial }: ScanOperands, { outputs, last }: ScanGradients): Reads {
  const { shape, handle } = x;
  const steps = shape[0]!;
  const size = steps === 0 ? 0 : handle.size / steps;
  const channels = shape.length > 1 ? shape.at(-1)! : 1;
  const sequence = { steps, size, channels, rows: size === 0 ? 0 : size / channels };
  return { x, sequence, parameters, initial, gOutput: outputs, gLast: last };
}
