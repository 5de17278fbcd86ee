// What a NIR neuron's constants come to in a step of dt (index.ts has the equations), and what may be said of them
// without running: that it diverges, and how far its threshold is.

import { check, SpikegradError } from '../../../errors';
import { array, describeNode, FROM, type NamedNode, optionalArray } from '../attributes';
import { conventionOf, mayDiverge, type NirConvention, type SpikeRule } from '../convention';
import type { NirArray } from '../graph';

/** Which parts a type has. */
const KINDS: Readonly<Record<string, { current: boolean; leaks: boolean; fires: boolean; tau: string }>> = {
  I: { current: false, leaks: false, fires: false, tau: '' },
  IF: { current: false, leaks: false, fires: true, tau: '' },
  LI: { current: false, leaks: true, fires: false, tau: 'tau' },
  LIF: { current: false, leaks: true, fires: true, tau: 'tau' },
  CubaLI: { current: true, leaks: true, fires: false, tau: 'tau_mem' },
  CubaLIF: { current: true, leaks: true, fires: true, tau: 'tau_mem' },
};

export const NEURON_TYPES = Object.keys(KINDS);

/** Element by element; a single number stands for all. */
export function combine(f: (...numbers: number[]) => number, ...arrays: NirArray[]): NirArray {
  const longest = arrays.reduce((a, b) => (b.data.length > a.data.length ? b : a));
  const data = Float64Array.from(longest.data, (_, i) =>
    f(...arrays.map((one) => one.data[one.data.length === 1 ? 0 : i]!)),
  );
  return { shape: longest.shape, data, integer: false };
}

function leastOf({ data }: NirArray): number {
  let least = Number.POSITIVE_INFINITY;
  for (const value of data) least = Math.min(least, value);
  return least;
}

/** A neuron's constants for a step, channels first as in the file. */
export interface NeuronConstants {
  readonly keep: NirArray;
  readonly drive: NirArray;
  readonly leak: NirArray | undefined;
  readonly synapse: { readonly keep: NirArray; readonly drive: NirArray } | undefined;
  readonly spike:
    | { readonly threshold: NirArray; readonly reset: NirArray; readonly firing: SpikeRule }
    | undefined;
  /** Where the membrane begins; undefined at 0. */
  readonly start: NirArray | undefined;
}

/**
 * @param dt seconds of a step
 * @param convention of the tool that wrote the graph
 * @throws for a time constant that is not above 0, or so small that a step of dt makes the neuron diverge
 */
export function neuronConstants(
  named: NamedNode,
  dt: number,
  convention: NirConvention = 'nir',
): NeuronConstants {
  const kind = KINDS[named.node.type]!;
  const { keeps, leaky, integrates } = conventionOf(convention);
  checkSizes(named);
  const r = array(named, 'r');
  const constants = {
    keep: combine(() => 1, r),
    drive: combine((x) => integrates(x!, dt), r),
    leak: undefined as NirArray | undefined,
  };
  if (kind.leaks) {
    const tau = timeConstant(named, kind.tau, dt, convention);
    const rest = array(named, 'v_leak');
    constants.keep = combine((t) => keeps(t!, dt), tau);
    constants.drive = combine((t, x) => leaky(x!, t!, dt, kind.fires), tau, r);
    if (rest.data.some((value) => value !== 0)) constants.leak = combine((t, v) => (dt * v!) / t!, tau, rest);
  }
  return {
    ...constants,
    synapse: kind.current ? synapse(named, dt, convention) : undefined,
    spike: spike(named, convention),
    start: startOf(named, convention),
  };
}

function startOf(named: NamedNode, convention: NirConvention): NirArray | undefined {
  const { starts } = conventionOf(convention);
  const start = starts === 'zero' ? undefined : optionalArray(named, starts);
  return start?.data.some((value) => value !== 0) ? start : undefined;
}

/** One number for all neurons, or one for each. */
function checkSizes(named: NamedNode): void {
  const arrays = [...named.node.attributes].flatMap(([key, value]) =>
    typeof value === 'string' || value.data.length === 1 ? [] : [{ key, ...value }],
  );
  const [first] = arrays;
  const other = arrays.find(({ data }) => data.length !== first!.data.length);
  check(
    other === undefined,
    FROM,
    () =>
      `${describeNode(named)}: "${first!.key}" [${first!.shape}] and "${other!.key}" [${other!.shape}] are not of as many neurons`,
  );
}

function synapse(
  named: NamedNode,
  dt: number,
  convention: NirConvention,
): NonNullable<NeuronConstants['synapse']> {
  const { keeps, synapse } = conventionOf(convention);
  const tau = timeConstant(named, 'tau_syn', dt, convention);
  const weight = optionalArray(named, 'w_in') ?? combine(() => 1, tau);
  return {
    keep: combine((t) => keeps(t!, dt), tau),
    drive: combine((t, w) => synapse(w!, t!, dt), tau, weight),
  };
}

function spike(named: NamedNode, convention: NirConvention): NeuronConstants['spike'] {
  if (!KINDS[named.node.type]!.fires) return undefined;
  const threshold = array(named, 'v_threshold');
  return {
    threshold,
    reset: optionalArray(named, 'v_reset') ?? combine(() => 0, threshold),
    firing: named.firing ?? conventionOf(convention).firing,
  };
}

function timeConstant(named: NamedNode, key: string, dt: number, convention: NirConvention): NirArray {
  const tau = array(named, key);
  if (conventionOf(convention).clamps) return tau;
  const lost = tau.data.findIndex((value) => !(value > 0));
  const at = lost >= 0 ? lost : tau.data.indexOf(leastOf(tau));
  const least = tau.data[at]!;
  const place = tau.data.length === 1 ? '' : ` at neuron ${at}`;
  check(
    lost < 0,
    FROM,
    () =>
      `${describeNode(named)}: every "${key}" must be above 0, got ${least}${place}; a decay that was trained above 1 makes a time constant below 0 (tau = dt/(1 - beta)): keep it below 1 in training, or clip it before the graph is written`,
  );
  // 1 - dt/tau is then below -1: a membrane grows from step to step, with changing signs
  check(
    2 * least >= dt || !mayDiverge(convention),
    FROM,
    () =>
      `${describeNode(named)}: a step of dt = ${dt} is too long for "${key}" ${least}${place}, below dt/2 a neuron diverges; pass the dt that the graph was made for, at most ${short(2 * least)}, or the tool that wrote it, as convention: 'norse'`,
  );
  return tau;
}

/** What an input of 1 does to a neuron. */
export interface StepResponse {
  /** What it adds to the membrane, a synapse's current having settled: the least and the most of a node's neurons. */
  readonly adds: readonly [number, number];
  /** Share of the membrane that is left after a step. */
  readonly keeps: readonly [number, number];
  /** After how many steps of it the neuron fires that fires first; Infinity: never. Absent where none fires. */
  readonly fires?: number;
}

/** @throws as {@link neuronConstants} */
export function stepResponse(named: NamedNode, dt: number, convention?: NirConvention): StepResponse {
  const constants = neuronConstants(named, dt, convention);
  const adds = gainOf(constants);
  const range = (values: NirArray) => [leastOf(values), -leastOf(combine((x) => -x!, values))] as const;
  const response = { adds: range(adds), keeps: range(constants.keep) };
  if (constants.spike === undefined) return response;
  const leak = constants.leak ?? combine(() => 0, adds);
  const start = constants.start ?? combine(() => 0, adds);
  const steps = combine(stepsTo, constants.spike.threshold, adds, constants.keep, leak, start);
  return { ...response, fires: range(steps)[0] };
}

/**
 * V after n steps is settled + (start - settled)·keep^n with settled = added/(1 - keep); it fires above the threshold.
 */
function stepsTo(threshold = 0, drive = 0, keep = 1, leak = 0, start = 0): number {
  const added = drive + leak;
  if (keep * start + added > threshold) return 1;
  if (keep === 1) return added > 0 ? Math.floor((threshold - start) / added) + 1 : Number.POSITIVE_INFINITY;
  const settled = added / (1 - keep);
  if (keep <= 0 || settled <= threshold) return Number.POSITIVE_INFINITY;
  return Math.floor(Math.log((settled - threshold) / (settled - start)) / Math.log(keep)) + 1;
}

/** What a lasting input of 1 adds in a step. */
function gainOf({ drive, synapse }: NeuronConstants): NirArray {
  if (synapse === undefined) return drive;
  // the current settles at drive/(1 - keep)
  return combine((a, i, keep) => (a! * i!) / (1 - keep!), drive, synapse.drive, synapse.keep);
}

/** Steps of the strongest input, with no leak, from which on a neuron counts as one that cannot fire. */
const TOO_FAR = 100;

/**
 * Warns of a node whose thresholds lie too far for steps of dt.
 * @param strongest the largest input that the weights before the node can make of inputs of at most 1
 * @returns undefined where at least one of its neurons may fire
 */
export function reachWarning(
  named: NamedNode,
  dt: number,
  strongest: number,
  convention?: NirConvention,
): string | undefined {
  const constants = neuronConstants(named, dt, convention);
  if (constants.spike === undefined) return undefined;
  const { threshold } = constants.spike;
  const gain = gainOf(constants);
  const steps = combine((limit, add) => Math.max(0, limit!) / Math.max(0, add! * strongest), threshold, gain);
  const nearest = leastOf(steps);
  if (nearest <= TOO_FAR) return undefined;
  const found = stepResponse(named, dt, convention);
  const advice = dtFor(named);
  return `${describeNode(named)} can hardly fire at dt = ${dt}: an input of 1 adds ${short(found.adds[1])} in a step, so that even the strongest input that its weights can make of inputs up to 1, ${short(strongest)}, takes ${Number.isFinite(nearest) ? `${Math.ceil(nearest)} steps` : 'for ever'} to the threshold${advice === undefined ? '' : `; ${advice}`}`;
}

/** The step that the constants suggest: that in which an input of 1 is one, or that in which a tau is ten. */
function dtFor(named: NamedNode): string | undefined {
  const kind = KINDS[named.node.type]!;
  const mid = (key: string) => {
    const sorted = Float64Array.from(array(named, key).data).sort();
    return sorted[Math.floor(sorted.length / 2)]!;
  };
  const [r, tau] = [mid('r'), kind.leaks ? mid(kind.tau) : undefined];
  if (tau === undefined && r <= 0) return undefined;
  const counts = tau === undefined ? r === 1 : tau >= 1;
  const dt = counts ? 1 : tau === undefined ? 1 / r : tau / 10;
  return counts
    ? 'it seems to count time in steps, as graphs of Sinabs and snnTorch do: pass dt: 1'
    : `pass the dt that the graph was made for, perhaps dt: ${short(dt)}`;
}

export const short = (number: number): string => String(Number(number.toPrecision(6)));

/** A node's response in words, or why it does not run: `keeps 0.9 and adds 0.1, fires after 7 steps`. */
export function responseInWords(named: NamedNode, dt: number, convention?: NirConvention): string {
  try {
    const { adds, keeps, fires } = stepResponse(named, dt, convention);
    const between = ([low, high]: readonly [number, number]) =>
      short(low) === short(high) ? short(low) : `${short(low)} to ${short(high)}`;
    const firing =
      fires === undefined
        ? ''
        : Number.isFinite(fires)
          ? `, fires after ${fires} step${fires === 1 ? '' : 's'}`
          : ', never fires on it';
    return `keeps ${between(keeps)}, adds ${between(adds)}${firing}`;
  } catch (error) {
    if (error instanceof SpikegradError) return 'does not run at this dt';
    throw error;
  }
}
