// The firing rates of a whole network held between bounds, layer by layer: what each forward pass in training adds to
// the loss.

import { zeros } from '../core/create';
import { scope } from '../core/scope';
import type { Tensor } from '../core/tensor';
import { check } from '../errors';
import { isOfSpikes, outputsOf } from '../neurons';
import { checkModule, type Module } from '../nn/module';
import { add, mul } from '../ops/arithmetic';
import { checkBounds, type RateBoundsOptions, rateBounds, rateBoundsOptions } from '../ops/rate-bounds';
import { anObject, finite, type Kind, type OptionsOf, option, suggestion } from '../options';
import { Spiking } from './equations';
import { type NeuronLayer, neuronLayers } from './neuron-layer';

/** Between what the rates of a network are held, and how strongly. */
export interface HoldRatesOptions extends RateBoundsOptions {
  /** λ, the factor of the sum over the layers. Default 1. */
  strength?: number;
  /** Bounds of layers by name, in the place of those for all; null leaves a layer alone. Default: none. */
  layers?: Readonly<Record<string, RateBoundsOptions | null>>;
}

export const holdRatesOptions = /* @__PURE__ */ (() =>
  rateBoundsOptions.with({
    strength: option(finite({ least: 0 }), 1),
    layers: option(
      anObject as Kind<NonNullable<HoldRatesOptions['layers']>>,
      (): NonNullable<HoldRatesOptions['layers']> => ({}),
      'none',
    ),
  } satisfies OptionsOf<Omit<HoldRatesOptions, keyof RateBoundsOptions>>))();

/** A network whose rates are watched in training. */
export interface HeldRates {
  /**
   * λ·Σ over the layers of {@link rateBounds} in the last forward pass in training, to be added to the loss of that
   * pass, in its scope; 0 without one.
   */
  penalty(): Tensor;
  /** Ends the watching. */
  release(): void;
}

const fires = (layer: NeuronLayer) =>
  !(layer instanceof Spiking) || isOfSpikes(outputsOf(layer.model)[0]!.value);

/**
 * Holds the firing rate of every layer of neurons between bounds: `add(crossEntropy(logits, labels), held.penalty())`.
 * @throws where the network has no neurons that fire, or none of a name that was given
 */
export function holdRates(network: Module, options: HoldRatesOptions = {}): HeldRates {
  checkModule('holdRates', network);
  const { low, high, strength, layers } = holdRatesOptions.read('holdRates', options);
  const found = neuronLayers(network).filter(([, layer]) => fires(layer));
  const names = found.map(([name]) => name);
  check(found.length > 0, 'holdRates', 'the network has no neurons that fire');
  const stranger = Object.keys(layers).find((name) => !names.includes(name));
  check(
    stranger === undefined,
    'holdRates',
    () =>
      `there is no layer of neurons '${stranger}'${suggestion(stranger!, names)}; there are ${names.join(', ')}`,
  );
  const penalties = new Map<string, Tensor>();
  const watching = found.flatMap(([name, layer]) => {
    const own = layers[name];
    if (own === null) return [];
    const bounds = rateBoundsOptions.read(`holdRates: layers.${name}`, { low, high, ...own });
    checkBounds(`holdRates: layers.${name}`, bounds.low, bounds.high);
    return layer.onForward((_, spikes) => {
      if (layer.training) penalties.set(name, rateBounds(spikes, bounds));
    });
  });
  return {
    penalty() {
      const all = [...penalties.values()];
      penalties.clear();
      if (all.length === 0) return zeros([]);
      return scope(() => mul(all.reduce(add), strength));
    },
    release() {
      for (const stop of watching) stop();
    },
  };
}
