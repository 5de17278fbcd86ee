// Modules one after another under names of their own, so that a network's state is called as the peers call it.

import type { Tensor } from '../../core/tensor';
import type { Flow } from '../../nn/flow';
import { Module } from '../../nn/module';
import { Direct } from '../encoder';

/** Runs its parts in order; what only passes between two of them is freed at once. */
export class NamedParts extends Module {
  readonly parts: readonly Module[];

  constructor(parts: readonly (readonly [name: string, part: Module])[]) {
    super();
    this.parts = parts.map(([name, part]) => this.child(name, part));
    if (Object.getPrototypeOf(new.target) === Module) Object.freeze(this);
  }

  forward(x: Tensor): Tensor {
    let y = x;
    for (const part of this.parts) {
      const next = part.call(y);
      if (y !== x && y !== next) y.dispose(); // the tape keeps its own reference
      y = next;
    }
    return y;
  }

  override outline(x: Flow): Flow {
    return this.parts.reduce((y, part) => y.through(part), x);
  }
}

/** The same with numbers for names, from 0. */
export function numbered(...parts: readonly Module[]): NamedParts {
  return new NamedParts(parts.map((part, i) => [String(i), part]));
}

/** Images are repeated over time, sequences pass as they are. */
export class Repeated extends Module {
  readonly direct: Direct;

  /** @param rank axes of a batch without time: 4 of images */
  constructor(
    timesteps: number,
    readonly rank = 4,
  ) {
    super();
    this.direct = this.child('direct', new Direct(timesteps));
    if (Object.getPrototypeOf(new.target) === Module) Object.freeze(this);
  }

  forward(x: Tensor): Tensor {
    return x.shape.length === this.rank ? this.direct.call(x) : x.alias();
  }

  override outline(x: Flow): Flow {
    return x.sequence ? x : x.through(this.direct);
  }
}
