// What differential equations take beside what all equations take.

import {
  either,
  finite,
  flag,
  kind,
  listOf,
  nearest,
  type OptionsOf,
  oneOf,
  option,
  optional,
  text,
  whole,
} from '../../options';
import { type IntegrationMethod, METHODS } from './methods';

/** What `neuron()` takes with differential equations, and with no others. */
export interface DifferentialSettings {
  /**
   * When it fires, a comparison such as `'v > vth'`, kept as written, of the states after the step. Default: never, a
   * read-out.
   */
  threshold?: string;
  /** What a spike does to the states, in order: `'v = vr; w += b'`. Default: nothing. */
  reset?: string;
  /**
   * For how many whole steps after that of a spike there is none; or a condition such as `'v > 0'`, as long as which
   * there is none. Input goes on acting, but on states in `hold`. Default 0.
   */
  refractory?: number | string;
  /**
   * States that keep their values while the neuron is refractory, whatever comes in: Brian2's `(unless refractory)`.
   * Default `[]`.
   */
  hold?: readonly string[];
  /** The length of a step, in the unit in which time constants are given. Default 1. */
  dt?: number;
  /** How a step is made of derivatives. Default: `exact` where they are linear, else `exponentialEuler`. */
  method?: IntegrationMethod;
  /** Whether the gradient ignores the reset. Default false. */
  detachReset?: boolean;
  /**
   * What the surrogate takes for 1: it sees u/width, and its slope is divided by width. Default: the distance from rest
   * to threshold, where both are numbers and the surrogate has the width it has by default; else 1.
   */
  width?: number;
}

const aRefractoriness = either(whole({ least: 0 }), text);
const ofSteps = kind<number | string>(
  'a whole number of steps, or a condition in text',
  aRefractoriness.holds,
  (value) =>
    typeof value === 'number' && value > 0
      ? `refractory counts steps: a time is Math.ceil(time/dt) of them`
      : undefined,
);

const methods = oneOf(METHODS);
const aMethod = kind<IntegrationMethod>(methods.wanted, methods.holds, (value) => {
  const near = typeof value === 'string' ? nearest(value, METHODS) : undefined;
  return near && `did you mean ${near}?`;
});

export const differentialSettings = {
  threshold: optional(text, 'never, a read-out'),
  reset: optional(text, 'nothing'),
  refractory: option(ofSteps, 0),
  hold: option(listOf(text), () => []),
  dt: option(finite({ above: 0 }), 1),
  method: optional(aMethod, '`exact` where they are linear, else `exponentialEuler`'),
  detachReset: option(flag, false),
  width: optional(finite({ above: 0 }), 'the distance from rest to threshold'),
} satisfies OptionsOf<DifferentialSettings>;
