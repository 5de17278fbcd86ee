// A body with a way around it: He et al., "Deep residual learning" (CVPR 2016), and for spikes the three joins of SEW
// ResNet (Fang et al., "Deep residual learning in spiking neural networks", NeurIPS 2021, table 1).

import { scope } from '../core/scope';
import type { Tensor } from '../core/tensor';
import { notice } from '../notices';
import { add, mul, sub } from '../ops/arithmetic';
import { operation } from '../ops/operator';
import { type OptionsOf, oneOf, option, optional, optionTable } from '../options';
import type { Flow } from './flow';
import { aModule, checkModule, Module } from './module';

/**
 * What becomes of the shortcut s and the body's output y: `add` s + y, `and` s·y, `iand` s·(1 - y). Sums of spikes may
 * be 2 and are no spikes: what comes behind takes them as numbers, not as events.
 */
export type Join = 'add' | 'and' | 'iand';

/** What {@link Residual} takes besides its body. */
export interface ResidualOptions {
  /** What the input goes through on its way around. Default: nothing. */
  shortcut?: Module;
  /** How both are joined. Default 'add'. */
  join?: Join;
}

export const residualOptions = /* @__PURE__ */ optionTable({
  shortcut: optional(aModule, 'nothing'),
  join: option(oneOf(['add', 'and', 'iand']), 'add'),
} satisfies OptionsOf<ResidualOptions>);

/** s and y together, number by number. */
export function joined(s: Tensor, y: Tensor, how: Join): Tensor {
  if (how === 'add') {
    if (s.handle.binary && y.handle.binary) tellOfSums();
    return add(s, y);
  }
  if (how === 'and') return mul(s, y);
  if (!s.handle.binary || !y.handle.binary) return scope(() => mul(s, sub(1, y)));
  // spikes: y < s is the same, and known to be spikes again
  return operation({
    name: 'iand',
    inputs: [s, y],
    handle: s.backend.binary('less', y, s, s.shape),
    shape: s.shape,
    saved: [s, y],
    backward: (g, [from, held], needs) => [
      needs[0] ? scope(() => mul(g, sub(1, held!))) : null,
      needs[1] ? scope(() => mul(g, sub(0, from!))) : null,
    ],
  });
}

const tellOfSums = () =>
  notice(
    "sums of spikes above 1 leave the event path: convolutions and linear layers behind a join of 'add' take them as numbers, or on wasm term by term; the joins 'and' and 'iand' give spikes again",
  );

/** A body and a shortcut around it, joined. */
export class Residual extends Module {
  readonly body: Module;
  readonly shortcut: Module | undefined;
  readonly join: Join;

  constructor(body: Module, options: ResidualOptions = {}) {
    super();
    checkModule('Residual', body, 'body');
    const { shortcut, join } = residualOptions.read('Residual', options);
    this.body = this.child('body', body);
    this.shortcut = shortcut && this.child('shortcut', shortcut);
    this.join = join;
    if (Object.getPrototypeOf(new.target) === Module) Object.freeze(this);
  }

  forward(x: Tensor): Tensor {
    const y = this.body.call(x);
    const s = this.shortcut?.call(x) ?? x;
    const result = joined(s, y, this.join);
    for (const part of [y, s]) if (part !== x) part.dispose(); // the tape keeps its own reference
    return result;
  }

  override outline(x: Flow): Flow {
    const y = x.through(this.body);
    const s = this.shortcut === undefined ? x : x.through(this.shortcut);
    return this.join === 'add' ? s.plus(y) : s.times(y, this.join);
  }
}
