// The schedules that people know. Each begins at its base in the first step unless it says otherwise, and ends behind
// the last.

import { check } from '../errors';
import { cos } from '../mathematics';
import { finite, listOf, type OptionsOf, option, optionTable } from '../options';
import { Schedule } from './schedule';

/** Where a schedule begins and ends, as shares of the base rate. */
export interface RampOptions {
  /** Default 1. */
  from?: number;
  /** Default 0. */
  to?: number;
}

const share = finite({ least: 0 });

export const rampOptions = /* @__PURE__ */ optionTable({
  from: option(share, 1),
  to: option(share, 0),
} satisfies OptionsOf<RampOptions>);

/** Half a turn of a cosine from 1 to 0; no steps are at its beginning. */
const half = (step: number, steps: number): number =>
  steps === 0 ? 1 : (1 + cos((Math.PI * step) / steps)) / 2;

/** The base rate throughout. */
export function constantRate(): Schedule {
  return new Schedule('constant', () => 1);
}

/** In a straight line. */
export function linearDecay(options: RampOptions = {}): Schedule {
  const { from, to } = rampOptions.read('linearDecay', options);
  return new Schedule(`linear to ${to}`, (step, steps) =>
    steps === 0 ? from : from + (to - from) * (step / steps),
  );
}

/**
 * Cosine annealing (Loshchilov & Hutter, 2017): step i of n, counted from 0, has to + (from - to)/2·(1 + cos(πi/n)), so
 * that the first step runs at the base.
 */
export function cosine(options: RampOptions = {}, ...former: never[]): Schedule {
  check(
    former.length === 0,
    'cosine',
    'is a schedule as a value now: base * cosine().at(step, steps) is what cosine(base, step, steps) was',
  );
  const { from, to } = rampOptions.read('cosine', options);
  return new Schedule(`cosine to ${to}`, (step, steps) => to + (from - to) * half(step, steps));
}

/** When a rate falls, and by how much. */
export interface StepDecayOptions {
  /** Shares of the run behind which it falls. Default [0.5, 0.75]. */
  at?: readonly number[];
  /** What it is multiplied with each time. Default 0.1. */
  factor?: number;
}

export const stepDecayOptions = /* @__PURE__ */ optionTable({
  at: option(listOf(finite({ least: 0, most: 1 })), () => [0.5, 0.75] as readonly number[], '[0.5, 0.75]'),
  factor: option(share, 0.1),
} satisfies OptionsOf<StepDecayOptions>);

/** Constant between falls, as PyTorch's MultiStepLR. */
export function stepDecay(options: StepDecayOptions = {}): Schedule {
  const { at, factor } = stepDecayOptions.read('stepDecay', options);
  return new Schedule(`times ${factor} at ${at.join(', ')}`, (step, steps) =>
    at.reduce((rate, place) => (steps > 0 && step >= Math.round(place * steps) ? rate * factor : rate), 1),
  );
}

/** The shape of {@link oneCycle}. */
export interface OneCycleOptions {
  /** Share of the run at which the base rate is reached. Default 0.3. */
  peak?: number;
  /** Share of the base in the first step. Default 0.04. */
  from?: number;
  /** Share of the base in the last step. Default 0.000004. */
  to?: number;
}

export const oneCycleOptions = /* @__PURE__ */ optionTable({
  peak: option(finite({ above: 0, below: 1 }), 0.3),
  from: option(share, 0.04),
  to: option(share, 0.000004),
} satisfies OptionsOf<OneCycleOptions>);

/**
 * Up along half a turn of a cosine and down along another (Smith & Topin, 2018), as PyTorch's OneCycleLR with its
 * defaults, but for the momentum, which stays.
 */
export function oneCycle(options: OneCycleOptions = {}): Schedule {
  const { peak, from, to } = oneCycleOptions.read('oneCycle', options);
  return new Schedule(`one cycle with its peak at ${peak}`, (step, steps) => {
    const top = peak * steps - 1;
    if (step <= top) return 1 + (from - 1) * half(step, top);
    const down = steps - 1 - top;
    return to + (1 - to) * half(Math.min(step - top, down), down);
  });
}
