// `paper gradients` in words: the table of steepnesses, and what the numbers say about k = 7, of which the paper warns.

import { type Arm, armWords, isReference } from '../arm';
import {
  allNeurons,
  type Compared,
  depthRatio,
  ends,
  layerGain,
  normIn,
  type SteepnessArm,
  spikeRatio,
} from '.';
import type { GainBounds } from './predicted-gain';

/** The steepness at which, says the paper, gradients vanish or explode. */
const NAMED = 7;

/** Three significant digits, for people: 0.0371, 1920, 1.62e5. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  return size !== 0 && (size >= 1e5 || size < 1e-3)
    ? value.toExponential(2).replace('+', '')
    : String(Number(value.toPrecision(3)));
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** `at k = 3`, `without MPR`, `with none × 1.05`: in a sentence. */
function withArm(arm: Arm): string {
  if (isReference(arm)) return 'without MPR';
  return arm.mpr === null ? `with ${armWords(arm)}` : `at ${armWords(arm)}`;
}

/** `0.87 to 0.95`; one number where they are the same for people. */
export function boundsInWords([low, high]: GainBounds): string {
  const [from, to] = [short(low), short(high)];
  return from === to ? from : `${from} to ${to}`;
}

/** Two cells of a table: measured, predicted. */
export function comparedCells(compared: Compared | undefined): string[] {
  return compared === undefined ? ['–', '–'] : [short(compared.measured), boundsInWords(compared.predicted)];
}

/** @param arms at least one */
export function steepnessHead(arms: readonly SteepnessArm[]): string[] {
  const { first, last } = ends(arms[0]!);
  return [
    'arm',
    `norm in ${first}`,
    'over none',
    `norm in ${last}`,
    'first / last',
    'window',
    'flat',
    'gain',
    'layer gain',
    'predicted',
    'spikes first / last',
    'predicted',
  ];
}

/** A row of an arm under {@link steepnessHead}. @param none the arm without MPR */
export function steepnessRow(arm: SteepnessArm, none: SteepnessArm): string[] {
  const { first, last } = ends(arm);
  const { open, flat, gain } = allNeurons(arm);
  return [
    armWords(arm),
    short(normIn(arm, first)),
    short(normIn(arm, first) / normIn(none, first)),
    short(normIn(arm, last)),
    short(depthRatio(arm)),
    percent(open),
    percent(flat),
    gain.toFixed(3),
    ...comparedCells(layerGain(arm)),
    ...comparedCells(spikeRatio(arm)),
  ];
}

/** What the columns are. */
export const STEEPNESS_LEGEND =
  "norm: ‖∂L/∂W‖₂ of the layer, mean over the batches. window: share of neuron-steps with s(Ĥ - vth) > 0, the only ones with a gradient from their spike. flat: share of all neuron-steps that lie in the window with φ'(H) < 0.1. gain: √mean (s·φ')², by how much a passing gradient grows in norm if it does not depend on the membrane; over several layers of neurons it multiplies. layer gain: norm of the gradient at the input of a convolution, through it alone, over that at the spikes behind it, geometric mean over the convolutions that read spikes; predicted: from each layer's own firing rates alone, √(s²·E[(s·φ')²]/M) with M between r·(1 - r) and r. spikes first / last: norm of the gradient at the spikes of the first layer of neurons over that at the last, through shortcuts too, and the same as those gains predict it.";

/** The arm that the words are about, and the one it is compared with: k = 7 and 1 where they were measured. */
function spokenOf(arms: readonly SteepnessArm[]) {
  const steep = arms.filter(({ mpr, scale }) => mpr !== null && scale === 1).sort((a, b) => a.mpr! - b.mpr!);
  const named = steep.find(({ mpr }) => mpr === NAMED) ?? steep.at(-1);
  const mild = steep.find(({ mpr }) => mpr === 1) ?? steep[0];
  return { named, mild: mild === named ? undefined : mild, steep };
}

function times(value: number): string {
  return `${short(value)} times`;
}

/** Sentences about the arms, from their numbers only. @param arms with one without MPR */
export function steepnessSentences(arms: readonly SteepnessArm[]): string[] {
  const none = arms.find(isReference);
  const { named, mild, steep } = spokenOf(arms);
  if (none === undefined || named === undefined) return predictionSentences(arms);
  const { first, last } = ends(none);
  const norm = (arm: SteepnessArm) => normIn(arm, first);
  const compared = [
    ...(mild === undefined ? [] : [`${times(norm(named) / norm(mild))} that at ${armWords(mild)}`]),
    `${times(norm(named) / norm(none))} that without MPR`,
  ];
  const trio = [none, ...(mild === undefined ? [] : [mild]), named];
  const ordered = [...steep].sort((a, b) => norm(a) - norm(b));
  const [least, most] = [ordered[0]!, ordered.at(-1)!];
  return [
    `The gradient norm in ${first} at ${armWords(named)} is ${compared.join(' and ')}.`,
    `On the way from ${last} back to ${first} the norm is multiplied by ${listed(trio.map((arm) => `${short(depthRatio(arm))} ${withArm(arm)}`))}.`,
    ...(steep.length > 2
      ? [
          `Over all measured k the norm in ${first} is smallest at ${armWords(least)} (${times(norm(least) / norm(none))} that without MPR) and largest at ${armWords(most)} (${times(norm(most) / norm(none))}).`,
        ]
      : []),
    windowSentence(trio, named),
    ...predictionSentences(arms),
    lossSentence(arms),
  ];
}

/** Measured gains beside those that firing rates predict, for every arm. */
function predictionSentences(arms: readonly SteepnessArm[]): string[] {
  const said = (of: (arm: SteepnessArm) => Compared | undefined) =>
    arms.flatMap((arm) => {
      const compared = of(arm);
      return compared === undefined
        ? []
        : [`${short(compared.measured)} (${boundsInWords(compared.predicted)}) ${withArm(arm)}`];
    });
  const gains = said(layerGain);
  if (gains.length === 0) return [];
  return [
    `Gain of a convolution with the neurons behind it, measured and in brackets predicted from firing rates: ${listed(gains)}.`,
    `Gradient at the first neurons' spikes over that at the last's, the same way: ${listed(said(spikeRatio))}.`,
  ];
}

function windowSentence(trio: readonly SteepnessArm[], named: SteepnessArm): string {
  const [none] = trio as [SteepnessArm];
  const shares = trio.map((arm) => allNeurons(arm).open);
  const [low, high] = [Math.min(...shares), Math.max(...shares)].map(percent) as [string, string];
  const { flat, gain } = allNeurons(named);
  const slope = named.mpr! / (2 * Math.tanh(named.mpr! / 2));
  const gains = trio.map((arm) => `${allNeurons(arm).gain.toFixed(3)} ${withArm(arm)}`);
  return [
    `${low === high ? low : `${low} to ${high}`} of the neuron-steps lie in the surrogate's window and get a gradient from their spike, the other ${percent(1 - Math.min(...shares))} get none;`,
    `at ${armWords(named)} φ is flat (φ' < 0.1) for ${percent(flat)} of all and ${short(slope)} steep at the threshold.`,
    `√mean (s·φ')² over all neurons: ${listed(gains)}, ${times(gain / allNeurons(none).gain)} that without MPR, at each of the ${none.neurons.length} layers of neurons.`,
  ].join(' ');
}

/** Whether the arms compute the same forwards, as the paper's second condition wants it. */
function lossSentence(arms: readonly SteepnessArm[]): string {
  const losses = arms.map(({ loss }) => loss);
  const [low, high] = [Math.min(...losses), Math.max(...losses)];
  return low === high
    ? `The loss is ${low.toFixed(4)} in every arm: MPR changes no spike, only gradients.`
    : `The loss lies between ${low.toFixed(4)} and ${high.toFixed(4)}.`;
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
