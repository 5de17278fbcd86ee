// Sample inputs of the update: the equations of the library's optimisers, and some that they do not have.

import { type UpdateRule, updateRule } from '../../neurons';
import { adamRule } from '../../optim/adam';
import { adamWRule } from '../../optim/adamw';
import { lionRule } from '../../optim/lion';
import { rmsPropRule } from '../../optim/rmsprop';
import { sgdRule } from '../../optim/sgd';
import { type Bench, type ConformanceCase, type Draw, kernelCase, type Outcome } from '../probe';

/** What a step may give, by the names that rules have for it. */
const usual: Readonly<Record<string, number>> = {
  lr: 0.1,
  rate: 0.1,
  momentum: 0.9,
  share: 0.75,
  share1: 0.1,
  share2: 0.01,
  beta2: 0.99,
  alpha: 0.9,
  keep: 0.99,
  root: 1.5,
  epsilon: 0.001,
  weightDecay: 0.01,
};

/** Their values for a rule, in its order. */
export const constantsOf = (
  { constants }: UpdateRule,
  given: Readonly<Record<string, number>> = {},
): number[] => constants.map(({ name }) => given[name] ?? usual[name]!);

/** A rule on drawn numbers, `steps` times. @param gradient default: drawn */
export function updateOf(
  rule: UpdateRule,
  constants: readonly number[],
  size: number,
  draw: Draw,
  {
    steps = 1,
    gradient = draw.numbers(size) as ArrayLike<number>,
  }: { steps?: number; gradient?: ArrayLike<number> } = {},
): (bench: Bench) => Outcome {
  const p = draw.numbers(size);
  // squares are positive
  const drawn = rule.states.map(({ name }) =>
    name === 'square' ? draw.numbers(size, 1, 2) : draw.numbers(size),
  );
  return (bench) => {
    const parameter = bench.placeInPlace(p);
    const states = drawn.map((numbers) => bench.placeInPlace(numbers));
    const operands = { parameter, gradient: bench.place(gradient), states, constants };
    for (let i = 0; i < steps; i++) bench.backend.update(rule, operands);
    const remembered = states.map(({ handle }, k) => [rule.states[k]!.name, handle] as const);
    return { parameter: parameter.handle, ...Object.fromEntries(remembered) };
  };
}

const rules: Readonly<Record<string, () => UpdateRule>> = {
  sgd: () => sgdRule(false),
  nesterov: () => sgdRule(true),
  adam: adamRule,
  adamw: adamWRule,
  rmsprop: () => rmsPropRule(false),
  'rmsprop, centred': () => rmsPropRule(true),
  lion: lionRule,
  'functions and choices': () =>
    updateRule(
      'm = share*m + tanh(g); s = exp(-abs(m)); p = select(g > 0.25, p - lr*s, p*sigmoid(m)) + 1e-3*sin(g)',
      ['lr', 'share'],
    ),
  'a logarithm': () => updateRule('p = p - lr*log(1 + abs(g))', ['lr']),
  'states that change places': () => updateRule('old = a; a = b + g; b = p; p = old', []),
};

export function updateCases(): ConformanceCase[] {
  const momenta = [
    { lr: 0.1, momentum: 0, share: 1, weightDecay: 0 },
    { lr: 0.1, momentum: 0.9, share: 1, weightDecay: 0 },
    { lr: 0.03, momentum: 0.9, share: 1, weightDecay: 5e-4 },
    { lr: 0, momentum: 0.5, share: 1, weightDecay: 0.1 },
  ];
  return [
    ...momenta.flatMap((given) =>
      [0, 1, 37].map((size) =>
        kernelCase('update', `sgd, ${size} numbers, ${JSON.stringify(given)}`, (draw) => {
          const rule = sgdRule(false);
          return updateOf(rule, constantsOf(rule, given), size, draw, { steps: 2 });
        }),
      ),
    ),
    ...Object.entries(rules).flatMap(([name, make]) =>
      [1, 37].map((size) =>
        kernelCase('update', `${name}, ${size} numbers`, (draw) => {
          const rule = make();
          return updateOf(rule, constantsOf(rule), size, draw);
        }),
      ),
    ),
  ];
}
