// Synaptic operations and energy of one image. A layer whose input is spikes adds a weight for each spike, or takes it
// away where spikes have signs; one whose input is numbers multiplies and accumulates. Energies of 32-bit floats in
// 45 nm (Horowitz, ISSCC 2014): 3.7 pJ to multiply plus 0.9 pJ to add.

import { sizeOf } from '../../backends/shape';
import type { Tensor } from '../../core/tensor';
import type { LayerDescription } from '../../nn/description';
import type { Module } from '../../nn/module';

/** Picojoules of a multiply-accumulate and of an accumulate. */
export const ENERGY = { mac: 4.6, ac: 0.9 } as const;

/** Operations of one layer for one image. */
export interface LayerOperations {
  readonly name: string;
  /** Dense multiply-accumulates of one image over all time steps, padding included. */
  readonly dense: number;
  /** What is done: additions, `rate` times dense, for spikes; all of dense for numbers. */
  readonly operations: number;
  readonly kind: 'mac' | 'ac';
  /** Share of inputs that are spikes; absent where the input is numbers. */
  readonly inputRate?: number;
}

/** Operations and energy of a network for one image. */
export interface OperationsReport {
  readonly layers: LayerOperations[];
  /** Multiply-accumulates, accumulates and nanojoules of one image. */
  readonly macs: number;
  readonly acs: number;
  readonly energy: number;
  /** The same network without spikes, run once: dense multiply-accumulates and nanojoules. */
  readonly denseMacs: number;
  readonly denseEnergy: number;
  /** energy / denseEnergy: below 1 spikes save energy. */
  readonly ratio: number;
}

/** Kinds of layers whose work counts, and how many axes of their input are one image at one time step. */
const SYNAPTIC = { conv: 3, linear: 1 } as const;

type Synaptic = Extract<LayerDescription, { kind: keyof typeof SYNAPTIC }>;

/** Whether a layer has weights that spikes add up. */
export function isSynaptic(layer: LayerDescription): layer is Synaptic {
  return Object.hasOwn(SYNAPTIC, layer.kind);
}

/** Whether all are spikes with a sign: 1, 0 or -1. */
function areSigned(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) if (values[i] !== 0 && Math.abs(values[i]!) !== 1) return false;
  return true;
}

export class OperationsProbe {
  #dense = 0;
  #images = 0;
  #calls = 0;
  #steps = 1;
  #spikes = 0;
  #inputs = 0;
  #binary = true;

  constructor(
    readonly name: string,
    private readonly layer: Module,
    private readonly kind: Synaptic['kind'],
    /** Whether its input may be spikes with signs, which tensors do not say of themselves. */
    private readonly mayHaveSigns = false,
    /** Whether each of its calls is a time step, as of a map through which spikes come back. */
    private readonly isStepByStep = false,
  ) {}

  /** Looks at one forward pass; spikes are counted when the promise is kept. */
  async look(input: Tensor): Promise<void> {
    const features = SYNAPTIC[this.kind];
    const [batch = 1, steps = 1] = input.shape.slice(0, -features).reverse();
    const image = input.shape.slice(-features);
    this.#calls++;
    this.#images += batch;
    this.#steps = steps;
    const { operations } = this.layer.describe({ inputShape: image });
    this.#dense += (input.size / sizeOf(image)) * operations!;
    this.#inputs += input.size;
    const { isSpikes } = input; // the input may be disposed of once its numbers are there
    if (!isSpikes && !this.mayHaveSigns) {
      this.#binary = false;
      return;
    }
    // at once where that can be, so that the numbers of one layer go before those of the next come
    const spikes = input.backend.synchronous ? input.dataSync() : await input.data();
    if (!isSpikes && !areSigned(spikes)) {
      this.#binary = false;
      return;
    }
    for (const spike of spikes) this.#spikes += Math.abs(spike);
  }

  /**
   * The layer's operations, and its multiply-accumulates for one time step.
   * @param passes how often its network ran: a layer that a pass goes through twice works twice for an image
   */
  report(
    passes: number,
  ): { readonly operations: LayerOperations; readonly densePerStep: number } | undefined {
    if (this.#images === 0) return undefined;
    const uses = passes === 0 ? 1 : Math.max(1, this.#calls / passes);
    const dense = (this.#dense / this.#images) * uses;
    const densePerStep = dense / (this.isStepByStep ? uses : this.#steps);
    const { name } = this;
    if (!this.#binary) return { operations: { name, dense, operations: dense, kind: 'mac' }, densePerStep };
    const inputRate = this.#spikes / this.#inputs;
    return {
      operations: { name, dense, operations: inputRate * dense, kind: 'ac', inputRate },
      densePerStep,
    };
  }
}

/** Adds layers up. @param passes how often the network ran, 0 where its layers were called by hand */
export function sumOperations(probes: readonly OperationsProbe[], passes: number): OperationsReport {
  const reports = probes.map((probe) => probe.report(passes)).filter((report) => report !== undefined);
  const layers = reports.map((report) => report.operations);
  const of = (kind: 'mac' | 'ac') =>
    layers.filter((layer) => layer.kind === kind).reduce((sum, layer) => sum + layer.operations, 0);
  const [macs, acs] = [of('mac'), of('ac')];
  const denseMacs = reports.reduce((sum, report) => sum + report.densePerStep, 0);
  const energy = (ENERGY.mac * macs + ENERGY.ac * acs) / 1000;
  const denseEnergy = (ENERGY.mac * denseMacs) / 1000;
  return { layers, macs, acs, energy, denseMacs, denseEnergy, ratio: energy / denseEnergy };
}
