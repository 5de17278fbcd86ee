// The neuron in WGSL: one thread runs one neuron through all T steps, with its potential in a register; neighbouring
// threads read neighbouring numbers. Kept for backward is H of every step.

import { functionsAsWgsl, type WgslKernel, wgslKernel } from '../driver';
import {
  backwardStep,
  type Constants,
  carry,
  charge,
  constantTypes,
  fires,
  type NeuronFormulas,
  spread,
  wgsl,
} from './formulas';

/** Threads of a workgroup. */
export const THREADS = 64;

const scalars = { ...constantTypes, size: 'u32', steps: 'u32', across: 'u32' } as const;
type Scalar = keyof Constants | 'size' | 'steps' | 'across';

export type ForwardKernel = WgslKernel<'x' | 'initial', 'spikes' | 'charged' | 'carried', Scalar>;
export type BackwardKernel = WgslKernel<
  'gradient' | 'charged' | 'carriedGradient',
  'dx' | 'dInitial',
  Scalar
>;

/** `before`: from which array v begins; without one it is zero and x, or the gradient, is bound in its place. */
const main = (before: string | undefined, body: string) => `@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group : vec3<u32>, @builtin(local_invocation_index) local : u32) {
  let n = (group.x + group.y * params.across) * ${THREADS}u + local;
  if (n >= params.size) { return; }
  var v = ${before === undefined ? '0.0' : `${before}[n]`};
${body}
}`;

export function forwardKernel(formulas: NeuronFormulas, hasInitial: boolean): ForwardKernel {
  return wgslKernel(
    'neuron',
    {
      inputs: { x: 'f32', initial: 'f32' },
      outputs: { spikes: 'f32', charged: 'f32', carried: 'f32' },
      scalars,
    },
    `${formulas.forward.length === 0 ? '' : functionsAsWgsl('neuron', formulas.forward)}
${main(
  hasInitial ? 'initial' : undefined,
  `  for (var t = 0u; t < params.steps; t++) {
    let i = t * params.size + n;
    let h = ${charge(wgsl, formulas.spec, 'x[i]')};
    charged[i] = h;
    spikes[i] = ${wgsl.choose(fires(wgsl, formulas), '1.0', '0.0')};
    v = ${carry(wgsl, formulas)};
  }
  carried[n] = v;`,
)}`,
  );
}

export function backwardKernel(formulas: NeuronFormulas, hasCarried: boolean): BackwardKernel {
  const { input, carried } = spread(wgsl, formulas.spec);
  return wgslKernel(
    'neuronGradient',
    {
      inputs: { gradient: 'f32', charged: 'f32', carriedGradient: 'f32' },
      outputs: { dx: 'f32', dInitial: 'f32' },
      scalars,
    },
    `${formulas.backward.length === 0 ? '' : functionsAsWgsl('neuronGradient', formulas.backward)}
${main(
  hasCarried ? 'carriedGradient' : undefined,
  `  for (var t = params.steps; t > 0u; t--) {
    let i = (t - 1u) * params.size + n;
    let h = charged[i];
    let g = gradient[i];
    ${backwardStep(wgsl, formulas).replaceAll('\n', '\n    ')}
    dx[i] = ${input};
    v = ${carried};
  }
  dInitial[n] = v;`,
)}`,
  );
}
