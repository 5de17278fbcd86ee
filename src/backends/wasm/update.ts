// The update of parameters by an optimiser's equations, in place, over all threads: each rule is compiled once.

import type { UpdateRule } from '../../neurons';
import { compileUpdate, UPDATE } from '../../neurons/update/wasm';
import type { UpdateKernels } from '../backend';
import { entire } from './argument';
import type { Buffer } from './buffer';
import type { Engine } from './engine';
import type { Modules } from './scan/modules';
import type { MadeKernel } from './threads/kernels';

interface MadeUpdate {
  readonly kernel: MadeKernel;
  readonly table: Buffer;
}

export function updateKernels(engine: Engine, modules: Modules): UpdateKernels {
  const known = new WeakMap<UpdateRule, MadeUpdate>();

  function compiled(rule: UpdateRule): MadeUpdate {
    const found = known.get(rule);
    if (found !== undefined) return found;
    const { bytes, table } = compileUpdate(rule, modules.flavour);
    const made = { kernel: modules.functions(bytes).get(UPDATE)!, table: modules.table(table, rule) };
    known.set(rule, made);
    return made;
  }

  return {
    update(rule, { parameter, gradient, states, constants }) {
      const { kernel, table } = compiled(rule);
      const [p, ...remembered] = [parameter, ...states].map((operand) => engine.changeable(operand));
      const g = engine.dense(gradient);
      engine.flatCalls(parameter.handle.size, (read, write, count) => ({
        kernel,
        when: 'item',
        args: [entire(table), count, write(p!), read(g), ...remembered.map(write), ...constants],
      }));
    },
  };
}
