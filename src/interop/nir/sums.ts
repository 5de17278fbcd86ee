// The sum of what the edges into a node bring.

import type { Tensor } from '../../core/tensor';
import { SpikegradError } from '../../errors';
import { add } from '../../ops/arithmetic';
import { FROM } from './attributes';

/** The sum of what two edges bring. @throws naming the node where their shapes do not go together */
export function joined(name: string, a: Tensor, b: Tensor): Tensor {
  try {
    return add(a, b);
  } catch (cause) {
    if (!(cause instanceof SpikegradError)) throw cause;
    const [first, second] = [a, b].map(({ shape }) => `[${shape.slice(2)}]`);
    const problem = `node "${name}" is fed the sum of ${first} and ${second} (channels last), which do not go together`;
    throw new SpikegradError(FROM, problem, { cause });
  }
}
