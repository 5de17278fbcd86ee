// The phases of a run as a setting: how many time steps it has in each, how long each takes, and how the learning rate
// goes in it. Its type, its check, and its form on the command line; what a run makes of them is plan.ts's business.

import { anObject, finite, type Kind, kind, whole } from '../../options';

/** A stretch of a run with time steps and a learning rate of its own. */
export interface RunPhase {
  /** Time steps T; absent: those of the run, which the last phase always has. */
  readonly timesteps?: number;
  /** Its part of the run: the parts of all phases together are the whole, however many epochs that is. */
  readonly parts: number;
  /** The learning rate at its beginning, as a share of the base rate. */
  readonly from: number;
  /** The learning rate at its end; between the two it goes as the run's schedule does. */
  readonly to: number;
}

const FIELDS = ['timesteps', 'parts', 'from', 'to'];
const share = finite({ least: 0 });

function isPhase(value: unknown): boolean {
  if (!anObject.holds(value)) return false;
  const { timesteps, parts, from, to } = value;
  return (
    Object.keys(value).every((name) => FIELDS.includes(name)) &&
    (timesteps === undefined || whole({ least: 1 }).holds(timesteps)) &&
    finite({ above: 0 }).holds(parts) &&
    share.holds(from) &&
    share.holds(to)
  );
}

/** Phases, the last with the time steps of the run; an empty list for a run of one piece. */
export const phaseList: Kind<readonly RunPhase[]> = /* @__PURE__ */ kind(
  'a list of phases { timesteps, parts, from, to }, on the command line T:parts:from-to joined by commas, the last of which leaves its time steps out',
  (value) =>
    Array.isArray(value) &&
    value.every(isPhase) &&
    (value.length === 0 || (value.at(-1) as RunPhase).timesteps === undefined),
  (value) =>
    Array.isArray(value) && value.length > 0 && value.every(isPhase)
      ? 'the last phase has the time steps of the run: leave its timesteps out'
      : undefined,
);

/**
 * Where a run is to be of one piece, because phases are `[]` or a warm-up takes the place of the first one: what a
 * recipe then has nothing to say of.
 */
export function onePiece(given: {
  readonly phases?: readonly RunPhase[] | undefined;
  readonly warmup?: number | undefined;
  readonly normBatches?: number | undefined;
}): { phases?: readonly RunPhase[]; normBatches?: number } {
  const { phases, warmup = 0, normBatches = 0 } = given;
  const isOne = phases === undefined ? warmup > 0 : phases.length === 0;
  return isOne ? { phases: [], normBatches } : {};
}

const NUMBER = String.raw`\d+(?:\.\d+)?`;
const PHASE = new RegExp(`^(?:(\\d+):)?(${NUMBER}):(${NUMBER})-(${NUMBER})$`);

/** `1:6:1-0.3,1:0.3-0`: six parts at T = 1, then one at the run's T. `none` for none. */
export function readPhases(word: string): unknown {
  if (word.trim() === 'none') return [];
  return word.split(',').map((part) => {
    const found = PHASE.exec(part.trim());
    if (found === null) return undefined; // which the kind refuses
    const [, timesteps, parts, from, to] = found;
    return {
      ...(timesteps !== undefined && { timesteps: Number(timesteps) }),
      parts: Number(parts),
      from: Number(from),
      to: Number(to),
    };
  });
}

/** A phase as {@link readPhases} takes it. */
export function phaseInWords({ timesteps, parts, from, to }: RunPhase): string {
  return `${timesteps === undefined ? '' : `${timesteps}:`}${parts}:${from}-${to}`;
}
