// What checkNeuron can test: options of this library's neuron, or a neuron of one's own with as much of its inside as
// it shows. Laws whose means are missing are reported as not checked.

import type { Tensor } from '../../../core/tensor';
import { add, mul, sub } from '../../../ops/arithmetic';
import { select, stack } from '../../../ops/layout';
import {
  callback,
  checkKind,
  finite,
  type OptionsOf,
  oneOf,
  optional,
  optionTable,
  required,
  text,
} from '../../../options';
import { type Cell, lifCell, rectify } from '../../../snn/cell';
import { type LifSequence, type LifTrace, lif, lifSequence, lifTrace } from '../../../snn/lif';
import { type LifOptions, type Neuron, neuronOf } from '../../../snn/options';
import { aSurrogate, type Surrogate } from '../../../snn/surrogate';

/** How a neuron fires, for laws that put something else in the place of the step. */
export interface FiringRule {
  /** Spikes for potentials u = Ĥ - vth. */
  fire(u: Tensor): Tensor;
  /** The spikes without their gradient: use it where the neuron says `spikes.detach()`. */
  hold(spikes: Tensor): Tensor;
}

/** A neuron of one's own. Currents X and spikes O are [T,B,N]: time, batch, neurons. */
export interface OwnNeuron {
  /** For messages. */
  readonly name?: string;
  /** Spikes of a whole sequence from rest. */
  spikes(currents: Tensor): Tensor;
  /** The same from a given V[0] ([B,N]; undefined is rest), with V[T]. */
  sequence?(currents: Tensor, initial: Tensor | undefined): LifSequence;
  /** H, Ĥ, O and V of every step, each [T,B,N]. */
  trace?(currents: Tensor): LifTrace;
  /** One step; where there is `sequence`, its state is V. */
  readonly cell?: Cell;
  /** Spikes, unrolled with `firing.fire` in the place of the step. */
  unrolled?(currents: Tensor, firing: FiringRule): Tensor;
  /** The surrogate whose derivative stands in for the step's. */
  readonly surrogate?: Surrogate;
  /** Fires where Ĥ >= vth. */
  readonly vth?: number;
  /** `hard`: V = vReset after a spike. `soft`: V = H - vth. */
  readonly reset?: 'hard' | 'soft';
  /** For a hard reset. */
  readonly vReset?: number;
  /** V[t]/V[t-1] without input and spikes. */
  readonly decay?: number;
}

export const ownNeuronParts = optionTable({
  name: optional(text),
  spikes: required(callback<OwnNeuron['spikes']>('a function (currents)')),
  sequence: optional(callback<NonNullable<OwnNeuron['sequence']>>('a function (currents, initial)')),
  trace: optional(callback<NonNullable<OwnNeuron['trace']>>('a function (currents)')),
  cell: optional(callback<Cell>('a function (input, state)')),
  unrolled: optional(callback<NonNullable<OwnNeuron['unrolled']>>('a function (currents, firing)')),
  surrogate: optional(aSurrogate),
  vth: optional(finite()),
  reset: optional(oneOf(['hard', 'soft'])),
  vReset: optional(finite()),
  decay: optional(finite()),
} satisfies OptionsOf<OwnNeuron>);

/** @throws unless each part is of its kind. An instance of a class may have more than these parts. */
export function checkOwnNeuron(neuron: OwnNeuron): void {
  if (Object.getPrototypeOf(neuron) === Object.prototype) ownNeuronParts.check('checkNeuron', neuron);
  else checkKind('checkNeuron', 'spikes', callback('a function (currents)'), neuron.spikes);
}

/** The equations of snn/cell.ts once more, so that its errors are not compared with themselves. */
function unrolledLif(neuron: Neuron, currents: Tensor, { fire, hold }: FiringRule): Tensor {
  const { dynamics, tau, vth, vReset } = neuron;
  const outputs: Tensor[] = [];
  let v: Tensor | undefined;
  for (let t = 0; t < currents.shape[0]!; t++) {
    const x = select(currents, 0, t);
    const leak = dynamics === 'leak';
    const drive = leak ? x : mul(x, tau);
    const h = v === undefined ? drive : add(leak ? mul(v, tau) : v, drive);
    const spikes = fire(sub(rectify(h, neuron.rectifier), vth));
    const taken = neuron.detachReset ? hold(spikes) : spikes;
    v = neuron.reset === 'soft' ? sub(h, mul(taken, vth)) : add(h, mul(taken, sub(vReset, h)));
    outputs.push(spikes);
  }
  return stack(outputs);
}

export function lifSubject(options: LifOptions): OwnNeuron {
  const neuron = neuronOf('checkNeuron', options);
  const { surrogate, vth, reset, vReset } = neuron;
  return {
    name: 'lif',
    spikes: (currents) => lif(currents, options),
    sequence: (currents, initial) => lifSequence(currents, initial, options),
    trace: (currents) => lifTrace(currents, options),
    cell: lifCell(options),
    unrolled: (currents, firing) => unrolledLif(neuron, currents, firing),
    surrogate,
    vth,
    reset,
    vReset,
    decay: neuron.dynamics === 'leak' ? neuron.tau : 1,
  };
}
