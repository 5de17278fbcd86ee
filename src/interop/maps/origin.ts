// The way back: under which names a network's tensors stood in the file of another tool, and in which order, so that
// what was trained on here can be loaded there again. What no network here holds, such as counters and constants of
// neurons, goes back as it came.

import type { Tensor } from '../../core/tensor';
import type { SafetensorsEntry } from '../../formats/dtypes';
import { checkModule, type Module } from '../../nn/module';
import { toFileLayout } from '../layout';
import { floatEntry } from '../state';
import { reordered } from './order';

/** Where a tensor came from. */
interface Origin {
  readonly name: string;
  /** Index of our numbers to theirs on an axis, where it is not the same. */
  readonly order?: readonly number[];
  readonly axis: number;
}

const origins = new WeakMap<Tensor, Origin>();
const companions = new WeakMap<Module, readonly (readonly [string, SafetensorsEntry])[]>();

export function rememberOrigin(tensor: Tensor, origin: Origin): void {
  origins.set(tensor, origin);
}

/** What stood beside a network's tensors in its file. */
export function rememberCompanions(
  network: Module,
  entries: readonly (readonly [string, SafetensorsEntry])[],
): void {
  companions.set(network, entries);
}

/** The tensors of a network as the file had them that it came from; of one built here, as `stateOf` gives them. */
export async function theirState(network: Module): Promise<[string, SafetensorsEntry][]> {
  checkModule('theirState', network);
  const entries: [string, SafetensorsEntry][] = [];
  for (const [own, { tensor, layout }] of network.state()) {
    const { data, shape } = toFileLayout({ data: await tensor.data(), shape: tensor.shape }, layout);
    const { name = own, order, axis = 0 } = origins.get(tensor) ?? {};
    const entry = floatEntry(data, shape);
    entries.push([name, order === undefined ? entry : reordered(entry, inverse(order), axis)]);
  }
  return [
    ...entries,
    ...(companions.get(network) ?? []).map(([name, entry]): [string, SafetensorsEntry] => [name, entry]),
  ];
}

function inverse(order: readonly number[]): number[] {
  const back = new Array<number>(order.length);
  order.forEach((from, to) => {
    back[from] = to;
  });
  return back;
}
