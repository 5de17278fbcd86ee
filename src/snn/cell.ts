// One time step of the neuron, written with operators so that the tape records each part, and the loop over time. The
// fused neuron in lif.ts computes the same in one operator; a law holds the two together.
//
//   charge   H[t] = tau·V[t-1] + X[t]   (leak)   or   V[t-1] + tau·X[t]   (paper, eq. 4)
//   rectify  Ĥ[t] = φ(H[t])
//   fire     O[t] = Θ(Ĥ[t] - vth), Θ(0) = 1
//   reset    V[t] = H[t](1 - O[t]) + vReset·O[t]   (hard)   or   H[t] - vth·O[t]   (soft)

import { aTensor } from '../core/kinds';
import { checkTensor, Tensor } from '../core/tensor';
import { check, SpikegradError } from '../errors';
import type { Surrogate } from '../neurons';
import { add, mul, sub } from '../ops/arithmetic';
import { greaterEqual } from '../ops/compare';
import { derivativeOf, map } from '../ops/functions';
import { select, stack } from '../ops/layout';
import { customOp } from '../ops/operator';
import { callback, checkKind, type OptionsOf, optional, optionTable, shown, whole } from '../options';
import { type LifOptions, type Neuron, neuronOf } from './options';
import { aSurrogate } from './surrogate';

/** Everything that happens in one time step. */
export interface Step {
  readonly charged: Tensor;
  readonly rectified: Tensor;
  readonly spikes: Tensor;
  readonly carried: Tensor;
}

/** Θ(u), with the surrogate as derivative. */
export function spike(u: Tensor, surrogate: Surrogate): Tensor {
  checkTensor('spike', u, 'u');
  checkKind('spike', 'surrogate', aSurrogate, surrogate);
  const fire = customOp({
    name: 'spike',
    forward(context, membrane: Tensor) {
      context.save(membrane);
      return greaterEqual(membrane, 0);
    },
    backward: (context, gradient) => [mul(gradient, derivativeOf(surrogate, context.saved[0]!))],
  });
  return fire(u);
}

/** Ĥ = φ(H). */
export function rectify(charged: Tensor, rectifier: Neuron['rectifier']): Tensor {
  if (rectifier === undefined) return charged;
  if (typeof rectifier !== 'function') return map(rectifier, charged);
  const rectified: unknown = rectifier(charged);
  if (rectified instanceof Tensor) return rectified;
  const name = rectifier.name || 'the function';
  throw new SpikegradError(
    'rectifier',
    `${name} must give a Tensor for a Tensor, got ${shown(rectified)}; does it make a rectifier when it is called: ${name}()?`,
  );
}

/** One step from V[t-1] (undefined: zero). */
export function step(neuron: Neuron, input: Tensor, carried: Tensor | undefined): Step {
  const { tau, vth, vReset } = neuron;
  const drive = neuron.dynamics === 'leak' ? input : mul(input, tau);
  const charged =
    carried === undefined ? drive : add(neuron.dynamics === 'leak' ? mul(carried, tau) : carried, drive);
  const rectified = rectify(charged, neuron.rectifier);
  const spikes = spike(sub(rectified, vth), neuron.surrogate);
  const gate = neuron.detachReset ? spikes.detach() : spikes;
  const next =
    neuron.reset === 'soft'
      ? sub(charged, mul(gate, vth))
      : add(mul(charged, sub(1, gate)), mul(gate, vReset));
  return { charged, rectified, spikes, carried: next };
}

/** A recurrent cell: one step's input and the state before it to the output and the state after it. */
export type Cell = (
  input: Tensor,
  state: Tensor | undefined,
) => { readonly output: Tensor; readonly state: Tensor };

/** The neuron as a cell; its state is V. */
export function lifCell(options: LifOptions = {}): Cell {
  const neuron = neuronOf('lifCell', options);
  return (input, state) => {
    checkTensor('lifCell', input, 'input');
    if (state !== undefined) checkTensor('lifCell', state, 'state');
    const { spikes, carried } = step(neuron, input, state);
    return { output: spikes, state: carried };
  };
}

/** Where {@link unroll} starts and where it cuts gradients. */
export interface UnrollOptions {
  /** State before the first step. Default: none (zero for the neuron). */
  initial?: Tensor;
  /** Cut the gradient through the state after every so many steps (truncated BPTT). Default: never. */
  truncate?: number;
}

export const unrollOptions = optionTable({
  initial: optional(aTensor, 'none (zero for the neuron)'),
  truncate: optional(whole({ least: 1 }), 'never'),
} satisfies OptionsOf<UnrollOptions>);

/**
 * Backpropagation through time, step by step: the cell runs over the first axis of `inputs` and the tape records it.
 * @param inputs [T,...]
 * @returns outputs [T,...] and the state after the last step
 */
export function unroll(
  cell: Cell,
  inputs: Tensor,
  options: UnrollOptions = {},
): { outputs: Tensor; state: Tensor } {
  checkKind('unroll', 'cell', callback<Cell>('a function (input, state), such as lifCell()'), cell);
  checkTensor('unroll', inputs, 'inputs');
  const { initial, truncate } = unrollOptions.read('unroll', options);
  const steps = inputs.shape[0] ?? 0;
  check(
    steps >= 1,
    'unroll',
    () => `inputs must be [T,...] with at least one time step, got [${inputs.shape}]`,
  );
  const outputs: Tensor[] = [];
  let state = initial;
  for (let t = 0; t < steps; t++) {
    if (truncate !== undefined && t > 0 && t % truncate === 0) state = state?.detach();
    const result = cell(select(inputs, 0, t), state);
    outputs.push(result.output);
    state = result.state;
  }
  return { outputs: stack(outputs), state: state! };
}
