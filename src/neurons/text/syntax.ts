// What a text of equations says, as a tree: nothing is known yet of what its names mean.

import type { Span } from './mistake';

export type Operator = '+' | '-' | '*' | '/' | '^' | '<' | '<=' | '>' | '>=' | '==' | '!=' | 'and' | 'or';

export type Node = Span &
  (
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'name'; readonly name: string }
    | {
        readonly kind: 'call';
        readonly name: string;
        readonly nameSpan: Span;
        readonly args: readonly Node[];
      }
    | { readonly kind: 'unary'; readonly operator: '-' | 'not'; readonly of: Node }
    | { readonly kind: 'binary'; readonly operator: Operator; readonly left: Node; readonly right: Node }
    | { readonly kind: 'choice'; readonly condition: Node; readonly yes: Node; readonly no: Node }
  );

/** `name = value` */
export interface Equation {
  readonly name: string;
  readonly nameSpan: Span;
  readonly value: Node;
}

/** Every node of a tree, the tree first. */
export function* nodesOf(node: Node): Generator<Node> {
  yield node;
  const below =
    node.kind === 'call'
      ? node.args
      : node.kind === 'unary'
        ? [node.of]
        : node.kind === 'binary'
          ? [node.left, node.right]
          : node.kind === 'choice'
            ? [node.condition, node.yes, node.no]
            : [];
  for (const child of below) yield* nodesOf(child);
}
