// What a NIR file cannot tell of the tool that wrote it: how long its step is, what a step makes of tau, r and w_in,
// whether a neuron fires on its threshold or above it, once or several times, and how it is reset. Each convention is
// the network as the tool ran it, with that tool's defaults; docs/exchange.md has them as a table, test/interop/nir/
// peers.test.ts holds each to spikes of the tool itself.

import { oneOf } from '../../options';

/** How a neuron fires, and what is left of its membrane. */
export type SpikeRule =
  /** Above the threshold, and is set to v_reset: NIR's own. */
  | 'above'
  /** The same, on the threshold too. */
  | 'from'
  /** As many times as the membrane holds thresholds, which are taken off it. */
  | 'several'
  /** Above the threshold, which is taken off in the step after. */
  | 'late'
  /** A step late, for the membrane of the step before, off which the threshold is taken. */
  | 'delayed'
  /** The same neuron, whose spikes a node behind it delays: those that come back to it have no time to lose. */
  | 'ahead';

/** Where membranes begin. */
export type Start = 'zero' | 'v_leak' | 'v_reset';

interface ToolRules {
  /** Seconds of a step, or 1 where time is counted in steps. */
  readonly dt: number;
  readonly firing: SpikeRule;
  readonly starts: Start;
  /** Whether decays are held between 0 and 1 as they are used: one that was trained beyond has no time constant. */
  readonly clamps: boolean;
  /**
   * Whether values of the tool have their channels last, and its files say less than that: a Flatten counts them last,
   * and a pool with any padding has as much as makes it 'same'.
   */
  readonly channelsLast: boolean;
  /** Share of a membrane or current that is left after a step. */
  keeps(tau: number, dt: number): number;
  /** What an input of 1 adds to a leaky membrane. @param fires whether it is a neuron's and no read-out's */
  leaky(r: number, tau: number, dt: number, fires: boolean): number;
  /** What an input of 1 adds to an integrator. */
  integrates(r: number, dt: number): number;
  /** What an input of 1 adds to a synapse's current. */
  synapse(w: number, tau: number, dt: number): number;
}

/** NIR's equations, one Euler step each. */
const nir: ToolRules = {
  dt: 1e-4,
  firing: 'above',
  starts: 'zero',
  clamps: false,
  channelsLast: false,
  keeps: (tau, dt) => 1 - dt / tau,
  leaky: (r, tau, dt) => (dt * r) / tau,
  integrates: (r, dt) => dt * r,
  synapse: (w, tau, dt) => (dt * w) / tau,
};
const one = () => 1;
const between = (keep: number) => Math.min(1, Math.max(0, keep));
const exponential = (tau: number, dt: number) => Math.exp(-dt / tau);

const CONVENTIONS = {
  nir,
  // its files have r = tau/dt and w_in = tau_syn/dt, which take the time constant out again
  snntorch: {
    ...nir,
    firing: 'late',
    clamps: true,
    keeps: (tau, dt) => between(1 - dt / tau),
    leaky: (r, tau, dt) => (dt * r) / tau || 1,
    synapse: (w, tau, dt) => (dt * w) / tau || 1,
  },
  spikingjelly: { ...nir, firing: 'from', starts: 'v_reset' },
  // to_nir multiplies its time constants by dt = 1e-3, and steps by 1e-3
  norse: { ...nir, dt: 1e-6, starts: 'v_leak', integrates: one, synapse: one },
  sinabs: {
    ...nir,
    dt: 1,
    firing: 'several',
    keeps: exponential,
    // ExpLeak takes its input as it is, LIF has it multiplied
    leaky: (r, tau, dt, fires) => (fires ? r * (1 - exponential(tau, dt)) : r),
  },
  rockpool: {
    ...nir,
    dt: 1e-3,
    firing: 'several',
    keeps: exponential,
    leaky: one,
    synapse: (w, tau, dt) => w * exponential(tau, dt),
  },
  spyx: {
    ...nir,
    dt: 1,
    firing: 'delayed',
    clamps: true,
    channelsLast: true,
    keeps: (tau, dt) => between(1 - dt / tau),
    leaky: one,
    integrates: one,
    synapse: one,
  },
} as const satisfies Record<string, ToolRules>;

/** The tool whose file a NIR graph is; `nir` is the format's own equations. */
export type NirConvention = keyof typeof CONVENTIONS;

export const NIR_CONVENTIONS = Object.keys(CONVENTIONS) as readonly NirConvention[];

export const aConvention = oneOf(NIR_CONVENTIONS);

export const conventionOf = (name: NirConvention): ToolRules => CONVENTIONS[name];

/** Whether a step that is long for its tau makes a neuron diverge: not where what is left is an exponential. */
export const mayDiverge = (name: NirConvention): boolean => CONVENTIONS[name].keeps === nir.keeps;
