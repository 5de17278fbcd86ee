// NIR's neurons, one Euler step of dt at a time. With keep = 1 - dt/tau, drive = dt·r/tau, leak = dt·v_leak/tau (of
// integrators: 1, dt·r, 0), as constants.ts finds them:
//
//   current (Cuba…)   I[t] = (1 - dt/tau_syn)·I[t-1] + dt·w_in/tau_syn·X[t]     else I[t] = X[t]
//   charge            V = keep·V[t-1] + drive·I[t] + leak
//   fire (…IF)        O[t] = 1 where V > v_threshold: strictly, where this library's own neuron fires on >=
//   reset             V[t] = v_reset where it fired, else V
//
// I, LI and CubaLI give V, the others O. The gradient of O is the paper's rectangle of window 1.

import { zeros } from '../../../core/create';
import type { Tensor } from '../../../core/tensor';
import { check } from '../../../errors';
import { rectangular } from '../../../neurons';
import { add, mul, sub } from '../../../ops/arithmetic';
import { greater } from '../../../ops/compare';
import { derivativeOf } from '../../../ops/functions';
import { select, stack } from '../../../ops/layout';
import { customOp } from '../../../ops/operator';
import { array, channelLast, describeNode, FROM, type NamedNode } from '../attributes';
import type { NirArray } from '../graph';
import { NirLayer } from '../layer';
import { neuronConstants } from './constants';

const surrogate = rectangular();

/** 1 where u > 0, with the surrogate as derivative. */
const fire = customOp({
  name: 'fire',
  forward(context, u: Tensor) {
    context.save(u);
    return greater(u, 0);
  },
  backward: (context, gradient) => [mul(gradient, derivativeOf(surrogate, context.saved[0]!))],
});

export class NirNeuron extends NirLayer {
  readonly #named: NamedNode;
  readonly #keep: Tensor;
  readonly #drive: Tensor;
  readonly #leak: Tensor | undefined;
  readonly #synapse: { keep: Tensor; drive: Tensor } | undefined;
  readonly #spike: { threshold: Tensor; reset: Tensor } | undefined;
  #current: Tensor | undefined;
  #membrane: Tensor | undefined;

  /** @param dt seconds of a time step */
  constructor(named: NamedNode, dt: number) {
    super();
    this.#named = named;
    const { keep, drive, leak, synapse, spike } = neuronConstants(named, dt);
    const put = (name: string, values: NirArray) => this.constant(name, channelLast(values));
    this.#keep = put('keep', keep);
    this.#drive = put('drive', drive);
    if (leak !== undefined) this.#leak = put('leak', leak);
    if (synapse !== undefined) {
      this.#synapse = {
        keep: put('synapse_keep', synapse.keep),
        drive: put('synapse_drive', synapse.drive),
      };
    }
    if (spike !== undefined)
      this.#spike = { threshold: put('threshold', spike.threshold), reset: put('reset', spike.reset) };
  }

  protected override forget(): void {
    this.#current = undefined;
    this.#membrane = undefined;
  }

  override get restShape(): readonly number[] {
    return this.#drive.shape;
  }

  forward(x: Tensor): Tensor {
    const wanted = this.#drive.shape;
    check(
      wanted.every((length, i) => length === 1 || length === x.shape.at(i - wanted.length)),
      FROM,
      () =>
        `${describeNode(this.#named)} has parameters [${wanted}] (channels last), it is fed [${x.shape.slice(2)}]`,
    );
    return stack(Array.from({ length: x.shape[0]! }, (_, t) => this.#step(select(x, 0, t))));
  }

  #step(x: Tensor): Tensor {
    let current = x;
    if (this.#synapse !== undefined) {
      const { keep, drive } = this.#synapse;
      current = add(mul(this.#current ?? zeros(x.shape, { backend: x.backend }), keep), mul(x, drive));
      this.#current = current;
    }
    const driven = mul(current, this.#drive);
    const charged = this.#membrane === undefined ? driven : add(mul(this.#membrane, this.#keep), driven);
    const membrane = this.#leak === undefined ? charged : add(charged, this.#leak);
    if (this.#spike === undefined) {
      this.#membrane = membrane;
      return membrane;
    }
    const spikes = fire(sub(membrane, this.#spike.threshold));
    this.#membrane = add(mul(membrane, sub(1, spikes)), mul(spikes, this.#spike.reset));
    return spikes;
  }
}

/** y(t) = x(t - delay), each delay rounded to whole time steps. */
export class NirDelay extends NirLayer {
  /** For each number of steps the places that wait so long, as 1 and 0; undefined: all. */
  readonly #masks: ReadonlyMap<number, Tensor | undefined>;
  readonly #longest: number;
  #past: Tensor[] = [];

  /** @param dt seconds of a time step */
  constructor(named: NamedNode, dt: number) {
    super();
    const delay = channelLast(array(named, 'delay'));
    const steps = Array.from(delay.data, (seconds) => Math.round(seconds / dt));
    check(
      steps.every((count) => count >= 0),
      FROM,
      () => `${describeNode(named)}: a delay cannot be negative`,
    );
    const kinds = [...new Set(steps)];
    this.#longest = Math.max(...kinds);
    this.#masks = new Map(
      kinds.map((kind) => {
        const chosen = Float64Array.from(steps, (count) => (count === kind ? 1 : 0));
        const mask = { data: chosen, shape: delay.shape };
        return [kind, kinds.length === 1 ? undefined : this.constant(`after_${kind}`, mask)];
      }),
    );
  }

  protected override forget(): void {
    this.#past = [];
  }

  forward(x: Tensor): Tensor {
    return stack(Array.from({ length: x.shape[0]! }, (_, t) => this.#step(select(x, 0, t))));
  }

  #step(x: Tensor): Tensor {
    this.#past.push(x);
    if (this.#past.length > this.#longest + 1) this.#past.shift();
    let sum: Tensor | undefined;
    for (const [steps, mask] of this.#masks) {
      const earlier = this.#past.at(-1 - steps);
      if (earlier === undefined) continue;
      const part = mask === undefined ? earlier : mul(earlier, mask);
      sum = sum === undefined ? part : add(sum, part);
    }
    return sum ?? mul(x, 0);
  }
}
