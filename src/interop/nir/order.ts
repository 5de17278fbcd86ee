// In which order the nodes of a graph run within a time step, and which edges carry the value of the step before:
// those that close a cycle, as found by a search in depth that starts at the inputs, goes on from nodes that nothing
// feeds, then from what is left (a cycle that drives itself), and takes nodes by name.

import { check } from '../../errors';
import { FROM } from './attributes';

export interface Feed {
  readonly from: string;
  /** Whether it closes a cycle: then it carries the previous step's value, nothing at the first step. */
  readonly delayed: boolean;
}

export interface RunOrder {
  /** All nodes, each behind those that feed it without delay. */
  readonly order: readonly string[];
  readonly feeds: ReadonlyMap<string, readonly Feed[]>;
  readonly recurrent: boolean;
}

export function runOrder(
  nodes: Iterable<string>,
  edges: readonly (readonly [string, string])[],
  inputs: readonly string[],
): RunOrder {
  const next = new Map<string, string[]>([...nodes].map((name) => [name, []]));
  for (const [from, to] of edges) {
    for (const name of [from, to])
      check(next.has(name), FROM, () => `an edge [${from}, ${to}] names "${name}", which is no node`);
    next.get(from)!.push(to);
  }
  for (const list of next.values()) list.sort();

  const finished: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const closing = new Set<string>();
  const search = (root: string) => {
    if (state.has(root)) return;
    state.set(root, 'open');
    const stack = [{ name: root, at: 0 }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const to = next.get(top.name)![top.at++];
      if (to === undefined) {
        state.set(top.name, 'done');
        finished.push(top.name);
        stack.pop();
      } else if (state.get(to) === 'open') closing.add(JSON.stringify([top.name, to]));
      else if (state.get(to) === undefined) {
        state.set(to, 'open');
        stack.push({ name: to, at: 0 });
      }
    }
  };
  const fed = new Set(edges.map(([, to]) => to));
  const names = [...next.keys()].sort();
  for (const root of [...inputs, ...names.filter((name) => !fed.has(name)), ...names]) search(root);

  const feeds = new Map<string, Feed[]>();
  for (const [from, to] of edges) {
    const list = feeds.get(to) ?? [];
    feeds.set(to, list);
    list.push({ from, delayed: closing.has(JSON.stringify([from, to])) });
  }
  return { order: finished.reverse(), feeds, recurrent: closing.size > 0 };
}
