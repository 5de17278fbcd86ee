// Neurons of equations by gpu.js's kernels alone: one output a kernel, whose thread of step t walks through the steps before
// it again; backward through those behind it, with the states before every step, which are found first. For devices whose
// kernels have one output; twin of wgsl.ts.

import { arrange, type Kind } from '../../../neurons/wgsl/arrays';
import { lowered } from '../../../neurons/wgsl/lower';
import type { Dialect } from '../../../neurons/wgsl/statements';
import type { Operand } from '../../backend';
import type { Shape } from '../../shape';
import { type Driver, type JsKernel, jsKernel } from '../driver';
import { type GpuHandle, view } from '../handle';
import type { Reads, Runner } from '.';
import { given, joinArrays, type Kinds, ROOM } from './join';
import { backwardBody, forwardBody } from './twin-bodies';

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

export function twinRunner(driver: Driver): Runner {
  const kernels = new Map<string, JsKernel<string, string>>();

  /** Runs a kernel for each of the arrays that come out. */
  function stage(
    name: string,
    kinds: Kinds,
    { x, sequence }: Reads,
    writes: readonly string[],
    bodyOf: (write: string, joined: ReadonlySet<Kind>, dialect: Dialect) => string,
  ): Record<string, GpuHandle> {
    const { steps, rows, channels } = sequence;
    const counts = kinds.map(([kind, operands]) => [kind, given(operands).length] as const);
    const { joined } = arrange(counts, writes.slice(0, 1), ROOM);
    const prepared = writes.map((write) => {
      const numbers = new Map<number, string>();
      const body = bodyOf(write, joined, dialectOf(numbers));
      const scalars = Object.fromEntries([...numbers].map(([value, key]) => [key, value]));
      return { write, body, scalars };
    });
    const { arrays, own } = joinArrays(driver, kinds, joined);
    const shapes: Readonly<Record<Kind, Shape>> = {
      parameters: [-1],
      planes: [-1, rows, channels],
      states: [-1, rows, channels],
      gradients: [-1, rows, channels],
    };
    const views: Record<string, Operand> = { x: view(x, [steps, rows, channels]) };
    for (const [key, { handle }] of Object.entries(arrays)) {
      const shape = shapes[key.replace(/\d+$/, '') as Kind];
      const inner = shape.slice(1).reduce((a, b) => a * b, 1);
      views[key] = view({ handle }, [handle.size / inner, ...shape.slice(1)]);
    }
    const results = prepared.map(({ write, body, scalars }) => {
      const key = `${Object.keys(views)} ${body}`;
      const types = Object.fromEntries(Object.keys(scalars).map((scalar) => [scalar, 'float' as const]));
      const kernel =
        kernels.get(key) ??
        jsKernel(
          name,
          {
            arrays: Object.keys(views),
            scalars: { steps: 'integer', channels: 'integer', ...types },
          },
          body,
        );
      kernels.set(key, kernel);
      const isSequence = /^(dx|outputs|states)/.test(write);
      return driver.js(kernel, {
        arrays: views,
        scalars: { steps, channels, ...scalars },
        output: isSequence ? [steps, rows, channels] : [rows, channels],
      });
    });
    for (const handle of own) driver.free(handle);
    return Object.fromEntries(writes.map((write, k) => [write, results[k]!]));
  }

  return (direction, model, reads, writes) => {
    const neuron = lowered(model);
    const { parameters, initial, gOutput, gLast } = reads;
    const start: Kinds = [
      ['parameters', parameters],
      ['planes', initial],
    ];
    const starts = isGiven(initial);
    const forward = (names: readonly string[]) =>
      stage('scan', start, reads, names, (write, joined, dialect) =>
        forwardBody(neuron, { joined, planes: starts, gradients: [] }, write, dialect),
      );
    if (direction === 'forward') return forward(writes);
    const states = forward(model.states.map((_, k) => `states${k}`));
    const operands = Object.values(states).map((handle) => ({ handle, shape: [handle.size] }));
    const end: Kinds = [
      ['parameters', parameters],
      ['planes', gLast],
      ['states', operands],
      ['gradients', gOutput],
    ];
    const around = { planes: isGiven(gLast), gradients: isGiven(gOutput) };
    const results = stage('scanGradient', end, reads, writes, (write, joined, dialect) =>
      backwardBody(neuron, { joined, ...around }, write, dialect),
    );
    for (const { handle } of operands) driver.free(handle);
    return results;
  };
}

const isGiven = (operands: readonly unknown[]): boolean[] => operands.map((operand) => operand !== undefined);
