// Looks at every number that operators give, forward and backward, in the order in which they are made. The first
// that is not finite is where the trouble began: everything later may only have passed it on.

import type { Gradient, TapeEntry, TapeWatch } from '../../core/tape';
import type { Tensor } from '../../core/tensor';
import type { Module } from '../../nn/module';
import { finiteProbe, readProbes } from './finite';
import { OperatorPlaces, type OperatorRun } from './operator-places';

/** The first value that was not finite. */
export interface Anomaly {
  /** In words: `the output of log in layer 1`. */
  readonly what: string;
  /** The operator that gave it, if one did. */
  readonly operator?: string;
  /** Whether it was the operator's result, or a gradient. */
  readonly side?: 'forward' | 'backward';
  /** The layer that the operator ran in, where it is known. */
  readonly layer?: string;
}

/** One tensor that was looked at. */
interface Sighting {
  readonly what: (place: string) => string;
  readonly run?: OperatorRun;
  readonly side?: Anomaly['side'];
  readonly probe: Tensor | undefined;
  /** Came from outside: to be blamed for what an operator made of it, not for itself (a mask may well be infinite). */
  readonly given?: boolean;
  /** What else is to be blamed, if it is not finite. */
  readonly causes?: readonly Sighting[];
}

/** A {@link TapeWatch} that finds the first number that is not finite. */
export class NumberWatch implements TapeWatch {
  readonly #network: Module | undefined;
  readonly #places: OperatorPlaces;
  readonly #sightings: Sighting[] = [];
  /** What operators have met; with a sighting where it came from outside. */
  readonly #known = new Map<Tensor, Sighting | undefined>();
  readonly #runs = new Map<TapeEntry, OperatorRun>();
  /** Gradients that a backward gave: looked at once. */
  readonly #passedBack = new Set<Gradient>();
  readonly #networkInputs = new Set<Tensor>();
  readonly #detachInput: (() => void) | undefined;

  /** @param network names the layers; its parameters are looked at first, their gradients last */
  constructor(network: Module | undefined) {
    this.#network = network;
    this.#places = new OperatorPlaces(network);
    this.#detachInput = network?.onForward((input) => this.#networkInputs.add(input));
    for (const [name, { tensor, trainable }] of network?.state() ?? []) {
      // running statistics are read in evaluation alone; in training they follow the batch
      if (!trainable && network?.training) continue;
      this.#known.set(tensor, undefined);
      this.#see(tensor, { what: () => `${trainable ? 'parameter' : 'buffer'} ${name}` });
    }
  }

  forward(
    operator: string,
    inputs: readonly Tensor[],
    outputs: readonly Tensor[],
    entry: TapeEntry | undefined,
  ): void {
    const run = this.#places.add(operator, outputs);
    if (entry !== undefined) this.#runs.set(entry, run);
    const causes = inputs.flatMap((input, i) => this.#fromOutside(input, i, run));
    for (const output of outputs) {
      this.#known.set(output, undefined);
      this.#see(output, {
        what: (place) => `the output of ${operator}${place}`,
        run,
        side: 'forward',
        causes,
      });
    }
  }

  /** An input that no operator gave under this watch. */
  #fromOutside(input: Tensor, index: number, run: OperatorRun): readonly Sighting[] {
    if (!this.#known.has(input)) {
      const what = (place: string) =>
        this.#networkInputs.has(input) ? "the network's input" : `input ${index} of ${run.operator}${place}`;
      this.#known.set(input, this.#see(input, { what, run, side: 'forward', given: true }));
    }
    const seen = this.#known.get(input);
    return seen === undefined ? [] : [seen];
  }

  backward(entry: TapeEntry, incoming: readonly Gradient[], outgoing: readonly Gradient[]): void {
    const run = this.#runs.get(entry) ?? { operator: entry.name, outputs: [], place: '' };
    for (const gradient of incoming) {
      if (gradient === null || this.#passedBack.has(gradient)) continue;
      const what = (place: string) =>
        `the gradient of the output of ${run.operator}${place} (a sum of gradients, or what backward() was given)`;
      this.#see(gradient, { what, run, side: 'backward' });
    }
    outgoing.forEach((gradient, i) => {
      if (gradient === null) return;
      this.#passedBack.add(gradient);
      const what = (place: string) => `the gradient of input ${i} in the backward of ${run.operator}${place}`;
      this.#see(gradient, { what, run, side: 'backward' });
    });
  }

  #see(tensor: Tensor, sighting: Omit<Sighting, 'probe'>): Sighting {
    const seen = { ...sighting, probe: finiteProbe(tensor) };
    this.#sightings.push(seen);
    return seen;
  }

  /** The first value that was not finite, if there was one. Call it once, after what was watched. */
  async find(): Promise<Anomaly | undefined> {
    for (const [name, { tensor }] of this.#network?.state() ?? [])
      if (tensor.grad !== null)
        this.#see(tensor.grad, { what: () => `the gradient of parameter ${name}`, side: 'backward' });
    const verdicts = await readProbes(this.#sightings.map(({ probe }) => probe));
    const bad = new Set(this.#sightings.filter((_, i) => !verdicts[i]));
    for (const sighting of bad) {
      if (sighting.given) continue;
      const { what, run, side } = sighting.causes?.find((cause) => bad.has(cause)) ?? sighting;
      return { what: what(run?.place ?? ''), operator: run?.operator, side, layer: run?.layer };
    }
    return undefined;
  }

  /** Takes the hooks off the network and frees what was kept. */
  dispose(): void {
    this.#places.detach();
    this.#detachInput?.();
    for (const { probe } of this.#sightings) probe?.dispose();
  }
}
