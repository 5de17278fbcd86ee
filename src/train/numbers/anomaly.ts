// Where the first number that is not finite was born, in a training loop of one's own: an operator's result or a
// gradient that its backward gave.

import { refusePromise } from '../../core/scope';
import { watchTape } from '../../core/tape';
import { SpikegradError } from '../../errors';
import { aModule, type Module } from '../../nn/module';
import { callback, checkKind, type OptionsOf, optional, optionTable } from '../../options';
import { type Anomaly, NumberWatch } from './watch';

/** What {@link detectAnomaly} throws: the first value that was not finite, in the message and in `anomaly`. */
export class AnomalyError extends SpikegradError {
  constructor(
    readonly anomaly: Anomaly,
    where: string,
    problem: string,
  ) {
    super(where, problem);
  }
}

/** What {@link detectAnomaly} may know besides the code. */
export interface AnomalyOptions {
  /** The network that runs in it: its layers are named, its parameters and their gradients looked at too. */
  network?: Module;
}

export const anomalyOptions = optionTable({
  network: optional(aModule),
} satisfies OptionsOf<AnomalyOptions>);

/** Runs `fn` and looks at every number on the way. Nothing that it computes changes by that. */
export async function findAnomaly<R>(
  fn: () => R,
  { network }: AnomalyOptions = {},
): Promise<{ result: R; anomaly: Anomaly | undefined }> {
  const watch = new NumberWatch(network);
  try {
    const result = watchTape(watch, fn);
    refusePromise(
      'detectAnomaly',
      result,
      'await outside and wrap forward and backward alone, which are synchronous',
    );
    return { result, anomaly: await watch.find() };
  } finally {
    watch.dispose();
  }
}

/**
 * Runs forward and backward and gives what `fn` returns, unless some number in them is not finite: then it throws,
 * naming the operator, whether its result or its backward gave NaN or infinity first, and the layer. For finding out:
 * each tensor is read once more, and the step waits for that.
 *
 * ```ts
 * const loss = await detectAnomaly(
 *   () => scope(() => {
 *     const value = crossEntropy(network.call(images), labels);
 *     value.backward();
 *     return value;
 *   }),
 *   { network },
 * );
 * optimizer.step();
 * ```
 * @param fn synchronous; an update of parameters belongs behind it
 * @throws AnomalyError after the whole of `fn` has run
 */
export async function detectAnomaly<R>(fn: () => R, options: AnomalyOptions = {}): Promise<R> {
  checkKind('detectAnomaly', 'fn', callback<() => R>('a function'), fn);
  const { result, anomaly } = await findAnomaly(fn, anomalyOptions.read('detectAnomaly', options));
  if (anomaly === undefined) return result;
  throw new AnomalyError(
    anomaly,
    'detectAnomaly',
    `first not finite: ${anomaly.what}. Look at what reaches it: a logarithm, root or division at 0, or numbers that a large learning rate made overflow`,
  );
}
