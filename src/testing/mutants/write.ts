// A tree of an equation back to text, with no more parentheses than it needs.

import type { Equation, Node, Operator } from '../../neurons/text/syntax';

/** How tightly each operator binds, as text/parse.ts has it. */
const levels: Readonly<Record<Operator, number>> = {
  or: 1,
  and: 2,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '==': 4,
  '!=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '^': 8,
};
const [CHOICE, NOT, UNARY, ATOM] = [0, 3, 7, 9];

/** @param least how tightly it must hold together where it stands */
export function written(node: Node, least = CHOICE): string {
  const [text, level] = parts(node);
  return level < least ? `(${text})` : text;
}

function parts(node: Node): readonly [text: string, level: number] {
  switch (node.kind) {
    case 'number':
      return node.value < 0 ? [`${node.value}`, UNARY] : [`${node.value}`, ATOM];
    case 'name':
      return [node.name, ATOM];
    case 'call':
      return [`${node.name}(${node.args.map((argument) => written(argument)).join(', ')})`, ATOM];
    case 'unary':
      return node.operator === '-'
        ? [`-${written(node.of, UNARY)}`, UNARY]
        : [`not ${written(node.of, NOT)}`, NOT];
    case 'choice':
      return [`${written(node.condition, 1)} ? ${written(node.yes)} : ${written(node.no)}`, CHOICE];
    case 'binary': {
      const { operator, left, right } = node;
      const level = levels[operator];
      // powers bind from the right, comparisons do not chain, all others bind from the left
      const [first, second] = level === 8 ? [ATOM, UNARY] : level === 4 ? [5, 5] : [level, level + 1];
      const sign = level >= 6 ? operator : ` ${operator} `;
      return [`${written(left, first)}${sign}${written(right, second)}`, level];
    }
  }
}

/** One equation as a line. */
export function lineOf({ kind, name, value, flags }: Equation): string {
  if (kind === 'declaration') return `${name} : 1`;
  const words = flags.map((flag) => flag.words).join(', ');
  const said = words === '' ? '' : ` : 1 (${words})`;
  return `${kind === 'derivative' ? `d${name}/dt` : name} = ${written(value)}${said}`;
}
