// The parameters of a network in groups: which of them weight decay draws to 0, and norms' biases with a rate of their
// own.

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
}

export const parameterGroupsOptions = /* @__PURE__ */ optionTable({
  decay: option(oneOf(['weights', 'all']), 'weights'),
  normBiasLr: optional(finite({ least: 0 }), 'that of the others'),
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
 * whose weight decay is the optimiser's, one that does not decay, and norms' biases where they have a rate of their
 * own.
 */
export function parameterGroups(network: Module, options: ParameterGroupsOptions = {}): NetworkGroup[] {
  checkModule('parameterGroups', network);
  const { decay, normBiasLr } = parameterGroupsOptions.read('parameterGroups', options);
  const biases = normBiasLr === undefined ? new Set<Tensor>() : normBiases(network);
  const groups: { decayed: Tensor[]; kept: Tensor[]; biases: Tensor[] } = {
    decayed: [],
    kept: [],
    biases: [],
  };
  for (const { tensor, trainable, decay: own } of network.state().values()) {
    if (!trainable) continue;
    const decays = own ?? (decay === 'all' || tensor.shape.length >= 2);
    groups[biases.has(tensor) ? 'biases' : decays ? 'decayed' : 'kept'].push(tensor);
  }
  const isAll = decay === 'all';
  return [
    { parameters: groups.decayed },
    { parameters: groups.kept, weightDecay: 0 },
    { parameters: groups.biases, lr: normBiasLr, ...(!isAll && { weightDecay: 0 }) },
  ].filter(({ parameters }) => parameters.length > 0);
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
