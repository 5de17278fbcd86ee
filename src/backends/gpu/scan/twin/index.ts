// Neurons of equations by gpu.js's kernels alone: one output a kernel, whose thread of step t walks through the steps
// before it again; backward through those behind it, with the states before every step, which are found first. For
// devices whose kernels have one output; twin of wgsl.ts.

import type { NeuronModel } from '../../../../neurons';
import { lowered } from '../../../../neurons/wgsl/lower';
import type { Dialect } from '../../../../neurons/wgsl/statements';
import type { Operand } from '../../../backend';
import { type Driver, type JsKernel, jsKernel } from '../../driver';
import { type GpuHandle, view } from '../../handle';
import type { Reads, Runner } from '..';
import { arrangement, isGiven, joinArrays, type Kinds, namesOf, remembered } from '../arrays';
import { backwardBody, forwardBody, type TwinInputs } from './bodies';

/** Its numbers are scalars: gpu.js takes whole ones for integers, and the languages know no infinity. */
const dialectOf = (numbers: Map<number, string>): Dialect => ({
  number(value) {
    const name = numbers.get(value) ?? `c${numbers.size}`;
    numbers.set(value, name);
    return name;
  },
  select: (condition, yes, no) => `(${condition} ? ${yes} : ${no})`,
  call: (name, argument) => `Math.${name}(${argument})`,
  declare: (name, value) => `const ${name} = ${value};`,
  hasConditions: false,
});

interface Twin {
  readonly kernel: JsKernel<string, string>;
  readonly numbers: Readonly<Record<string, number>>;
}

/** Neurons that differ in their numbers alone share kernels. */
type Kernels = Map<string, Twin['kernel']>;

export function twinRunner(driver: Driver): Runner {
  const kernels: Kernels = new Map();
  const twins = remembered<Twin>();

  /** Runs a kernel for each of the arrays that come out. */
  function stage(
    name: 'scan' | 'scanGradient',
    model: NeuronModel,
    { x, sequence }: Reads,
    writes: readonly string[],
    kinds: Kinds,
    around: Omit<TwinInputs, 'joined'>,
  ): GpuHandle[] {
    const { steps, rows, channels } = sequence;
    const { joined } = arrangement(kinds, writes.slice(0, 1));
    const prepared = writes.map((write) => {
      const key = JSON.stringify([name, write, [...joined], around]);
      return twins(model, key, () => makeTwin(kernels, name, model, write, kinds, { ...around, joined }));
    });
    const { arrays, own } = joinArrays(driver, kinds, joined);
    const views: Record<string, Operand> = { x: view(x, [steps, rows, channels]) };
    for (const [array, operand] of Object.entries(arrays)) {
      const { size } = operand.handle;
      const isFlat = array.startsWith('parameters');
      views[array] = view(operand, isFlat ? [size] : [size / (rows * channels), rows, channels]);
    }
    const results = prepared.map(({ kernel, numbers }, k) =>
      driver.js(kernel, {
        arrays: views,
        scalars: { steps, channels, ...numbers },
        output: /^(dx|outputs|states)/.test(writes[k]!) ? [steps, rows, channels] : [rows, channels],
      }),
    );
    for (const handle of own) driver.free(handle);
    return results;
  }

  return (direction, model, reads, writes) => {
    const { parameters, initial, gOutput, gLast } = reads;
    const given = { planes: isGiven(initial), gradients: [] };
    const start: Kinds = [
      ['parameters', parameters],
      ['planes', initial],
    ];
    const forward = (names: readonly string[]) => stage('scan', model, reads, names, start, given);
    const named = (handles: readonly GpuHandle[]) =>
      Object.fromEntries(handles.map((handle, k) => [writes[k]!, handle]));
    if (direction === 'forward') return named(forward(writes));
    const states = forward(model.states.map((_, k) => `states${k}`));
    const end: Kinds = [
      ['parameters', parameters],
      ['planes', gLast],
      ['states', states.map((handle) => ({ handle, shape: [handle.size] }))],
      ['gradients', gOutput],
    ];
    const around = { planes: isGiven(gLast), gradients: isGiven(gOutput) };
    const results = stage('scanGradient', model, reads, writes, end, around);
    for (const handle of states) driver.free(handle);
    return named(results);
  };
}

function makeTwin(
  kernels: Kernels,
  name: 'scan' | 'scanGradient',
  model: NeuronModel,
  write: string,
  kinds: Kinds,
  given: TwinInputs,
): Twin {
  const names = new Map<number, string>();
  const bodyOf = name === 'scan' ? forwardBody : backwardBody;
  const body = bodyOf(lowered(model), given, write, dialectOf(names));
  const arrays = namesOf(kinds, given.joined);
  const key = `${arrays} ${body}`;
  const floats = Object.fromEntries([...names.values()].map((number) => [number, 'float' as const]));
  const scalars = { steps: 'integer', channels: 'integer', ...floats } as const;
  const kernel = kernels.get(key) ?? jsKernel(name, { arrays: ['x', ...arrays], scalars }, body);
  kernels.set(key, kernel);
  return { kernel, numbers: Object.fromEntries([...names].map(([value, number]) => [number, value])) };
}
