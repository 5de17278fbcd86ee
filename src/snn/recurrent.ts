// Neurons whose spikes come back: what one layer's neurons gave at the step before goes through a linear map and is
// added to their input.
//
//   current[t] = x[t] + spikes[t-1]·W + b,   spikes[t] = neuron(current[t])
//
// Step by step on the tape, as every step needs the one before.

import type { Random } from '../core/random';
import { scope } from '../core/scope';
import { noGrad } from '../core/tape';
import { checkTensor, type Tensor } from '../core/tensor';
import { check } from '../errors';
import type { NeuronModel } from '../neurons';
import type { Flow } from '../nn/flow';
import { Linear, linearOptions } from '../nn/layers';
import { add } from '../ops/arithmetic';
import { concat, reshape, slice } from '../ops/layout';
import {
  checkKind,
  flag,
  type Kind,
  type OptionsOf,
  option,
  optionsBelong,
  optionTable,
  whole,
} from '../options';
import { Spiking, spikingOptions } from './equations/layer';
import { type NeuronRun, runNamed, withSpikes } from './equations/run';

/** What {@link Recurrent} takes besides its neuron and how many there are. */
export interface RecurrentOptions {
  /** Whether the map back has a bias: the layer before has one. Default false. */
  bias?: boolean;
  /** Standard deviation of its initial weights. Default 1/in. */
  deviation?: number;
  /** The stream that initial weights are drawn from. Default: the global one. */
  random?: Random;
  /** Whether states and spikes are carried from one call to the next until `reset()`. Default false. */
  stateful?: boolean;
}

export const recurrentOptions = /* @__PURE__ */ optionTable({
  ...linearOptions.specs,
  bias: option(flag, false),
  stateful: spikingOptions.specs.stateful,
} satisfies OptionsOf<RecurrentOptions>);

const aCount: Kind<number> = {
  ...whole({ least: 1 }),
  advice: optionsBelong('new Recurrent(model, neurons, { … })'),
};

/** What came out at the step before, among the states that are carried. */
const BACK = 'fed back';

/**
 * A layer of neurons, [T,N,neurons] to the same, whose output comes back through a linear map one step later
 * (snnTorch's RLeaky, SpikingJelly's LinearRecurrentContainer): `new Recurrent(alif(), 128)`. The map is
 * `feedback`.
 */
export class Recurrent extends Spiking {
  readonly feedback: Linear;

  /**
   * @param model what `neuron()` or a function of the zoo makes
   * @param neurons entries of the last axis of its input
   */
  constructor(model: NeuronModel, neurons: number, options: RecurrentOptions = {}) {
    checkKind('Recurrent', 'neurons', aCount, neurons);
    const { stateful, ...map } = recurrentOptions.read('Recurrent', options);
    super(model, { channels: neurons, stateful });
    this.feedback = this.child('feedback', new Linear(neurons, neurons, map));
    if (Object.getPrototypeOf(new.target) === Spiking) Object.freeze(this);
  }

  protected override get isRecurrent(): boolean {
    return true;
  }

  override run(x: Tensor): NeuronRun {
    return scope(() => this.#unroll(x, this.startFor(x), false));
  }

  override trace(x: Tensor): Readonly<Record<string, Tensor>> {
    return noGrad(() => scope(() => this.#unroll(x, this.startedFrom, true).trace!));
  }

  #unroll(x: Tensor, initial: Readonly<Record<string, Tensor>>, trace: boolean): NeuronRun {
    const { model, channels: neurons } = this;
    checkTensor('Recurrent', x);
    check(
      x.shape.length >= 2 && x.shape[0]! >= 1 && x.shape.at(-1) === neurons,
      'Recurrent',
      () => `takes [T,...,${neurons}] with at least one time step, got [${x.shape}]`,
    );
    const [first] = model.outputs;
    let { [BACK]: back, ...states } = initial;
    const steps: NeuronRun[] = [];
    for (let t = 0; t < x.shape[0]!; t++) {
      const now = slice(x, [t], [t + 1]);
      const current =
        back === undefined ? this.#first(now) : add(now, this.feedback.call(reshape(back, now.shape)));
      const step = runNamed('Recurrent', model, current, {
        parameters: this.learned,
        initial: states,
        trace,
      });
      steps.push(step);
      states = step.states;
      back = step.outputs[first!]!;
    }
    const joined = (of: (step: NeuronRun) => Readonly<Record<string, Tensor>>, names: readonly string[]) =>
      Object.fromEntries(names.map((name) => [name, concat(steps.map((step) => of(step)[name]!))]));
    const outputs = joined((step) => step.outputs, model.outputs);
    return withSpikes('Recurrent', model, {
      outputs,
      states: { ...states, [BACK]: reshape(back!, x.shape.slice(1)) },
      ...(trace && { trace: joined((step) => step.trace!, Object.keys(steps[0]!.trace!)) }),
    });
  }

  /** The first current: nothing has fired before it. */
  #first(x: Tensor): Tensor {
    const { bias } = this.feedback;
    return bias === undefined ? x : add(x, bias);
  }

  override outline(x: Flow): Flow {
    const y = super.outline(x);
    y.through(this.feedback); // its weights work too, but what leaves is the neurons'
    return y;
  }
}
