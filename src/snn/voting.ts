// Neurons that vote: several stand for one class, and what a class gets is the mean of its own.

import { formatShape } from '../backends/shape';
import { scope } from '../core/scope';
import { checkTensor, type Tensor } from '../core/tensor';
import { check } from '../errors';
import type { Flow } from '../nn/flow';
import { Module } from '../nn/module';
import { reshape } from '../ops/layout';
import { mean } from '../ops/reduce';
import { checkKind, takesNoMore, whole } from '../options';

/**
 * The mean of each `votes` numbers that stand side by side, [...,classes·votes] to [...,classes]: SpikingJelly's
 * `VotingLayer` (Fang et al., "Incorporating learnable membrane time constant", ICCV 2021).
 */
export class Voting extends Module {
  constructor(
    readonly votes = 10,
    ...more: never[]
  ) {
    super();
    takesNoMore('Voting', more);
    checkKind('Voting', 'votes', whole({ least: 1 }), votes);
    if (Object.getPrototypeOf(new.target) === Module) Object.freeze(this);
  }

  forward(x: Tensor): Tensor {
    checkTensor('Voting', x);
    const { votes } = this;
    checkVotes(x.shape, votes);
    return scope(() => mean(reshape(x, [...x.shape.slice(0, -1), -1, votes]), -1));
  }

  override outline(x: Flow): Flow {
    const { votes } = this;
    if (x.shape !== undefined) checkVotes(x.shape, votes);
    const classes = x.shape && x.shape.at(-1)! / votes;
    return x.layer(
      { kind: 'voting', votes },
      { shape: x.shape?.with(-1, classes!), spikes: x.spikes && votes === 1 },
    );
  }
}

/** @throws unless the last axis is whole groups */
function checkVotes(shape: readonly number[], votes: number): void {
  check(
    shape.length > 0 && shape.at(-1)! % votes === 0,
    'Voting',
    () => `${votes} votes a class do not divide the last axis of ${formatShape(shape)}`,
  );
}
