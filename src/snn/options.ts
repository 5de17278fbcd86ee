// The options of a spiking neuron, checked, with the paper's defaults filled in.

import type { ScalarFunction } from '../backends/backend';
import { check } from '../errors';
import { rectangular, type Surrogate } from '../neurons';
import { notice } from '../notices';
import { type Filled, finite, flag, type OptionsOf, oneOf, option, optionTable, orNull } from '../options';
import { aRectifier, mprOf, type Rectifier } from './rectifier';
import { aSurrogate } from './surrogate';

/** The equations and constants of a LIF neuron. */
export interface LifOptions {
  /**
   * `leak`: H[t] = tau·V[t-1] + X[t], what the authors' released code runs. `paper`: H[t] = V[t-1] + tau·X[t], eq. 4 as
   * printed; fed by tdBN it hardly fires in the first steps. Default `leak`.
   */
  dynamics?: 'leak' | 'paper';
  /** The share of V that is left after a step (`leak`), or that the input adds (`paper`), >= 0. Default 0.25. */
  tau?: number;
  /** Firing threshold. Default 0.5. */
  vth?: number;
  /** Where a hard reset puts the membrane. Default 0. */
  vReset?: number;
  /** `hard`: V = vReset after a spike. `soft`: V = H - vth. Default `hard`. */
  reset?: 'hard' | 'soft';
  /** Whether the gradient ignores the reset. Default false. */
  detachReset?: boolean;
  /** φ before firing, such as `mpr()`; null for none. Default null. */
  rectifier?: Rectifier | null;
  /** What stands in for the derivative of the step. Default `rectangular()`, the paper's. */
  surrogate?: Surrogate;
}

/** One for all, since it cannot be changed. */
const paperSurrogate = rectangular();

export const lifOptions = optionTable({
  dynamics: option(oneOf(['leak', 'paper']), 'leak'),
  tau: option(finite({ least: 0 }), 0.25),
  vth: option(finite(), 0.5),
  vReset: option(finite(), 0),
  reset: option(oneOf(['hard', 'soft']), 'hard'),
  detachReset: option(flag, false),
  rectifier: option(orNull(aRectifier), null),
  surrogate: option(aSurrogate, paperSurrogate, 'rectangular()'),
} satisfies OptionsOf<LifOptions>);

/** What {@link Lif} takes: the neuron, and whether it goes on where it stopped. */
export interface LifLayerOptions extends LifOptions {
  /**
   * Whether V is carried from one call to the next until `reset()`, for a recording that arrives in pieces; gradients
   * end at the piece (truncated BPTT). Default false: every call begins with V = 0.
   */
  stateful?: boolean;
}

export const lifLayerOptions = /* @__PURE__ */ lifOptions.with({
  stateful: option(flag, false),
} satisfies OptionsOf<Pick<LifLayerOptions, 'stateful'>>);

/** A LIF neuron's constants, all defaults filled in. */
export interface Neuron extends Readonly<Required<Omit<LifOptions, 'rectifier'>>> {
  readonly rectifier: Rectifier | undefined;
}

/** One that is equations throughout: its rectifier is none of operators. */
export type FusedNeuron = Neuron & { readonly rectifier: ScalarFunction | undefined };

const known = new WeakMap<object, Neuron>();

/** Checks the options and fills in the defaults; the same object for the same options, if these were read lately. */
export function neuronOf(where: string, options: LifOptions): Neuron {
  const read = lifOptions.again(where, options);
  const found = known.get(read) ?? neuronFrom(where, read);
  known.set(read, found);
  return found;
}

function neuronFrom(where: string, { rectifier, ...constants }: Filled<typeof lifOptions.specs>): Neuron {
  const { vth, vReset } = constants;
  check(
    vReset < vth,
    where,
    () => `vReset ${vReset} must lie below vth ${vth}, or the neuron fires for ever`,
  );
  const centre = mprOf(rectifier)?.centre ?? vth;
  if (centre !== vth)
    notice(
      `${where}: MPR is centred on ${centre} but vth is ${vth}, so rectification can change spikes; mpr({ centre: ${vth} }) moves it`,
      'centre of MPR',
    );
  return { ...constants, rectifier: rectifier ?? undefined };
}
