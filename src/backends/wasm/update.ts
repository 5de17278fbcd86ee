// The update of parameters by an optimiser's equations, in place, over all threads: each rule is compiled once.

import type { UpdateRule } from '../../neurons';
import { compileUpdate, UPDATE } from '../../neurons/update/wasm';
import type { UpdateKernels } from '../backend';
import { whole } from './argument';
import type { Buffer } from './buffer';
import type { Engine } from './engine';
import type { Reference } from './reference';
import type { Modules } from './scan/modules';
import type { MadeKernel } from './threads/kernels';

interface MadeUpdate {
  readonly kernel: MadeKernel;
  readonly table: Buffer;
}

export function updateKernels(engine: Engine, reference: Reference, modules: Modules): UpdateKernels {
  const known = new WeakMap<UpdateRule, MadeUpdate | 'loops'>();

  function compiled(rule: UpdateRule): MadeUpdate | 'loops' {
    const found = known.get(rule);
    if (found !== undefined) return found;
    const code = compileUpdate(rule, modules.flavour);
    const made = code && {
      kernel: modules.functions(code.bytes).get(UPDATE)!,
      table: modules.table(code.table, rule),
    };
    known.set(rule, made ?? 'loops');
    return made ?? 'loops';
  }

  return {
    update(rule, { parameter, gradient, states, constants }) {
      const made = compiled(rule);
      const changed = [parameter, ...states].map((operand) => engine.changeable(operand));
      const g = engine.dense(gradient);
      if (made === 'loops') {
        for (const buffer of changed) engine.scheduler.settle(buffer, 'write');
        const [p, slope, ...remembered] = reference.operands([parameter, gradient, ...states]);
        const operands = { parameter: p!, gradient: slope!, states: remembered, constants };
        reference.run('update', (cpu) => cpu.update(rule, operands)); // on views: in place
        return;
      }
      const [p, ...remembered] = changed;
      const { kernel, table } = made;
      engine.flatCalls(parameter.handle.size, (read, write, count) => ({
        kernel,
        when: 'item',
        args: [whole(table), count, write(p!), read(g), ...remembered.map(write), ...constants],
      }));
    },
  };
}
