// Encoders: from images [N,...] to sequences [T,N,...].

import { checkSize } from '../backends/shape';
import { drawNumbers, tensor } from '../core/create';
import { globalRandom } from '../core/engine';
import { aRandom } from '../core/kinds';
import type { Random } from '../core/random';
import { scope } from '../core/scope';
import { noGrad } from '../core/tape';
import { checkTensor, type Tensor } from '../core/tensor';
import { check } from '../errors';
import type { Flow } from '../nn/flow';
import { Module } from '../nn/module';
import { mul, sub } from '../ops/arithmetic';
import { greater, greaterEqual, less } from '../ops/compare';
import { clamp } from '../ops/functions';
import { broadcastTo, reshape, stack } from '../ops/layout';
import { mean } from '../ops/reduce';
import {
  checkKind,
  type OptionsOf,
  optional,
  optionsBelong,
  optionTable,
  takesNoMore,
  whole,
} from '../options';

const steps = { ...whole({ least: 1 }), advice: optionsBelong('(x, timesteps, { … })') };

function checkEncoding(where: string, x: Tensor, timesteps: number): void {
  checkTensor(where, x);
  checkKind(where, 'timesteps', steps, timesteps);
  checkSize(where, [timesteps, ...x.shape]);
  checkSize(where, [timesteps]);
}

/** What {@link poisson} takes besides images and time steps. */
export interface PoissonOptions {
  /** The stream of the draws. Default: the global one, seeded by `init`. */
  random?: Random;
}

export const poissonOptions = optionTable({
  random: optional(aRandom, 'the global one, seeded by `init`'),
} satisfies OptionsOf<PoissonOptions>);

/**
 * Direct encoding: the same numbers at every time step; the first layer is the encoder.
 * @returns [T,...]
 */
export function direct(x: Tensor, timesteps: number): Tensor;
export function direct(x: Tensor, timesteps: number, ...more: unknown[]): Tensor {
  takesNoMore('direct', more);
  checkEncoding('direct', x, timesteps);
  return scope(() => broadcastTo(reshape(x, [1, ...x.shape]), [timesteps, ...x.shape]));
}

/**
 * Poisson rate coding: at every step each number fires with its own value as probability (below 0 never, above 1
 * always).
 * @returns [T,...], zeros and ones, without history
 */
export function poisson(x: Tensor, timesteps: number, options: PoissonOptions = {}): Tensor {
  checkEncoding('poisson', x, timesteps);
  const { random = globalRandom() } = poissonOptions.read('poisson', options);
  const draws = drawNumbers('poisson', timesteps * x.size, () => random.uniform());
  return noGrad(() => scope(() => less(tensor(draws, [timesteps, ...x.shape], { backend: x.backend }), x)));
}

/**
 * Latency coding: each number fires once, the larger the sooner, at step round((1 - x)·(T - 1)) for x in (0, 1]; zero
 * and below never fire, above 1 fires at once.
 * @returns [T,...], zeros and ones, without history
 */
export function latency(x: Tensor, timesteps: number): Tensor;
export function latency(x: Tensor, timesteps: number, ...more: unknown[]): Tensor {
  takesNoMore('latency', more);
  checkEncoding('latency', x, timesteps);
  const last = timesteps - 1;
  return noGrad(() =>
    scope(() => {
      const due = mul(sub(1, clamp(x, 0, 1)), last);
      const fires = greater(x, 0);
      // the step t nearest to `due`: due - 1/2 <= t < due + 1/2, written so that each x meets exactly one t
      return stack(
        Array.from({ length: timesteps }, (_, t) =>
          mul(mul(greaterEqual(due, t - 0.5), less(due, t + 0.5)), fires),
        ),
      );
    }),
  );
}

function checkedTimesteps(timesteps: number): number {
  checkKind('Direct', 'timesteps', whole({ least: 1 }), timesteps);
  return timesteps;
}

/** Direct encoding as a layer. Behind the first convolution it spares computing that T times over equal images. */
export class Direct extends Module {
  #timesteps: number;

  constructor(timesteps: number, ...more: never[]) {
    super();
    takesNoMore('Direct', more);
    this.#timesteps = checkedTimesteps(timesteps);
    if (Object.getPrototypeOf(new.target) === Module) Object.freeze(this);
  }

  /** How often what comes in is repeated; may be changed between calls. */
  get timesteps(): number {
    return this.#timesteps;
  }

  set timesteps(value: number) {
    this.#timesteps = checkedTimesteps(value);
  }

  forward(x: Tensor): Tensor {
    return direct(x, this.timesteps);
  }

  override outline(x: Flow): Flow {
    const { timesteps } = this;
    check(
      !x.sequence,
      'Direct',
      'repeats images over time, it is fed a sequence, which has a time axis already',
    );
    return x.layer({ kind: 'repeat', timesteps }, { sequence: true, timesteps, spikes: x.spikes });
  }
}

/** Mean over time: [T,...] to [...]; the usual end of a network. */
export class TimeMean extends Module {
  constructor(...more: never[]) {
    super();
    takesNoMore('TimeMean', more);
    if (Object.getPrototypeOf(new.target) === Module) Object.freeze(this);
  }

  forward(x: Tensor): Tensor {
    return mean(x, 0);
  }

  override outline(x: Flow): Flow {
    return x.layer({ kind: 'timeMean' }, { sequence: false, timesteps: undefined });
  }
}
