// The laws of a rectifier φ with threshold vth and levels low and high, the potentials of no spike and of a spike (0
// and 1 in the paper). The conditions are those of Guo et al., AAAI 2022, for eq. 8.

import fc from 'fast-check';
import type { FloatFormat } from '../floats';
import { type Law, law } from '../law';
import { potentials } from '../potentials';
import type { Scalar } from '../scalar';
import { wrongDerivative } from '../slopes';

/**
 * What a computed φ may be off by, in spacings of the largest number that it is made of: a few operations, each
 * rounded.
 */
const SPACINGS = 4;
/**
 * A continuous φ gains less than a rounding where it meets the identity; so near to that, "closer" may be "as close".
 */
const MARGIN = 1 / 64;

export interface RectifierSetting {
  readonly phi: Scalar;
  readonly vth: number;
  readonly levels: readonly [low: number, high: number];
  readonly floats: FloatFormat;
}

export function rectifierLaws({ phi, vth, levels, floats }: RectifierSetting): Law[] {
  const [low, high] = levels;
  const fixed = [low, vth, high];
  const value = (u: number) => floats.round(phi.value(u));
  const slack = (u: number) => SPACINGS * floats.spacing(Math.max(...fixed.map(Math.abs), Math.abs(u)));
  const draws = potentials(fixed, floats);
  const spikeOf = (u: number) => (u >= vth ? high : low);
  const side = (u: number) => {
    if (Number.isNaN(u)) return 'is not a number';
    return u >= vth
      ? `lies ${u - vth} above the threshold and fires`
      : `lies ${vth - u} below the threshold and does not fire`;
  };

  return [
    law(
      'never across',
      'u and φ(u) lie on the same side of the threshold, φ(u) >= vth exactly where u >= vth (condition 2)',
      draws,
      (u) =>
        value(u) >= vth === u >= vth && !Number.isNaN(value(u))
          ? undefined
          : [`u = ${u}, φ(u) = ${value(u)}, vth = ${vth}`, `u ${side(u)}, φ(u) ${side(value(u))}`],
    ),
    law(
      'closer',
      `φ(u) is closer to u's spike than u, |φ(u) - o| < |u - o| with o = ${high} where u >= vth, else ${low} (condition 1); within 1/64 of ${fixed.join(', ')} it may be as close`,
      draws,
      (u) => {
        const spike = spikeOf(u);
        const [before, after] = [Math.abs(u - spike), Math.abs(value(u) - spike)];
        const atFixed = fixed.some((point) => Math.abs(u - point) < MARGIN * (high - low));
        if (atFixed ? after <= before + slack(u) : after < before) return undefined;
        return [
          `u = ${u}, φ(u) = ${value(u)}, spike ${spike}`,
          `u is ${before} from its spike, φ(u) ${after}`,
        ];
      },
    ),
    law(
      'fixed levels',
      `φ(${low}) = ${low} and φ(${high}) = ${high}, to ${SPACINGS} roundings (condition 3)`,
      fc.constantFrom(...levels),
      (u) => (Math.abs(value(u) - u) <= slack(u) ? undefined : [`φ(${u}) = ${value(u)}`]),
    ),
    law(
      'monotone',
      `a larger potential stays the larger: a <= b gives φ(a) <= φ(b), to ${SPACINGS} roundings`,
      fc.tuple(draws, draws).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
      ([a, b]) =>
        value(a) <= value(b) + slack(Math.max(Math.abs(a), Math.abs(b)))
          ? undefined
          : [`φ(${a}) = ${value(a)}, φ(${b}) = ${value(b)}`],
    ),
    law(
      'derivative',
      "φ'(u) lies between the slopes of φ to the left and to the right of u, as far as differences tell",
      draws,
      (u) => wrongDerivative(phi, ['φ', "φ'"], u, floats),
    ),
  ];
}
