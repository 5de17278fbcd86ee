// The neuron by gpu.js's kernels alone: one output a kernel, and the thread of step t walks through the steps before it
// again (backward: those behind it). For devices whose kernels have one output; twin of kernels.ts.

import type { NeuronKernels, NeuronSpec, Operand } from '../../backend';
import { type Driver, type JsKernel, jsKernel } from '../driver';
import { view } from '../handle';
import {
  backwardStep,
  type Constants,
  carry,
  charge,
  constantTypes,
  fires,
  formulasOf,
  javaScript,
  type NeuronFormulas,
  spread,
} from './formulas';

const floats = Object.fromEntries(Object.keys(constantTypes).map((name) => [name, 'float'])) as Record<
  keyof Constants,
  'float'
>;
const scalars = { ...floats, steps: 'integer' } as const;
type Scalar = keyof typeof scalars;
type Kernel<A extends string> = JsKernel<A, Scalar>;

interface TwinKernels {
  readonly charged: Kernel<'x' | 'initial'>;
  readonly spikes: Kernel<'charged'>;
  readonly carried: Kernel<'charged'>;
  readonly dx: Kernel<'gradient' | 'charged' | 'carriedGradient'>;
  readonly dInitial: Kernel<'gradient' | 'charged' | 'carriedGradient'>;
}

function twinKernels(formulas: NeuronFormulas, hasStart: boolean): TwinKernels {
  const { spec, forward, backward } = formulas;
  const at = (array: string, step: string) => `${array}[${step}][this.thread.x]`;
  const start = (array: string) => `let v = ${hasStart ? `${array}[this.thread.x]` : '0'};`;
  const { input, carried } = spread(javaScript, spec);
  /** Backward from the last step; the statements see dh, and v after it. */
  const walkBack = (rounds: string, result: string) => `${start('carriedGradient')}
    let result = v;
    for (let i = 0; i < ${rounds}; i++) {
      const h = ${at('charged', 'steps - 1 - i')};
      const g = ${at('gradient', 'steps - 1 - i')};
      ${backwardStep(javaScript, formulas)}
      v = ${carried};
      result = ${result};
    }
    return result;`;
  const backArrays = ['gradient', 'charged', 'carriedGradient'] as const;
  return {
    charged: jsKernel(
      'neuron',
      { arrays: ['x', 'initial'], scalars },
      `${start('initial')}
      let h = 0;
      for (let i = 0; i <= this.thread.y; i++) {
        h = ${charge(javaScript, spec, at('x', 'i'))};
        v = ${carry(javaScript, formulas)};
      }
      return h;`,
      forward,
    ),
    spikes: jsKernel(
      'neuron',
      { arrays: ['charged'], scalars },
      `const h = ${at('charged', 'this.thread.y')};
      return ${javaScript.choose(fires(javaScript, formulas), '1', '0')};`,
      forward,
    ),
    carried: jsKernel(
      'neuron',
      { arrays: ['charged'], scalars },
      `const h = ${at('charged', 'steps - 1')};
      return ${carry(javaScript, formulas)};`,
      forward,
    ),
    dx: jsKernel(
      'neuronGradient',
      { arrays: backArrays, scalars },
      walkBack('steps - this.thread.y', input),
      backward,
    ),
    dInitial: jsKernel('neuronGradient', { arrays: backArrays, scalars }, walkBack('steps', 'v'), backward),
  };
}

export function neuronTwin(driver: Driver): NeuronKernels {
  const made = new Map<string, TwinKernels>();

  function prepare(where: string, spec: NeuronSpec, hasStart: boolean) {
    const formulas = formulasOf(where, spec);
    const key = `${hasStart} ${formulas.key}`;
    const kernels = made.get(key) ?? twinKernels(formulas, hasStart);
    made.set(key, kernels);
    return { kernels, constants: formulas.constants };
  }

  return {
    neuron(x, initial, spec) {
      const { kernels, constants } = prepare('neuron', spec, initial !== undefined);
      const { steps, size, all } = sizes(x);
      const call = { scalars: { ...constants, steps } };
      const charged = driver.js(kernels.charged, {
        arrays: { x: view(x, all), initial: view(initial ?? x, [size]) },
        output: all,
        ...call,
      });
      const kept = { charged: { handle: charged, shape: all } };
      const spikes = driver.js(kernels.spikes, { arrays: kept, output: all, ...call });
      spikes.binary = true;
      const carried = driver.js(kernels.carried, { arrays: kept, output: [size], ...call });
      return { spikes, carried, saved: [charged] };
    },

    neuronGradient(gradient, carriedGradient, saved, spec) {
      const { kernels, constants } = prepare('neuronGradient', spec, carriedGradient !== undefined);
      const { steps, size, all } = sizes(gradient);
      const call = {
        arrays: {
          gradient: view(gradient, all),
          charged: { handle: saved[0]!, shape: all },
          carriedGradient: view(carriedGradient ?? gradient, [size]),
        },
        scalars: { ...constants, steps },
      };
      return {
        x: driver.js(kernels.dx, { ...call, output: all }),
        initial: driver.js(kernels.dInitial, { ...call, output: [size] }),
      };
    },
  };
}

/** x as [steps, size]. */
export function sizes({ handle, shape }: Operand) {
  const steps = shape[0]!;
  const size = steps === 0 ? 0 : handle.size / steps;
  return { steps, size, all: [steps, size] };
}
