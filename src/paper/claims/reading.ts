// The reading that MPR sets the gradient's gain: E[φ'] hardly depends on k, but E[φ'²] grows with it, so that k is a
// factor on what goes back through each layer. Then a rectangle times a factor does what k does, a factor on a steep k
// undoes it, and an optimiser that takes the scale away makes all arms alike.

import { type Arm, armWords } from '../arm';
import type { CellRecord } from '../cell';
import { boundsInWords, short } from '../gradients/words';
import { type AskedComparison, BY_SGD } from './evidence';
import type { ClaimPart, Stated } from './index';
import { NONE, NOT_MEASURED, partOf, scaled, steep, type WantedDifference } from './parts';
import { isPredicted, isSame } from './rules';
import { type NamedStudy, studyWords } from './studies';

/** The rectangle whose gain at the start is that of k = 3 (0.952 and 0.951: docs/paper.md). */
export const LIKE_K3 = scaled(1.1);
/** k = 5 and 7 times what makes E[g²] that of no MPR. */
const DAMPED: readonly Arm[] = [steep(5, 0.76), steep(7, 0.65)];

const HERE: AskedComparison = { dataset: 'cifar10', timesteps: 2, optimizers: BY_SGD };
const ADAMW: AskedComparison = { ...HERE, optimizers: ['adamw'] };
const TUNED: AskedComparison = { ...HERE, atOwnRate: true };

function gains(studies: readonly NamedStudy[]): ClaimPart[] {
  const parts = studies.flatMap((study) =>
    study.arms.flatMap(({ gain, ...arm }): ClaimPart[] =>
      gain === undefined
        ? []
        : [
            {
              what: `gain of a layer, ${armWords(arm)}`,
              claimed: boundsInWords(gain.predicted),
              measured: short(gain.measured),
              budget: studyWords(study),
              verdict: isPredicted(gain.measured, gain.predicted),
              bounded: { value: gain.measured, bounds: gain.predicted },
            },
          ],
    ),
  );
  if (parts.length > 0) return parts;
  const [measured, budget] = [undefined, NOT_MEASURED];
  return [{ what: 'gain of a layer', claimed: 'as predicted', measured, budget, verdict: 'cannot be told' }];
}

export function claimsOfReading(cells: readonly CellRecord[], studies: readonly NamedStudy[]): Stated[] {
  const same = (
    asked: AskedComparison,
    arm: Arm,
    against: Arm,
    more: Partial<WantedDifference> = {},
  ): ClaimPart => partOf(cells, { ...asked, arm, against, rule: isSame, claimed: 'no difference', ...more });
  return [
    {
      name: 'R1',
      of: 'reading',
      title: 'Each layer’s firing rates predict the gain of its gradient, for every k and factor',
      text: 'Going back from the spikes behind a convolution to those before it, the norm is multiplied by √(s²·E[(s′·φ′)²]/M), from the layers’ own firing rates, with nothing fitted. What would tell: the gain measured in a network, as the mean over its layers.',
      parts: gains(studies),
    },
    {
      name: 'R2',
      of: 'reading',
      title: 'A rectangle with k = 3’s gain learns what k = 3 learns',
      text: `What would tell: k = 3 against ${armWords(LIKE_K3)}, which has its gain and no MPR.`,
      parts: [same(HERE, steep(3), LIKE_K3)],
    },
    {
      name: 'R3',
      of: 'reading',
      title: 'A factor that takes the growth away saves a steep k',
      text: 'What would tell: k = 5 and 7 times the factor that gives them the gain of no MPR, against none.',
      parts: DAMPED.map((arm) => same(HERE, arm, NONE)),
    },
    {
      name: 'R4',
      of: 'reading',
      title: 'Under AdamW, which takes the scale away, k = 3 and the rectangle are no different from none',
      text: 'What would tell: the three arms under AdamW.',
      parts: [steep(3), LIKE_K3].map((arm) => same(ADAMW, arm, NONE)),
    },
    {
      name: 'R5',
      of: 'reading',
      title: 'At each arm’s own best learning rate nothing remains of MPR',
      text: 'What would tell: rates that each arm chose on held-out training images, and then the arms against none.',
      parts: [steep(3), steep(7)].map((arm) => same(TUNED, arm, NONE)),
    },
  ];
}
