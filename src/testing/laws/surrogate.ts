// checkSurrogate: that the derivative is that of a step which climbs by `integral`, alike on both sides and never down.

import fc from 'fast-check';
import type { Surrogate } from '../../neurons';
import { anyNumber, checkKind } from '../../options';
import { aSurrogate } from '../../snn/surrogate';
import { floatsOf } from './floats';
import { holdLaws, type LawOptions, type LawReport, lawOptions } from './hold';
import { type Law, law } from './law';
import { potentials } from './potentials';
import { wrongDerivative } from './slopes';
import { type FunctionText, functionFrom, isFunctionText } from './text';

/** A potential costs a microsecond. */
const RUNS = 1000;
/** So far out a step has arrived; arctan and fastSigmoid come near like 1/u. */
const FAR = 2 ** 30;
const ARRIVED = 1e-6;

function surrogateLaws(surrogate: Surrogate): Law[] {
  const floats = floatsOf('checkSurrogate', 'f64');
  const draws = potentials([-1, -0.5, 0, 0.5, 1], floats);
  const { integral } = surrogate;
  const value = (u: number) => surrogate.value(u);
  const derivative = (u: number) => surrogate.derivative(u);
  const peak = Math.max(1, Math.abs(derivative(0)));
  return [
    law(
      'derivative',
      'derivative(u) lies between the slopes of value to the left and to the right of u, as far as differences tell',
      draws,
      (u) => wrongDerivative(surrogate, ['value', 'derivative'], u, floats),
    ),
    law(
      'integral',
      'value climbs by integral from -2^30 to 2^30, to one part in a million',
      fc.constant(FAR),
      (far) => {
        const climb = value(far) - value(-far);
        // an infinite climb never ends
        if (!Number.isFinite(integral))
          return (value(far * far) - value(-far * far) - climb) * Math.sign(integral) > 0
            ? undefined
            : [`value(2^30) - value(-2^30) = ${climb}, which is not less than from -2^60 to 2^60`];
        if (Math.abs(climb - integral) <= ARRIVED * Math.abs(integral)) return undefined;
        return [`value(2^30) - value(-2^30) = ${climb}, integral = ${integral}`];
      },
    ),
    law(
      'even',
      'both sides of the threshold are alike: derivative(u) = derivative(-u), to 4 roundings of the largest',
      draws,
      (u) =>
        Math.abs(derivative(u) - derivative(-u)) <= 4 * floats.spacing(peak)
          ? undefined
          : [`derivative(${u}) = ${derivative(u)}, derivative(${-u}) = ${derivative(-u)}`],
    ),
    law('never negative', 'a rising potential never unmakes a spike: derivative(u) >= 0', draws, (u) =>
      derivative(u) >= 0 ? undefined : [`derivative(${u}) = ${derivative(u)}`],
    ),
  ];
}

/** A surrogate as text. */
export interface SurrogateText extends FunctionText {
  /** value(∞) - value(-∞). Left out, it is 1. */
  readonly integral?: number;
}

function surrogateFrom(given: string | SurrogateText): Surrogate {
  if (typeof given === 'string') return { ...functionFrom('checkSurrogate', 'u', given), integral: 1 };
  const { integral = 1, ...rest } = given;
  return { ...functionFrom('checkSurrogate', 'u', rest), integral };
}

/**
 * Tries the laws of a surrogate: derivative, integral, even, never negative. `except: ['even']` allows one that leans
 * to one side. A step narrower than about 2^-18 is too steep for the differences.
 *
 * ```ts
 * checkSurrogate('0.5 + arctan(3*u)/pi');
 * checkSurrogate({ value: 'sigmoid(a*u)', derivative: 'a*bell(a*u)', parameters: { a: 4 } });
 * ```
 *
 * @param surrogate what `arctan()` or `customSurrogate()` makes, or an expression in u as text
 * @returns the laws that held, each with its draws (1000 by default)
 * @throws EquationError at the place of a mistake in a text; LawBroken with the simplest counterexample to each law
 *   that fails
 */
export function checkSurrogate(
  surrogate: Surrogate | string | SurrogateText,
  options: LawOptions = {},
): LawReport {
  const given = lawOptions.read('checkSurrogate', options);
  const own = isFunctionText(surrogate) ? surrogateFrom(surrogate) : surrogate;
  checkKind('checkSurrogate', 'surrogate', aSurrogate, own);
  checkKind('checkSurrogate', 'surrogate.integral', anyNumber, own.integral);
  const subject = {
    where: 'checkSurrogate',
    name: own.name || 'the surrogate',
    argument: 'surrogate',
    given: {},
  };
  return holdLaws(subject, surrogateLaws(own), given, RUNS);
}
