// The settings that a speed run is made of (recipe `fast`): phases of time steps and rates, and how the norms, the
// first convolution and the loss go with them. Each is off where nothing is said. What each gave:
// bench/results/speedrun.md.

import { finite, oneOf, whole } from '../../options';
import { phaseList, readPhases } from './phases';
import { later, readNumber, readWord, setting } from './setting';

/** What the first convolution begins with. */
export const STEMS = ['drawn', 'whitened'] as const;
/** The time steps that a gradient goes through. */
export const GRADIENT_STEPS = ['all', 'one'] as const;
/** What the loss is taken of. */
export const LOSSES = ['mean', 'tet'] as const;

export const INGREDIENTS = {
  /** Stretches of the run with time steps of their own. */
  phases: later(
    setting(phaseList, {
      placeholder: 'list',
      help: 'time steps and rates by phases, T:parts:from-to joined by commas, such as 1:6:1-0.3,1:0.3-0: six parts of the run at T = 1 while the rate falls to 0.3 of its base, then one at the T of --timesteps; or none',
      read: readPhases,
      absent: [],
    }),
    [],
  ),
  /** Batches over which the norms' running statistics are measured anew where T changes. */
  normBatches: later(
    setting(whole({ least: 0 }), {
      placeholder: 'n',
      help: "batches by which norms' statistics are measured anew where a phase changes the time steps; 0 lets them drift there",
      read: readNumber,
      absent: 0,
    }),
    0,
  ),
  /** The learning rate of norms' biases over that of the others. */
  normBiasRate: later(
    setting(finite({ least: 0 }), {
      placeholder: 'x',
      help: "learning rate of norms' biases, as a multiple of the others'",
      read: readNumber,
      absent: 1,
    }),
    1,
  ),
  /** The learning rate of what neurons learn over that of the others. */
  neuronRate: later(
    setting(finite({ least: 0 }), {
      placeholder: 'x',
      help: "learning rate of what neurons learn, such as time constants, as a multiple of the others'",
      read: readNumber,
      absent: 1,
    }),
    1,
  ),
  /** How many of the time steps of a batch the gradient goes through. */
  gradientSteps: later(
    setting(oneOf(GRADIENT_STEPS), {
      placeholder: 'which',
      help: 'time steps that the gradient of a batch goes through: all, or one that is drawn for each batch, the others running forward alone',
      read: readWord,
      choices: GRADIENT_STEPS,
      absent: 'all',
    }),
    'all',
  ),
  /** What the first convolution's filters are at first. */
  stem: later(
    setting(oneOf(STEMS), {
      placeholder: 'how',
      help: 'first convolution: drawn like the others, or whitened: the main directions of patches of the training images, each with its negative',
      read: readWord,
      choices: STEMS,
      absent: 'drawn',
    }),
    'drawn',
  ),
  /** What the loss is taken of. */
  loss: later(
    setting(oneOf(LOSSES), {
      placeholder: 'name',
      help: 'cross-entropy of the mean over time, or tet: the mean of the cross-entropies of all time steps',
      read: readWord,
      choices: LOSSES,
      absent: 'mean',
    }),
    'mean',
  ),
  /** Share of the target that is spread over all classes. */
  labelSmoothing: later(
    setting(finite({ least: 0, below: 1 }), {
      placeholder: 'share',
      help: 'share of the target that is spread over all classes in training',
      read: readNumber,
      absent: 0,
    }),
    0,
  ),
};

/** What of these settings is not what it usually is, in words: `whitened stem`, `loss tet`. */
export function ingredientsInWords(settings: {
  readonly normBatches?: number | undefined;
  readonly normBiasRate?: number | undefined;
  readonly neuronRate?: number | undefined;
  readonly gradientSteps?: string | undefined;
  readonly stem?: string | undefined;
  readonly loss?: string | undefined;
  readonly labelSmoothing?: number | undefined;
  readonly surrogateWidth?: number | undefined;
}): string[] {
  const { normBatches, normBiasRate, neuronRate, gradientSteps, stem, loss, labelSmoothing, surrogateWidth } =
    settings;
  return [
    ...(normBatches === undefined ? [] : [`norms measured anew by ${normBatches} batches`]),
    ...(normBiasRate === undefined ? [] : [`norms' biases at ${normBiasRate} times the rate`]),
    ...(neuronRate === undefined ? [] : [`what neurons learn at ${neuronRate} times the rate`]),
    ...(gradientSteps === undefined ? [] : [`gradient of ${gradientSteps} time step`]),
    ...(stem === undefined ? [] : [`${stem} stem`]),
    ...(loss === undefined ? [] : [`loss ${loss}`]),
    ...(labelSmoothing === undefined ? [] : [`label smoothing ${labelSmoothing}`]),
    ...(surrogateWidth === undefined ? [] : [`a surrogate of width ${surrogateWidth}`]),
  ];
}
