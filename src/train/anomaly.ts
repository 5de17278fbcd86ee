// Where the first number that is not finite was born: the network runs once more with a look at every layer's output.

import { scope } from '../core/scope';
import { noGrad } from '../core/tape';
import type { Tensor } from '../core/tensor';
import type { Module } from '../nn/module';

async function allFinite(tensor: Tensor): Promise<boolean> {
  return (await tensor.data()).every(Number.isFinite);
}

/**
 * Names the parameter or layer that first holds NaN or infinity, for `input` in the network's present mode. Running
 * statistics may move: use it when the run is lost anyway.
 */
export async function findNonFinite(network: Module, input: Tensor): Promise<string> {
  if (!(await allFinite(input))) return 'the input images';
  for (const [name, { tensor }] of network.state()) {
    if (!(await allFinite(tensor))) return `parameter ${name}`;
  }
  const outputs: { name: string; output: Tensor }[] = [];
  const leaves = [...network.modules()].filter(([, module]) => [...module.modules()].length === 1);
  const detach = leaves.map(([name, module]) =>
    module.onForward((_, output) => outputs.push({ name, output: output.detach().keep() })),
  );
  try {
    noGrad(() => scope(() => void network.call(input)));
    for (const { name, output } of outputs) {
      if (!(await allFinite(output))) return `the output of layer ${name}`;
    }
    return 'the loss (every layer was finite)';
  } finally {
    for (const remove of detach) remove();
    for (const { output } of outputs) output.dispose();
  }
}
