// Where the first number that is not finite was born: the network runs once more with a look at what every operator
// gives.

import { scope } from '../core/scope';
import { noGrad, watchOperators } from '../core/tape';
import type { Tensor } from '../core/tensor';
import type { Module } from '../nn/module';

async function allFinite(tensor: Tensor): Promise<boolean> {
  return (await tensor.data()).every(Number.isFinite);
}

/** What an operator gave, and where it ran: the next layer to finish, or what lies before that layer's input. */
interface Seen {
  readonly operator: string;
  readonly output: Tensor;
  readonly original: Tensor;
  place: string;
}

/**
 * Names the parameter, or the operator and its layer, that first holds NaN or infinity, for `input` in the network's
 * present mode. Running statistics may move: use it when the run is lost anyway.
 */
export async function findNonFinite(network: Module, input: Tensor): Promise<string> {
  if (!(await allFinite(input))) return 'the input images';
  for (const [name, { tensor }] of network.state()) {
    if (!(await allFinite(tensor))) return `parameter ${name}`;
  }
  const seen: Seen[] = [];
  let placed = 0;
  const leaves = [...network.modules()].filter(([, module]) => [...module.modules()].length === 1);
  const detach = leaves.map(([name, module]) =>
    module.onForward((given) => {
      const fresh = seen.slice(placed);
      const before = fresh.findIndex(({ original }) => original === given); // -1: all of them ran inside
      fresh.forEach((one, i) => {
        one.place = `${i <= before ? 'before' : 'in'} layer ${name}`;
      });
      placed = seen.length;
    }),
  );
  try {
    const look = (operator: string, outputs: readonly Tensor[]) => {
      for (const original of outputs)
        seen.push({ operator, original, output: original.detach().keep(), place: 'behind the last layer' });
    };
    noGrad(() => scope(() => watchOperators(look, () => void network.call(input))));
    for (const { operator, output, place } of seen) {
      if (!(await allFinite(output))) return `the output of ${operator} ${place}`;
    }
    return 'the loss (every layer was finite)';
  } finally {
    for (const remove of detach) remove();
    for (const { output } of seen) output.dispose();
  }
}
