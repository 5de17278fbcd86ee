// The parameters of a network in groups: which of them weight decay draws to 0, and norms' biases and what neurons
// learn with rates of their own.

import type { Tensor } from '../core/tensor';
import { checkModule, type Module } from '../nn/module';
import { finite, type OptionsOf, oneOf, option, optional, optionTable } from '../options';

/** How {@link parameterGroups} divides a network. */
export interface ParameterGroupsOptions {
  /**
   * What decays: `weights`, the parameters of two or more axes, so no norms and no biases; or `all`. Learnable
   * parameters of neurons decay in either case only if their `decay` says so. Default `weights`.
   */
  decay?: 'weights' | 'all';
  /** Learning rate of norms' biases. Default: that of the others. */
  normBiasLr?: number;
  /** Learning rate of what neurons learn, such as their time constants. Default: that of the others. */
  neuronLr?: number;
}

export const parameterGroupsOptions = /* @__PURE__ */ optionTable({
  decay: option(oneOf(['weights', 'all']), 'weights'),
  normBiasLr: optional(finite({ least: 0 }), 'that of the others'),
  neuronLr: optional(finite({ least: 0 }), 'that of the others'),
} satisfies OptionsOf<ParameterGroupsOptions>);

/** What {@link parameterGroups} gives: what any optimiser takes. */
export interface NetworkGroup {
  readonly parameters: readonly Tensor[];
  /** 0, or absent: the optimiser's own. */
  readonly weightDecay?: number;
  /** Absent: the optimiser's own. */
  readonly lr?: number;
}

/**
 * The parameters of a network in groups, for an optimiser: `new AdamW(parameterGroups(network), { lr: 0.002 })`. One
 * whose weight decay is the optimiser's, one that does not decay, and norms' biases and what neurons learn where they
 * have a rate of their own.
 */
export function parameterGroups(network: Module, options: ParameterGroupsOptions = {}): NetworkGroup[] {
  checkModule('parameterGroups', network);
  const { decay, normBiasLr, neuronLr } = parameterGroupsOptions.read('parameterGroups', options);
  const biases = normBiasLr === undefined ? new Set<Tensor>() : normBiases(network);
  const make = (lr?: number) => ({ decayed: [] as Tensor[], kept: [] as Tensor[], lr });
  const [usual, ofNorms, ofNeurons] = [make(), make(normBiasLr), make(neuronLr)];
  for (const { tensor, trainable, decay: own } of network.state().values()) {
    if (!trainable) continue;
    const decays = own ?? (decay === 'all' || tensor.shape.length >= 2);
    const isOfNeuron = own !== undefined && neuronLr !== undefined;
    const part = biases.has(tensor) ? ofNorms : isOfNeuron ? ofNeurons : usual;
    part[decays ? 'decayed' : 'kept'].push(tensor);
  }
  return [usual, ofNorms, ofNeurons]
    .flatMap(({ decayed, kept, lr }): NetworkGroup[] => {
      const rate = lr === undefined ? {} : { lr };
      return [
        { parameters: decayed, ...rate },
        { parameters: kept, ...rate, weightDecay: 0 },
      ];
    })
    .filter(({ parameters }) => parameters.length > 0);
}

/** Biases of layers whose weight is one number a channel. */
function normBiases(network: Module): Set<Tensor> {
  const found = new Set<Tensor>();
  for (const [, module] of network.modules()) {
    const state = module.state();
    const [weight, bias] = ['weight', 'bias'].map((name) => state.get(name));
    if (weight?.trainable && weight.tensor.shape.length === 1 && bias?.trainable) found.add(bias.tensor);
  }
  return found;
}
