// The spiking neuron over all time steps: its equations, compiled; or, with functions that only JavaScript can call, the plain
// loops of the reference backend.

import type { Handle, NeuronKernels, NeuronSpec, Operand } from '../../backend';
import type { Engine } from '../engine';
import type { Reference } from '../reference';
import { compilable } from '../scan';
import { scanBackward } from '../scan/backward';
import { type Compilable, scanForward } from '../scan/forward';
import type { Modules } from '../scan/modules';
import { modelOf } from './model';
import { tellOfOwn } from './own-functions';

export function neuronKernels(engine: Engine, reference: Reference, modules: Modules): NeuronKernels {
  function compiled(spec: NeuronSpec, { handle }: Operand): Compilable | undefined {
    const model = handle.size > 0 ? modelOf(spec) : undefined;
    return model && compilable(model);
  }

  return {
    neuron(x, initial, spec) {
      const steps = compiled(spec, x);
      if (steps !== undefined) {
        const saved = [x, ...(initial === undefined ? [] : [initial])].map(({ handle }) =>
          engine.alias(handle),
        );
        const { outputs, last } = scanForward(engine, modules, steps, {
          x,
          initial: [initial],
          parameters: [],
        });
        return { spikes: outputs[0]!, carried: last[0]!, saved };
      }
      tellOfOwn(spec);
      const [input, start] = reference.operands(initial === undefined ? [x] : [x, initial]);
      const result = reference.run(`neuron(${nameOf(spec)})`, (cpu) => cpu.neuron(input!, start, spec));
      return {
        spikes: reference.adopt(result.spikes),
        carried: reference.adopt(result.carried),
        saved: result.saved.map((handle) => reference.adopt(handle)),
      };
    },

    neuronGradient(gradient, carriedGradient, saved, spec) {
      const steps = compiled(spec, gradient);
      if (steps !== undefined) {
        const { shape } = gradient;
        const [x, v0] = saved as [Handle, Handle?];
        const operands = {
          x: { handle: x, shape },
          initial: [v0 && { handle: v0, shape: shape.slice(1) }],
          parameters: [],
        };
        const gradients = { outputs: [gradient], last: [carriedGradient] };
        const back = scanBackward(engine, modules, steps, operands, gradients, [true]);
        return { x: back.x, initial: back.initial[0]! };
      }
      const charged = saved.map((handle) => ({ handle, shape: [handle.size] }));
      const given = carriedGradient === undefined ? [gradient] : [gradient, carriedGradient];
      const operands = reference.operands([...charged, ...given]);
      const [g, v] = operands.slice(charged.length);
      const handles = operands.slice(0, charged.length).map(({ handle }) => handle);
      const back = reference.run(`neuronGradient(${nameOf(spec)})`, (cpu) =>
        cpu.neuronGradient(g!, v, handles, spec),
      );
      return { x: reference.adopt(back.x), initial: reference.adopt(back.initial) };
    },
  };
}

/** The functions of a neuron that only JavaScript can call. */
function nameOf({ rectifier, surrogate }: NeuronSpec): string {
  return [rectifier?.name, surrogate.name].filter((name) => name !== undefined).join(', ');
}
