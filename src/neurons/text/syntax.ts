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

/** What a line says: `name = value`; `dname/dt = value`, `name' = value`; or only that there is a name, `name : 1`. */
export interface Equation {
  readonly kind: 'assignment' | 'derivative' | 'declaration';
  readonly name: string;
  /** Of the name, or of all of `dname/dt`. */
  readonly nameSpan: Span;
  /** Of a declaration the name itself. */
  readonly value: Node;
  /** Whether the value is worked into what the name holds: `name += value`. */
  readonly isUpdate: boolean;
  /** Words in parentheses behind the unit, `(unless refractory)`. */
  readonly flags: readonly Flag[];
}

/** A word or words that say how an equation is meant. */
export interface Flag extends Span {
  readonly words: string;
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
