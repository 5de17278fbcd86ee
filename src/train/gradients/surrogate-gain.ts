// How much of a gradient the neurons of each LIF layer let through. On its way from a spike O[t] to the membrane H[t]
// it is multiplied by
//
//   e = s(Ĥ[t] - vth)·φ'(H[t]),   Ĥ = φ(H),
//
// which is 0 outside the window of the surrogate s, and next to 0 where φ is flat. A steep φ has few places where it
// is not.

import type { Tensor } from '../../core/tensor';
import { check } from '../../errors';
import type { Module } from '../../nn/module';
import type { Lif } from '../../snn';
import { lifLayers } from '../../snn/neuron-layer';
import { neuronOf } from '../../snn/options';

/** Shares and means over all neurons, images and time steps of a layer. */
export interface SurrogateGain {
  /** The layer's name in the network. */
  readonly name: string;
  /** Neurons times images times time steps. */
  readonly values: number;
  /** Share inside the window, s > 0. The others get no gradient from their spikes. */
  readonly open: number;
  /** Share inside the window where φ is flat, φ'(H) < 0.1: they get next to none. */
  readonly flat: number;
  /** √(mean e²): by how much the norm of a gradient grows that is independent of e. */
  readonly gain: number;
}

export interface SurrogateWatch {
  /** What was seen, layer by layer in order of registration; layers that did not run are left out. */
  report(): Promise<SurrogateGain[]>;
  /** Stops looking. */
  detach(): void;
}

/** A slope of φ below this counts as flat: less than a tenth of what passes without φ. */
export const FLAT = 0.1;

class GainSums {
  #values = 0;
  #open = 0;
  #flat = 0;
  #squares = 0;

  constructor(
    readonly name: string,
    private readonly layer: Lif,
  ) {}

  /** Looks at the input currents of one forward pass, which may go as soon as this has returned. */
  look(input: Tensor): Promise<void> {
    const trace = this.layer.trace(input);
    const reading = trace.charged.data();
    for (const part of Object.values(trace) as Tensor[]) part.dispose();
    return reading.then((charged) => this.#add(charged));
  }

  #add(charged: ArrayLike<number>): void {
    const { rectifier, surrogate, vth } = neuronOf('watchSurrogate', this.layer.options);
    check(
      typeof rectifier !== 'function',
      'watchSurrogate',
      () =>
        `${this.name} has a rectifier made of operators, whose slope is not known: give value and derivative`,
    );
    this.#values += charged.length;
    for (let i = 0; i < charged.length; i++) {
      const h = charged[i]!;
      const s = surrogate.derivative((rectifier?.value(h) ?? h) - vth);
      if (s <= 0) continue;
      const slope = rectifier?.derivative(h) ?? 1;
      this.#open++;
      if (slope < FLAT) this.#flat++;
      this.#squares += (s * slope) ** 2;
    }
  }

  report(): SurrogateGain | undefined {
    const values = this.#values;
    if (values === 0) return undefined;
    return {
      name: this.name,
      values,
      open: this.#open / values,
      flat: this.#flat / values,
      gain: Math.sqrt(this.#squares / values),
    };
  }
}

/** Looks at every LIF layer of a network until it is detached. */
export function watchSurrogate(network: Module): SurrogateWatch {
  const looks: Promise<void>[] = [];
  const layers: GainSums[] = [];
  const hooks: (() => void)[] = [];
  for (const [name, module] of lifLayers(network)) {
    const sums = new GainSums(name, module);
    layers.push(sums);
    hooks.push(
      module.onForward((x) => {
        const seen = sums.look(x);
        seen.catch(() => {}); // told by report()
        looks.push(seen);
      }),
    );
  }
  return {
    async report() {
      await Promise.all(looks);
      return layers.map((sums) => sums.report()).filter((gain) => gain !== undefined);
    },
    detach() {
      for (const remove of hooks.splice(0)) remove();
    },
  };
}

/** Several layers as one. @param layers at least one */
export function overall(layers: readonly SurrogateGain[]): Omit<SurrogateGain, 'name'> {
  const values = layers.reduce((sum, layer) => sum + layer.values, 0);
  const weighted = (measure: (layer: SurrogateGain) => number) =>
    layers.reduce((sum, layer) => sum + layer.values * measure(layer), 0) / values;
  return {
    values,
    open: weighted(({ open }) => open),
    flat: weighted(({ flat }) => flat),
    gain: Math.sqrt(weighted(({ gain }) => gain ** 2)),
  };
}
