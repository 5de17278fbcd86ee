// NIR's Delay: y(t) = x(t - delay).

import type { Tensor } from '../../core/tensor';
import { check } from '../../errors';
import { delayed } from '../../snn/delay';
import { array, channelLast, describeNode, FROM, type NamedNode } from './attributes';
import { NirLayer } from './layer';

/** y(t) = x(t - delay), each delay rounded to whole time steps. */
export class NirDelay extends NirLayer {
  /** For each number of steps the places that wait so long, as 1 and 0; undefined: all. */
  readonly #masks: ReadonlyMap<number, Tensor | undefined>;
  readonly #longest: number;
  #past: readonly Tensor[] = [];

  /** @param dt seconds of a time step */
  constructor(named: NamedNode, dt: number) {
    super();
    const delay = channelLast(array(named, 'delay'));
    const steps = Array.from(delay.data, (seconds) => Math.round(seconds / dt));
    check(
      steps.every((count) => count >= 0),
      FROM,
      () => `${describeNode(named)}: a delay cannot be negative`,
    );
    const kinds = [...new Set(steps)];
    this.#longest = Math.max(...kinds);
    this.#masks = new Map(
      kinds.map((kind) => {
        const chosen = Float64Array.from(steps, (count) => (count === kind ? 1 : 0));
        const mask = { data: chosen, shape: delay.shape };
        return [kind, kinds.length === 1 ? undefined : this.constant(`after_${kind}`, mask)];
      }),
    );
  }

  protected override forget(): void {
    this.#past = [];
  }

  forward(x: Tensor): Tensor {
    const { y, past } = delayed(x, this.#past, this.#longest, this.#masks);
    this.#past = past;
    return y;
  }
}
