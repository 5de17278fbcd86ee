// The settings that say how parameters are changed: the optimiser, its constants, the schedule of its rate.

import { finite, kind, oneOf, orNull } from '../../options';
import { OPTIMIZER_DEFAULTS, OPTIMIZERS, type OptimizerName, SCHEDULES } from './descent';
import { later, readNumber, readOrNone, readWord, recipeSetting, setting } from './setting';

/** A default that the optimiser decides: `0.1 for sgd and nesterov, 0.002 for adam`. */
function byOptimizer(name: keyof (typeof OPTIMIZER_DEFAULTS)[OptimizerName]): string {
  const values = new Map<unknown, string[]>();
  for (const optimizer of OPTIMIZERS) {
    const value = OPTIMIZER_DEFAULTS[optimizer][name];
    values.set(value, [...(values.get(value) ?? []), optimizer]);
  }
  return [...values].map(([value, names]) => `${String(value)} for ${names.join(', ')}`).join('; ');
}

const notNegative = finite({ least: 0 });

/** Networks that have layers without norms: at the rate of the others one step may silence such a layer. */
const SLOW = { archs: ['csnn', 'vgg9', 'mlp'], over: 5 } as const;

const isSlow = (arch: string) => (SLOW.archs as readonly string[]).includes(arch);

const rateInWords = () =>
  `${byOptimizer('lr')}; of that 1/${SLOW.over} for ${SLOW.archs.join(', ')}, which have layers without norms`;

const bounds = kind<readonly [low: number, high: number]>(
  'two shares low,high with 0 <= low <= high <= 1',
  (value) =>
    Array.isArray(value) &&
    value.length === 2 &&
    value.every(finite({ least: 0, most: 1 }).holds) &&
    value[0]! <= value[1]!,
);

/** Of bounds on firing rates: enough to move them within a short run. */
export const RATE_STRENGTH = 10;

export const LEARNING = {
  /** The rate that the schedule gives shares of. */
  lr: recipeSetting(notNegative, {
    placeholder: 'x',
    help: 'learning rate, of which a schedule gives each step its share',
    read: readNumber,
    absent: ({ optimizer, arch }) => OPTIMIZER_DEFAULTS[optimizer].lr / (isSlow(arch) ? SLOW.over : 1),
    absentWords: /* @__PURE__ */ rateInWords(),
  }),
  momentum: recipeSetting(notNegative, {
    placeholder: 'x',
    help: 'momentum of the steps; the first beta of adam, adamw and lion',
    read: readNumber,
    absent: ({ optimizer }) => OPTIMIZER_DEFAULTS[optimizer].momentum,
    absentWords: /* @__PURE__ */ byOptimizer('momentum'),
  }),
  weightDecay: recipeSetting(notNegative, {
    placeholder: 'x',
    help: 'weight decay',
    read: readNumber,
    absent: ({ optimizer }) => OPTIMIZER_DEFAULTS[optimizer].weightDecay,
    absentWords: /* @__PURE__ */ byOptimizer('weightDecay'),
  }),
  /** How parameters are changed by their gradients. */
  optimizer: later(
    setting(oneOf(OPTIMIZERS), {
      placeholder: 'name',
      help: 'how parameters are changed by their gradients',
      read: readWord,
      choices: OPTIMIZERS,
      absent: 'sgd',
    }),
    'sgd',
  ),
  /** What weight decay is for; of neurons' parameters their own flag decides. */
  decay: later(
    setting(oneOf(['all', 'weights']), {
      placeholder: 'what',
      help: 'what weight decay is for: all parameters, or weights alone, no norms and biases',
      read: readWord,
      choices: ['all', 'weights'],
      absent: ({ optimizer }) => OPTIMIZER_DEFAULTS[optimizer].decay,
      absentWords: /* @__PURE__ */ byOptimizer('decay'),
    }),
    'all',
  ),
  /** How the learning rate goes over the run. */
  schedule: later(
    setting(oneOf(SCHEDULES), {
      placeholder: 'name',
      help: 'how the learning rate goes over the run',
      read: readWord,
      choices: SCHEDULES,
      absent: 'cosine',
    }),
    'cosine',
  ),
  /** Epochs of a linear rise in front of the schedule. */
  warmup: later(
    setting(notNegative, {
      placeholder: 'epochs',
      help: 'epochs in which the learning rate rises from a hundredth, in front of the schedule; parts of one too',
      read: readNumber,
      absent: 0,
    }),
    0,
  ),
  /** What remains of an average of the weights at each step, or null for none. */
  ema: later(
    setting(orNull(finite({ least: 0, below: 1 })), {
      placeholder: 'decay',
      help: 'average the weights over the steps, so much of it kept at each, such as 0.999; tests and the model have the average; or none',
      read: readOrNone(readNumber),
      absent: null,
    }),
    null,
  ),
  /** Between what the firing rate of each layer is held, or null. */
  rateBounds: later(
    setting(orNull(bounds), {
      placeholder: 'low,high',
      help: 'hold the firing rate of each layer between two shares, such as 0.05,0.3: what lies outside, squared, is added to the loss; or none',
      read: readOrNone((word) => word.split(',').map((part) => readNumber(part.trim()))),
      absent: null,
    }),
    null,
  ),
  /** How strongly. */
  rateStrength: later(
    setting(finite({ above: 0 }), {
      placeholder: 'x',
      help: 'factor on what --rate-bounds adds to the loss',
      read: readNumber,
      absent: RATE_STRENGTH,
    }),
    RATE_STRENGTH,
  ),
};
