// Layers of neurons, of whichever kind: `Lif` from its options, `Spiking` from equations. What networks, probes and
// reports need of either.

import type { Tensor } from '../core/tensor';
import { check } from '../errors';
import { aNeuronModel, isOfSpikes, type NeuronModel, outputsOf } from '../neurons';
import type { Module } from '../nn/module';
import { anObject, type Kind, kind } from '../options';
import { Spiking } from './equations';
import { Lif, type LifTrace } from './lif';
import { type LifLayerOptions, lifLayerOptions, neuronOf } from './options';

/** The neurons of a network: options of `Lif`, or what `neuron()` makes. */
export type NeuronChoice = LifLayerOptions | NeuronModel;
/** A layer of neurons. */
export type NeuronLayer = Lif | Spiking;

export const aNeuronChoice: Kind<NeuronChoice> = kind(
  'options of Lif, or what neuron() makes',
  (value) => anObject.holds(value),
  (value) => (typeof value === 'string' ? 'neuron(text) makes one' : undefined),
);

/** Whether neurons are given by equations. */
export const isModel = (neuron: NeuronChoice): neuron is NeuronModel => aNeuronModel.holds(neuron);

/** @throws unless neurons of that kind can stand between the layers of a network: they fire */
export function checkNeuron(where: string, neuron: NeuronChoice): void {
  if (!isModel(neuron)) {
    lifLayerOptions.check(where, neuron);
    return;
  }
  check(
    isOfSpikes(outputsOf(neuron)[0]!.value),
    where,
    () => `gives ${neuron.outputs[0]}, which is no spike: the neurons of a network have to fire`,
  );
}

/** @param channels entries of the last axis of its input */
export function neuronLayer(neuron: NeuronChoice, channels: number): NeuronLayer {
  return isModel(neuron) ? new Spiking(neuron, { channels }) : new Lif(neuron);
}

/**
 * What its input should be normalised to: of differential equations the distance from rest to threshold, else the
 * constant `vth`, or where equations have none 1.
 */
export function thresholdOf(neuron: NeuronChoice): number {
  if (!isModel(neuron)) return neuronOf('neuron', withoutState(neuron)).vth;
  if (neuron.differential !== undefined) return neuron.differential.distance ?? 1;
  return neuron.parameters.find(({ name }) => name === 'vth')?.value ?? 1;
}

const withoutState = ({ stateful: _, ...neuron }: LifLayerOptions) => neuron;

/** The membrane at which it fires, for drawings: of differential equations the threshold at rest. */
export const levelOf = (neuron: NeuronChoice): number =>
  (isModel(neuron) ? neuron.differential?.level : undefined) ?? thresholdOf(neuron);

/** The neuron layers of a network, each with its name, in order of registration. */
export function neuronLayers(network: Module): [string, NeuronLayer][] {
  return [...network.modules()].filter(
    (entry): entry is [string, NeuronLayer] => entry[1] instanceof Lif || entry[1] instanceof Spiking,
  );
}

/** Those that `Lif` makes. */
export function lifLayers(network: Module): [string, Lif][] {
  return neuronLayers(network).filter((entry): entry is [string, Lif] => entry[1] instanceof Lif);
}

/**
 * The potentials of a layer's last call. Of equations: `h`, the membrane before the reset of differential ones, or
 * where nothing is called so the state, stands for H and Ĥ; the first state, or the membrane, for V.
 * @param x its input currents [T,...]
 */
export function potentialsOf(layer: NeuronLayer, x: Tensor): LifTrace {
  if (layer instanceof Lif) return layer.trace(x);
  const trace = layer.trace(x);
  const { model } = layer;
  const looked = model.differential?.membrane;
  const state = looked?.name ?? model.states[0]?.name;
  const membrane = looked?.charged ?? ('h' in trace ? 'h' : (state ?? model.outputs[0]!));
  const own = {
    charged: membrane,
    rectified: membrane,
    spikes: model.outputs[0]!,
    carried: state ?? membrane,
  };
  const kept = Object.entries(own).map(([name, of]) => [name, trace[of]!.alias()] as const);
  for (const tensor of Object.values(trace)) tensor.dispose();
  return Object.fromEntries(kept) as unknown as LifTrace;
}
