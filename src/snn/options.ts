// The options of a spiking neuron, checked, with the paper's defaults filled in.

import type { NeuronSpec } from '../backends/backend';
import { check } from '../errors';
import { mprOf, type Rectifier } from './rectifier';
import { rectangular, type Surrogate } from './surrogate';

/** The equations and constants of a LIF neuron. */
export interface LifOptions {
  /**
   * `leak`: H[t] = tau·V[t-1] + X[t], what the authors' released code runs. `paper`: H[t] = V[t-1] + tau·X[t], eq. 4 as
   * printed; fed by tdBN it hardly fires in the first steps. Default `leak`.
   */
  dynamics?: 'leak' | 'paper';
  /** Default 0.25. */
  tau?: number;
  /** Firing threshold. Default 0.5. */
  vth?: number;
  /** Where a hard reset puts the membrane. Default 0. */
  vReset?: number;
  /** `hard`: V = vReset after a spike. `soft`: V = H - vth. Default `hard`. */
  reset?: 'hard' | 'soft';
  /** Whether the gradient ignores the reset. Default false. */
  detachReset?: boolean;
  /** φ before firing; null for none. Default null. */
  rectifier?: Rectifier | null;
  /** Default the paper's rectangle of window 1. */
  surrogate?: Surrogate;
}

export type Neuron = Omit<NeuronSpec, 'rectifier'> & {
  readonly rectifier: Rectifier | undefined;
  readonly surrogate: Surrogate;
};

let warnedOfCentre = false;

/** Checks the options and fills in the defaults. */
export function neuronOf(where: string, options: LifOptions): Neuron {
  const {
    dynamics = 'leak',
    tau = 0.25,
    vth = 0.5,
    vReset = 0,
    reset = 'hard',
    detachReset = false,
    rectifier = null,
    surrogate = rectangular(),
  } = options;
  check(
    dynamics === 'leak' || dynamics === 'paper',
    where,
    () => `dynamics must be 'leak' or 'paper', got ${dynamics}`,
  );
  check(reset === 'hard' || reset === 'soft', where, () => `reset must be 'hard' or 'soft', got ${reset}`);
  for (const [name, value] of Object.entries({ tau, vth, vReset })) {
    check(Number.isFinite(value), where, () => `${name} must be a finite number, got ${value}`);
  }
  check(
    vReset < vth,
    where,
    () => `vReset ${vReset} must lie below vth ${vth}, or the neuron fires for ever`,
  );
  const centre = mprOf(rectifier)?.centre ?? vth;
  if (centre !== vth && !warnedOfCentre) {
    warnedOfCentre = true;
    console.warn(
      `${where}: MPR is centred on ${centre} but vth is ${vth}, so rectification can change spikes; mpr({ centre: ${vth} }) moves it (said once)`,
    );
  }
  return { dynamics, tau, vth, vReset, reset, detachReset, rectifier: rectifier ?? undefined, surrogate };
}
