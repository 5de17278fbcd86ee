// checkRectifier: the paper's three conditions, and that φ is monotone with the derivative that it says.

import type { Precision } from '../../../backends/backend';
import { check } from '../../../errors';
import { checkKind, finite, type OptionsOf, oneOf, option, pair } from '../../../options';
import { aRectifier, type Rectifier } from '../../../snn/rectifier';
import { floatsOf } from '../floats';
import { holdLaws, type LawOptions, type LawReport, lawOptions } from '../hold';
import { scalarOf } from '../scalar';
import { type FunctionText, functionFrom, isFunctionText } from '../text';
import { rectifierLaws } from './laws';

/** How a rectifier's laws are checked. */
export interface RectifierCheckOptions extends LawOptions {
  /** The threshold. Default 0.5, the paper's. */
  vth?: number;
  /**
   * What potentials stand for no spike and for a spike; φ leaves them where they are. Default `[0, 1]`, the paper's.
   */
  levels?: readonly [number, number];
  /**
   * How potentials and what φ makes of them are held. Differences for the derivative are taken in f64. Default `f64`.
   */
  precision?: Precision;
}

export const rectifierCheckOptions = /* @__PURE__ */ lawOptions.with({
  vth: option(finite(), 0.5),
  levels: option(pair, () => [0, 1] as const),
  precision: option(oneOf(['f32', 'f64']), 'f64'),
} satisfies OptionsOf<Omit<RectifierCheckOptions, keyof LawOptions>>);

/** A potential costs a microsecond. */
const RUNS = 1000;

/**
 * Tries the laws of a rectifier: never across, closer, fixed levels, monotone, derivative.
 *
 * ```ts
 * checkRectifier({ value: 'x + a*sin(2*pi*x)', parameters: { a: -0.1 } }, { vth: 0.5 });
 * ```
 *
 * @param rectifier value and derivative, an expression in x as text, or operators on tensors (run in f64,
 *   differentiated by the tape), acting on each potential alone
 * @returns the laws that held, each with its draws (1000 by default)
 * @throws EquationError at the place of a mistake in a text; LawBroken with the simplest counterexample to each law
 *   that fails
 */
export function checkRectifier(
  rectifier: Rectifier | string | FunctionText,
  options: RectifierCheckOptions = {},
): LawReport {
  const own = isFunctionText(rectifier) ? functionFrom('checkRectifier', 'x', rectifier) : rectifier;
  checkKind('checkRectifier', 'rectifier', aRectifier, own);
  const given = rectifierCheckOptions.read('checkRectifier', options);
  const { vth, levels, precision } = given;
  check(
    levels[0] < vth && vth < levels[1],
    'checkRectifier',
    () => `vth ${vth} must lie between the levels ${levels[0]} and ${levels[1]}`,
  );
  const subject = {
    where: 'checkRectifier',
    name: own.name || 'the rectifier',
    argument: 'rectifier',
    given: { vth, levels: options.levels, precision: options.precision },
  };
  const floats = floatsOf('checkRectifier', precision);
  const setting = {
    phi: scalarOf(own),
    vth: floats.round(vth),
    levels: [floats.round(levels[0]), floats.round(levels[1])] as const,
    floats,
  };
  return holdLaws(subject, rectifierLaws(setting), given, RUNS);
}
