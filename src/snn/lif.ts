// The fused multi-step LIF neuron: all T steps in one operator, forward and backward, which are found from its
// equations (equations/lif.ts). cell.ts has those of one step; this is how the gradient goes back through them, with g
// that of O[t], v that of V[t], and s = surrogate'(Ĥ - vth)·φ'(H):
//
//   hard   dH[t] = v·(1 - O) + (g + v·(vReset - H))·s      soft   dH[t] = v + (g - v·vth)·s
//   (the term in v inside the bracket drops with detachReset)
//   leak   dX[t] = dH[t],      v[t-1] = tau·dH[t]          paper  dX[t] = tau·dH[t],  v[t-1] = dH[t]
//
// A rectifier made of operators has no derivative to fuse: then the steps are unrolled on the tape.

import type { ScalarFunction } from '../backends/backend';
import { formatShape, type Shape, sameShape } from '../backends/shape';
import { scope } from '../core/scope';
import { noGrad } from '../core/tape';
import { checkTensor, type Tensor } from '../core/tensor';
import { check } from '../errors';
import type { FunctionDescription } from '../nn/description';
import type { Flow } from '../nn/flow';
import { Module } from '../nn/module';
import { notice } from '../notices';
import { select, stack } from '../ops/layout';
import { checkKind, flag } from '../options';
import { Carried } from './carried';
import { lifCell, step, unroll } from './cell';
import { lifModel } from './equations/lif';
import { scan } from './equations/run';
import {
  type FusedNeuron,
  type LifLayerOptions,
  type LifOptions,
  lifLayerOptions,
  type Neuron,
  neuronOf,
} from './options';
import { mprOf } from './rectifier';

/** Spikes of a whole sequence and the potential to go on from. */
export interface LifSequence {
  /** O, [T,...], zeros and ones. */
  readonly spikes: Tensor;
  /** V[T], [...]. */
  readonly carried: Tensor;
}

/**
 * Spikes of a LIF neuron over all time steps, starting from V = 0. The state lives inside the call.
 * @param x input currents [T,...]
 * @returns spikes [T,...]
 */
export function lif(x: Tensor, options: LifOptions = {}): Tensor {
  const { spikes, carried } = runNeuron('lif', x, undefined, options);
  carried.dispose();
  return spikes;
}

/**
 * The same from a given V[0], returning V[T] too, so that a long sequence can be run in pieces.
 * @param x input currents [T,...]
 * @param initial V[0] of shape [...]; undefined is zero
 */
export function lifSequence(x: Tensor, initial: Tensor | undefined, options: LifOptions = {}): LifSequence {
  return runNeuron('lifSequence', x, initial, options);
}

function checkInput(where: string, x: Tensor, initial: Tensor | undefined): void {
  checkTensor(where, x);
  if (initial !== undefined)
    checkTensor(where, initial, 'initial', 'lifSequence(x, undefined, { … }) starts from zero');
  check(
    x.shape.length >= 1 && x.shape[0]! >= 1,
    where,
    () => `x must be [T,...] with at least one time step, got ${formatShape(x.shape)}`,
  );
  check(
    initial === undefined || sameShape(initial.shape, x.shape.slice(1)),
    where,
    () =>
      `initial potential ${formatShape(initial!.shape)} must be ${formatShape(x.shape.slice(1))}, x without time`,
  );
}

function isFusable(neuron: Neuron): neuron is FusedNeuron {
  return typeof neuron.rectifier !== 'function';
}

function runNeuron(where: string, x: Tensor, initial: Tensor | undefined, options: LifOptions): LifSequence {
  checkInput(where, x, initial);
  const neuron = neuronOf(where, options);
  if (!isFusable(neuron)) {
    notice(
      'a rectifier made of operators is run step by step, several operators a step, instead of in one kernel: give it as { name, parameters, value, derivative } where speed counts',
      'rectifier of operators',
    );
    return scope(() => {
      const { outputs, state } = unroll(lifCell(options), x, { initial });
      return { spikes: outputs, carried: state };
    });
  }
  const { outputs, last } = scan(where, lifModel(neuron), x, initial === undefined ? {} : { v: initial }, {});
  return { spikes: outputs[0]!, carried: last[0]! };
}

/** All potentials of a sequence, each [T,...], without history. */
export interface LifTrace {
  /** H, charged. */
  readonly charged: Tensor;
  /** Ĥ, rectified. */
  readonly rectified: Tensor;
  /** O. */
  readonly spikes: Tensor;
  /** V, carried over to the next step. */
  readonly carried: Tensor;
}

/**
 * For looking inside: what `lif` computes on the way.
 * @param x input currents [T,...]
 */
export function lifTrace(x: Tensor, options: LifOptions = {}): LifTrace {
  return traceFrom(x, undefined, options);
}

function traceFrom(x: Tensor, initial: Tensor | undefined, options: LifOptions): LifTrace {
  checkInput('lifTrace', x, initial);
  const neuron = neuronOf('lifTrace', options);
  return noGrad(() =>
    scope(() => {
      const steps = [];
      let carried = initial;
      for (let t = 0; t < x.shape[0]!; t++) {
        const now = step(neuron, select(x, 0, t), carried);
        steps.push(now);
        carried = now.carried;
      }
      return {
        charged: stack(steps.map((now) => now.charged)),
        rectified: stack(steps.map((now) => now.rectified)),
        spikes: stack(steps.map((now) => now.spikes)),
        carried: stack(steps.map((now) => now.carried)),
      };
    }),
  );
}

/** A batch [N,features] looks like time steps, and would be taken for them without a word. */
function tellOfTime(shape: Shape): void {
  notice(
    `a Lif layer takes the first axis for time: ${formatShape(shape)} are ${shape[0]} time steps. If it is a batch, put new Direct(T) before the layer and new TimeMean() behind the last one`,
    'time of Lif',
  );
}

/**
 * The neuron as a layer over sequences [T,...]: in a network [T,N,...], with the batch behind time. With `stateful` V
 * is kept from call to call, so that a recording may arrive in pieces: a network in evaluation gives piece by piece
 * the very spikes that it gives of the whole. `network.reset()` starts anew. The state belongs to one place of one
 * network and is no part of checkpoints; no gradient goes back from a piece to the one before (`lifSequence` has one
 * that does).
 */
export class Lif extends Module {
  /** Those of the neuron, as `lif` takes them. */
  readonly options: LifOptions;
  #carried: Carried | undefined;

  constructor(options: LifLayerOptions = {}) {
    super();
    const { stateful } = lifLayerOptions.read('Lif', options);
    const { stateful: _, ...neuron } = options;
    neuronOf('Lif', neuron); // complain when the network is built, not when it runs
    this.options = neuron;
    this.#carried = stateful ? new Carried() : undefined;
    if (Object.getPrototypeOf(new.target) === Module) Object.freeze(this);
  }

  /** Whether V is kept from call to call. Changed, it forgets what is carried. */
  get stateful(): boolean {
    return this.#carried !== undefined;
  }

  set stateful(carries: boolean) {
    checkKind('Lif', 'stateful', flag, carries);
    if (carries === this.stateful) return;
    this.#carried?.clear();
    this.#carried = carries ? new Carried() : undefined;
  }

  /** Whether the last call went on from the one before. */
  get continues(): boolean {
    return this.#carried?.before !== undefined;
  }

  /** @throws when it is stateful and x is of another batch or shape than in the calls since `reset()` */
  forward(x: Tensor): Tensor {
    checkTensor('Lif', x);
    if (this.#carried === undefined) {
      if (x.shape.length === 2 && x.shape[0]! > 1) tellOfTime(x.shape);
      return lif(x, this.options);
    }
    const initial = this.#carried.startFor('Lif', x)?.v;
    const { spikes, carried } = runNeuron('Lif', x, initial, this.options);
    this.#carried.goOn({ v: carried });
    return spikes;
  }

  /**
   * What the last call computed on the way, from where it started.
   * @param x its input currents [T,...]
   */
  trace(x: Tensor): LifTrace {
    return traceFrom(x, this.#carried?.before?.v, this.options);
  }

  protected override forget(): void {
    this.#carried?.clear();
  }

  override outline(x: Flow): Flow {
    const { rectifier, surrogate, ...constants } = neuronOf('Lif', this.options);
    const keepsSpikes = rectifier === undefined || mprOf(rectifier)?.centre === constants.vth;
    const neuron = {
      ...constants,
      rectifier: rectifier === undefined ? null : functionOf(rectifier),
      surrogate: functionOf(surrogate),
      stateful: this.stateful,
      keepsSpikes,
    };
    return x.layer({ kind: 'neuron', neuron }, { sequence: true, spikes: true });
  }
}

/** A function by its name and constants; one made of operators has no constants that are known. */
function functionOf(f: ScalarFunction | ((x: Tensor) => Tensor)): FunctionDescription {
  return { name: f.name || 'a function', parameters: typeof f === 'function' ? {} : { ...f.parameters } };
}
