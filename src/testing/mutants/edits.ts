// One small change to a tree: each of them, one at a time.

import type { Node, Operator } from '../../neurons/text/syntax';
import type { MutantKind } from './index';

/** A change, and the tree with it. */
export interface Edit {
  readonly kind: MutantKind;
  readonly node: Node;
}

/** What names mean, for changes that need it. */
export interface Names {
  /** Lines that are a spike. */
  readonly spikes: ReadonlySet<string>;
  /** Whether the line is that of a state. */
  readonly isState: boolean;
  readonly states: readonly string[];
  /** Assigned in lines before, but states and spikes. */
  readonly assigned: ReadonlySet<string>;
}

const swapped: Partial<Record<Operator, readonly (readonly [MutantKind, Operator])[]>> = {
  '+': [['sign', '-']],
  '-': [['sign', '+']],
  '*': [['operator', '/']],
  '/': [['operator', '*']],
  '^': [['operator', '*']],
  '<': [
    ['comparison', '>='],
    ['comparison', '<='],
  ],
  '<=': [
    ['comparison', '>'],
    ['comparison', '<'],
  ],
  '>': [
    ['comparison', '<='],
    ['comparison', '>='],
  ],
  '>=': [
    ['comparison', '<'],
    ['comparison', '>'],
  ],
  '==': [['comparison', '!=']],
  '!=': [['comparison', '==']],
  and: [['comparison', 'or']],
  or: [['comparison', 'and']],
};

const swappedFunctions: Readonly<Record<string, string>> = { min: 'max', max: 'min', sin: 'cos', cos: 'sin' };

const place = { start: 0, end: 0 };
const numberNode = (value: number): Node => ({ kind: 'number', value, ...place });
const call = (name: string, of: Node): Node => ({
  kind: 'call',
  name,
  nameSpan: place,
  args: [of],
  ...place,
});

/** All changes of a tree. */
export function* editsOf(node: Node, names: Names): Generator<Edit> {
  yield* own(node, names);
  const isDetached = node.kind === 'call' && node.name === 'detach';
  for (const { child, put } of children(node))
    for (const { kind, node: changed } of editsOf(child, names))
      if (!(isDetached && kind === 'detach')) yield { kind, node: put(changed) };
}

/** What is below a node, and the node with something else in its place. */
function children(node: Node): { readonly child: Node; readonly put: (child: Node) => Node }[] {
  switch (node.kind) {
    case 'call':
      return node.args.map((child, i) => ({
        child,
        put: (changed) => ({ ...node, args: node.args.with(i, changed) }),
      }));
    case 'unary':
      return [{ child: node.of, put: (of) => ({ ...node, of }) }];
    case 'binary':
      return [
        { child: node.left, put: (left) => ({ ...node, left }) },
        { child: node.right, put: (right) => ({ ...node, right }) },
      ];
    case 'choice':
      return [
        { child: node.condition, put: (condition) => ({ ...node, condition }) },
        { child: node.yes, put: (yes) => ({ ...node, yes }) },
        { child: node.no, put: (no) => ({ ...node, no }) },
      ];
    default:
      return [];
  }
}

function* own(node: Node, names: Names): Generator<Edit> {
  switch (node.kind) {
    case 'number':
      yield { kind: 'constant', node: numberNode(node.value === 0 ? 1 : 1.25 * node.value) };
      return;
    case 'name':
      yield* ofName(node, names);
      return;
    case 'unary':
      yield { kind: node.operator === '-' ? 'sign' : 'comparison', node: node.of };
      return;
    case 'choice':
      yield { kind: 'comparison', node: { ...node, yes: node.no, no: node.yes } };
      return;
    case 'call':
      yield* ofCall(node);
      return;
    case 'binary':
      for (const [kind, operator] of swapped[node.operator] ?? [])
        yield { kind, node: { ...node, operator } };
      if (!['+', '-', '*', '/'].includes(node.operator)) return;
      yield { kind: 'dropped', node: node.left };
      if (node.operator !== '/') yield { kind: 'dropped', node: node.right };
  }
}

function* ofName(node: Node & { readonly kind: 'name' }, names: Names): Generator<Edit> {
  const { name } = node;
  if (names.spikes.has(name) && names.isState) {
    yield { kind: 'reset', node: numberNode(0) };
    yield { kind: 'detach', node: call('detach', node) };
  }
  // what was before the step for what is after it
  if (names.assigned.has(name))
    for (const state of names.states) yield { kind: 'name', node: { ...node, name: state } };
}

function* ofCall(node: Node & { readonly kind: 'call' }): Generator<Edit> {
  const { name, args } = node;
  const other = swappedFunctions[name];
  if (other !== undefined) yield { kind: 'function', node: { ...node, name: other } };
  if (args.length !== 1) return;
  const [of] = args as [Node];
  if (name === 'detach') yield { kind: 'detach', node: of };
  else if (name === 'spike') {
    yield { kind: 'sign', node: { ...node, args: [{ kind: 'unary', operator: '-', of, ...place }] } };
  } else yield { kind: 'function', node: of };
}
