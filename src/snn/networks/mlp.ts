// Layers of neurons with nothing but weights between them, with the names of snnTorch's tutorial 5: fc1, lif1, fc2, …
// An input is repeated T times; the first layer sees it once.

import { aShape, type Shape, sizeOf } from '../../backends/shape';
import { check } from '../../errors';
import { Flatten } from '../../nn/layers';
import type { Module } from '../../nn/module';
import { listOf, type OptionsOf, option, optionTable, required, whole } from '../../options';
import { TimeMean } from '../encoder';
import { checkNeuron, type NeuronChoice, neuronLayer } from '../neuron-layer';
import { NamedParts, Repeated } from './named-parts';
import { firing, type SpikingNetworkOptions, spikingNetworkOptions, unnormed } from './options';

/** What {@link spikingMlp} builds. */
export interface SpikingMlpOptions extends Omit<SpikingNetworkOptions, 'channels'> {
  /** One image [H,W,C], or one vector [N]. */
  inputShape: Shape;
  /** Neurons of each hidden layer. Default `[1000]`. */
  hidden?: readonly number[];
  /**
   * Every neuron: options of `Lif`, or what `neuron()` makes. Default `{ tau: 0.5, vth: 1, surrogate: arctan() }`.
   */
  neuron?: NeuronChoice;
}

export const spikingMlpOptions = /* @__PURE__ */ (() => {
  const { channels: _, ...common } = spikingNetworkOptions.specs;
  return optionTable({
    ...common,
    neuron: unnormed,
    inputShape: required(aShape),
    hidden: option(listOf(whole({ least: 1 })), (): readonly number[] => [1000], '[1000]'),
  } satisfies OptionsOf<SpikingMlpOptions>);
})();

/**
 * A spiking perceptron: images [N,H,W,C] or vectors [N,inputs], or sequences [T,N,…] of them, to the rates of the last
 * layer's spikes, [N,classes]. Its layers are called fc1, lif1, fc2, lif2, …
 */
export function spikingMlp(options: SpikingMlpOptions): Module {
  const { inputShape, hidden, classes, timesteps, neuron, random } = spikingMlpOptions.read(
    'spikingMlp',
    options,
  );
  check(
    inputShape.length === 1 || inputShape.length === 3,
    'spikingMlp',
    () => `inputShape must be [H,W,C] or [N], got [${inputShape}]`,
  );
  checkNeuron('spikingMlp: neuron', neuron);
  const sizes = [sizeOf(inputShape), ...hidden, classes];
  const layers = sizes
    .slice(1)
    .flatMap((outputs, i): [string, Module][] => [
      [`fc${i + 1}`, firing(sizes[i]!, outputs, random)],
      ...(i === 0 ? [['repeated', new Repeated(timesteps, 2)] satisfies [string, Module]] : []),
      [`lif${i + 1}`, neuronLayer(neuron, outputs)],
    ]);
  const flatten: [string, Module][] =
    inputShape.length === 3 ? [['flatten', new Flatten(3, { order: 'channelsFirst' })]] : [];
  return new NamedParts([...flatten, ...layers, ['timeMean', new TimeMean()]]);
}
