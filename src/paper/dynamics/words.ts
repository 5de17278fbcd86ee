// `paper dynamics` in words: tables of accuracy, firing rates and gradient norms, and what they say.

import { allNeurons, depthRatio, ends, normIn } from '../gradients';
import { short } from '../gradients/words';
import { mean } from '../statistics';
import { differenceWords, points } from '../table1/words';
import { armView, type Dynamics, type DynamicsArm, type DynamicsStudy, networkRates } from '.';

/** The charge equation of each form. */
export const CHARGE: Record<Dynamics, string> = {
  leak: 'leak form, H = τV + X',
  paper: 'eq. 4 as printed, H = V + τX',
};

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

export const ACCURACY_HEAD = [
  'dynamics',
  'test accuracy, %',
  'training loss',
  'seeds',
  'firing rate',
  'difference, points (95 % interval)',
] as const;

/** One row for each form under {@link ACCURACY_HEAD}. */
export function accuracyRows({ arms, difference }: DynamicsStudy): string[][] {
  return arms.map((arm) => {
    const { dynamics, runs, accuracy, deviation } = arm;
    const losses = runs.map(({ record }) => record.history.at(-1)?.trainLoss ?? Number.NaN);
    const view = armView(arm);
    return [
      dynamics,
      accuracy === undefined
        ? '–'
        : `${points(accuracy)}${deviation === undefined ? '' : ` ± ${points(deviation)}`}`,
      losses.length === 0 ? '–' : mean(losses).toFixed(3),
      runs.map(({ record }) => record.settings.seed).join(', ') || '–',
      view === undefined ? '–' : percent(mean(networkRates(view))),
      dynamics === 'leak' && difference !== undefined ? differenceWords(difference) : '',
    ];
  });
}

export const RATE_HEAD = ['layer', 'leak', 'paper', 'leak, by time step', 'paper, by time step'] as const;

/** One row for each LIF layer under {@link RATE_HEAD}; empty where the weights of a form are missing. */
export function rateRows({ arms }: DynamicsStudy): string[][] {
  const [leak, paper] = arms.map(armView);
  if (leak === undefined || paper === undefined) return [];
  return leak.rates.map(({ name, rate, ratePerStep }, i) => {
    const other = paper.rates[i]!;
    const steps = (rates: readonly number[]) => rates.map(percent).join('  ');
    return [name, percent(rate), percent(other.rate), steps(ratePerStep), steps(other.ratePerStep)];
  });
}

export const NORM_HEAD = ['layer', 'norm, leak', 'norm, paper', 'paper / leak'] as const;

/** One row for each layer with weights under {@link NORM_HEAD}; empty where the weights of a form are missing. */
export function normRows({ arms }: DynamicsStudy): string[][] {
  const [leak, paper] = arms.map(armView);
  if (leak === undefined || paper === undefined) return [];
  return leak.gradients.layers.map(({ name, norm }) => {
    const other = normIn(paper.gradients, name);
    return [name, short(norm), short(other), short(other / norm)];
  });
}

/** Sentences from the numbers only. */
export function dynamicsSentences(study: DynamicsStudy): string[] {
  const [leak, paper] = study.arms;
  return [...accuracySentence(study), ...viewSentences(leak, paper)];
}

function accuracySentence({ arms: [leak, paper], difference }: DynamicsStudy): string[] {
  if (difference === undefined || leak.accuracy === undefined || paper.accuracy === undefined) return [];
  const { interval } = difference;
  const verdict =
    interval === undefined
      ? 'one pair of runs, which says nothing of chance'
      : interval[0] > 0
        ? 'the leak form learns more'
        : interval[1] < 0
          ? 'eq. 4 as printed learns more'
          : 'which chance alone can give';
  return [
    `The leak form reaches ${points(leak.accuracy)} % of test images, eq. 4 as printed ${points(paper.accuracy)} %: ${differenceWords(difference)}, ${verdict}.`,
  ];
}

function viewSentences(leak: DynamicsArm, paper: DynamicsArm): string[] {
  const [a, b] = [armView(leak), armView(paper)];
  if (a === undefined || b === undefined) return [];
  const steps = (view: typeof a) => networkRates(view).map(percent).join(', ');
  const silent = b.rates.filter(({ rate }) => rate < 0.01).map(({ name }) => name);
  const { first, last } = ends(a.gradients);
  const [normA, normB] = [normIn(a.gradients, first), normIn(b.gradients, first)];
  const open = (view: typeof a) => percent(allNeurons(view.gradients).open);
  return [
    `Neurons that fire, by time step: ${steps(a)} in the leak form, ${steps(b)} in eq. 4 as printed${silent.length > 0 ? `, where ${silent.length} of ${b.rates.length} layers fire less than 1 % of the time` : ''}.`,
    `The gradient norm in ${first} is ${short(normA)} in the leak form and ${short(normB)} in eq. 4 as printed (${short(normB / normA)} times); from ${last} back to ${first} the norm is multiplied by ${short(depthRatio(a.gradients))} and ${short(depthRatio(b.gradients))}.`,
    `${open(a)} and ${open(b)} of the neuron-steps lie in the surrogate's window and get a gradient from their spike.`,
  ];
}
