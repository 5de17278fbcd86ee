// Delays: each value waits for some steps.
//
//   y[t] = Σ w_k·x[t - k],   w_k = max(0, 1 - |d - k|)
//
// With a whole d that is x[t - d]; between two whole ones it is a mixture of both steps, which gives a learnt d its
// gradient. Before the first step there is silence.

import { full, tensor, zeros } from '../core/create';
import { checkTensor, type Tensor } from '../core/tensor';
import { check } from '../errors';
import { customRectifier } from '../neurons';
import type { Flow } from '../nn/flow';
import { Module } from '../nn/module';
import { add, maximum, minimum, mul, sub } from '../ops/arithmetic';
import { map } from '../ops/functions';
import { concat, select, slice, stack } from '../ops/layout';
import {
  checkKind,
  either,
  finite,
  flag,
  listOf,
  type OptionsOf,
  option,
  optional,
  optionTable,
  whole,
} from '../options';
import { Carried } from './carried';

/** What {@link Delay} takes besides its steps. */
export interface DelayOptions {
  /** Whether the delays are learnt. Default false. */
  learns?: boolean;
  /** The longest that a learnt delay becomes, in steps. Default: twice the longest that it starts with, at least 1. */
  most?: number;
  /** Whether the last steps are kept from one call to the next until `reset()`. Default false. */
  stateful?: boolean;
}

export const delayOptions = optionTable({
  learns: option(flag, false),
  most: optional(whole({ least: 1 }), 'twice the longest that it starts with, at least 1'),
  stateful: option(flag, false),
} satisfies OptionsOf<DelayOptions>);

const wait = finite({ least: 0 });
const aDelay = either(wait, listOf(wait));

/**
 * w of d - k. On whole steps, where it has a corner, the derivative is the mean of both sides: by it a delay sees the
 * step before and the one after.
 */
const shareOf = (distance: Tensor): Tensor => {
  share ??= customRectifier({
    name: 'share of a step',
    value: 'max(0, 1 - abs(x))',
    derivative: 'abs(x) < 1 ? -sign(x) : abs(x) > 1 ? 0 : -sign(x)/2',
  });
  return map(share, distance);
};
let share: ReturnType<typeof customRectifier> | undefined;

const isAll = (shares: readonly number[]): boolean => shares.every((one) => one === 1);

/**
 * Σ share·x[t - k] over whole steps k, and the last inputs, to go on from.
 * @param past the inputs of the steps before, oldest first, as far back as they go; before them was silence
 * @param kept how many inputs are handed on: as many as the longest k
 * @param shares by k; undefined is all of a value
 */
export function delayed(
  x: Tensor,
  past: readonly Tensor[],
  kept: number,
  shares: ReadonlyMap<number, Tensor | undefined>,
): { readonly y: Tensor; readonly past: Tensor[] } {
  const steps = x.shape[0]!;
  const all = past.length === 0 ? x : concat([stack(past), x]);
  const known = past.length + steps;
  let sum: Tensor | undefined;
  for (const [k, share] of shares) {
    const from = past.length - k;
    const silent = Math.max(0, -from);
    if (silent >= steps) continue;
    const heard = slice(all, [Math.max(0, from)], [from + steps]);
    const earlier =
      silent === 0 ? heard : concat([zeros([silent, ...x.shape.slice(1)], { backend: x.backend }), heard]);
    const part = share === undefined ? earlier : mul(earlier, share);
    sum = sum === undefined ? part : add(sum, part);
  }
  const count = Math.min(kept, known);
  return {
    y: sum ?? zeros(x.shape, { backend: x.backend }),
    past: Array.from({ length: count }, (_, i) => select(all, 0, known - count + i)),
  };
}

/** Lets values [T,...,channels] wait for `steps` time steps, one number for all or one a channel. */
export class Delay extends Module {
  /** Learnt delays, [] or [channels]. */
  readonly learned: Tensor | undefined;
  readonly most: number;
  readonly #steps: readonly number[];
  readonly #isOne: boolean;
  readonly #fixed: ReadonlyMap<number, readonly number[]>;
  readonly #carried: Carried | undefined;

  /** @param steps from 0 on; not whole: a mixture of the two steps beside it */
  constructor(steps: number | readonly number[], options: DelayOptions = {}) {
    super();
    checkKind('Delay', 'steps', aDelay, steps);
    const { learns, most, stateful } = delayOptions.read('Delay', options);
    this.#isOne = typeof steps === 'number';
    this.#steps = typeof steps === 'number' ? [steps] : [...steps];
    const longest = Math.ceil(Math.max(0, ...this.#steps));
    this.most = learns ? (most ?? Math.max(1, 2 * longest)) : longest;
    check(
      longest <= this.most,
      'Delay',
      () => `starts with a delay of ${longest} steps, most allows ${this.most}`,
    );
    if (learns)
      this.learned = this.parameter(
        'steps',
        this.#isOne ? full([], this.#steps[0]!) : tensor([...this.#steps]),
      );
    this.#fixed = learns ? new Map() : this.#weights();
    this.#carried = stateful && this.most > 0 ? new Carried() : undefined;
    if (Object.getPrototypeOf(new.target) === Module) Object.freeze(this);
  }

  /** Of fixed delays, by whole steps: the share of each that waits so long. */
  #weights(): Map<number, readonly number[]> {
    const whole = this.#steps.flatMap((d) => [Math.floor(d), Math.ceil(d)]);
    const kinds = [...new Set(whole)].sort((a, b) => a - b);
    return new Map(kinds.map((k) => [k, this.#steps.map((d) => Math.max(0, 1 - Math.abs(d - k)))]));
  }

  forward(x: Tensor): Tensor {
    checkTensor('Delay', x);
    check(
      x.shape.length >= 1 && (this.#isOne || x.shape.at(-1) === this.#steps.length),
      'Delay',
      () => `takes [T,...${this.#isOne ? '' : `,${this.#steps.length}`}], got [${x.shape}]`,
    );
    const before = this.#carried?.startFor('Delay', x) ?? {};
    const kept = this.#carried === undefined ? 0 : this.most;
    const { y, past } = delayed(x, Object.values(before), kept, this.#shares(x));
    this.#carried?.goOn(Object.fromEntries(past.map((one, i) => [`${past.length - i} steps ago`, one])));
    return y;
  }

  #shares({ backend }: Tensor): ReadonlyMap<number, Tensor | undefined> {
    if (this.learned !== undefined) {
      const d = minimum(maximum(this.learned, 0), this.most);
      return new Map(Array.from({ length: this.most + 1 }, (_, k) => [k, shareOf(sub(d, k))]));
    }
    const given = ([k, each]: readonly [number, readonly number[]]) => {
      if (isAll(each)) return [k, undefined] as const;
      return [
        k,
        this.#isOne ? full([], each[0]!, { backend }) : tensor([...each], undefined, { backend }),
      ] as const;
    };
    return new Map([...this.#fixed].map(given));
  }

  protected override forget(): void {
    this.#carried?.clear();
  }

  override outline(x: Flow): Flow {
    const isShift = [...this.#fixed.values()].every(isAll);
    return x.layer(
      { kind: 'delay', steps: this.learned === undefined ? this.#steps : null },
      { sequence: true, spikes: x.spikes && this.learned === undefined && isShift },
    );
  }
}
