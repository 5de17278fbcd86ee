// The update of parameters: v = momentum·v + g + weightDecay·p; p = p - learningRate·v. In WGSL in place; by gpu.js as
// two kernels whose results take the places of p and v.

import type { Operand, SgdConstants, UpdateKernels } from '../backend';
import { type Driver, fold, jsKernel, wgslKernel } from './driver';
import { view } from './handle';

const THREADS = 64;

const updateKernel = wgslKernel(
  'sgd',
  {
    inputs: { g: 'f32' },
    outputs: { p: 'f32', v: 'f32' },
    scalars: { size: 'u32', across: 'u32', learningRate: 'f32', momentum: 'f32', weightDecay: 'f32' },
  },
  `@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group : vec3<u32>, @builtin(local_invocation_index) local : u32) {
  let i = (group.x + group.y * params.across) * ${THREADS}u + local;
  if (i >= params.size) { return; }
  let velocity = params.momentum * v[i] + g[i] + params.weightDecay * p[i];
  v[i] = velocity;
  p[i] = p[i] - params.learningRate * velocity;
}`,
);

export function sgd(
  driver: Driver,
  parameter: Operand,
  gradient: Operand,
  velocity: Operand,
  { learningRate, momentum, weightDecay }: SgdConstants,
): void {
  const { size } = parameter.handle;
  const groups = fold(Math.ceil(size / THREADS));
  driver.wgsl(updateKernel, {
    inputs: { g: gradient },
    outputs: { p: parameter, v: velocity },
    scalars: { size, across: groups[0], learningRate, momentum, weightDecay },
    groups,
  });
}

const velocityKernel = jsKernel(
  'sgd',
  { arrays: ['p', 'g', 'v'], scalars: { momentum: 'float', weightDecay: 'float' } },
  'return momentum * v[this.thread.x] + g[this.thread.x] + weightDecay * p[this.thread.x];',
);

const parameterKernel = jsKernel(
  'sgd',
  { arrays: ['p', 'v'], scalars: { learningRate: 'float' } },
  'return p[this.thread.x] - learningRate * v[this.thread.x];',
);

/** The same by gpu.js's kernels alone. */
export function sgdTwin(
  driver: Driver,
  parameter: Operand,
  gradient: Operand,
  velocity: Operand,
  { learningRate, momentum, weightDecay }: SgdConstants,
): void {
  const output = [parameter.handle.size];
  const [p, g, v] = [parameter, gradient, velocity].map((operand) => view(operand, output)) as [
    Operand,
    Operand,
    Operand,
  ];
  const fresh = driver.js(velocityKernel, {
    arrays: { p, g, v },
    scalars: { momentum, weightDecay },
    output,
  });
  driver.replace(velocity.handle, fresh);
  driver.replace(
    parameter.handle,
    driver.js(parameterKernel, { arrays: { p, v }, scalars: { learningRate }, output }),
  );
}

export function updateKernels(driver: Driver): UpdateKernels {
  const update = driver.hasWgsl ? sgd : sgdTwin;
  return {
    sgd: (parameter, gradient, velocity, options) => update(driver, parameter, gradient, velocity, options),
  };
}
