// Expressions as a tree. The operators are those of JavaScript and of Python, which people bring from Brian2 and
// NESTML:
//
//   c ? a : b    or ||    and &&    not    < <= > >= == !=    + -    * /    - !    ^ **
//
// from the loosest to the tightest; `not` binds looser than a comparison, `!` tighter, -x^2 is -(x^2), and ^ goes
// from the right. No eval, so that no policy of a page stands in the way.

import { EquationError, type Span } from './mistake';
import type { Node, Operator } from './syntax';
import { type Token, tokensOf } from './tokens';

/** How tightly an operator of two sides binds, and what it is called in the tree. */
const binary: Readonly<Record<string, readonly [level: number, operator: Operator]>> = {
  '||': [1, 'or'],
  or: [1, 'or'],
  '&&': [2, 'and'],
  and: [2, 'and'],
  '<': [4, '<'],
  '<=': [4, '<='],
  '>': [4, '>'],
  '>=': [4, '>='],
  '==': [4, '=='],
  '!=': [4, '!='],
  '+': [5, '+'],
  '-': [5, '-'],
  '*': [6, '*'],
  '/': [6, '/'],
  '^': [8, '^'],
  '**': [8, '^'],
};
/** What a token means between two sides; undefined: nothing. */
const operatorOf = ({ kind, text }: Token): readonly [level: number, operator: Operator] | undefined =>
  kind !== 'end' && Object.hasOwn(binary, text) ? binary[text] : undefined;
/**
 * So deep may parentheses and choices lie in each other, so many operations follow each other: no stack holds any
 * number.
 */
const DEEPEST = 200;
const LONGEST = 1000;
const COMPARISON = 4;
const NOT = 3;
const UNARY = 7;
const POWER = 8;

/** A reader of expressions. */
export class ExpressionParser {
  protected at = 0;
  private depth = 0;
  protected readonly tokens: readonly Token[];

  constructor(readonly text: string) {
    this.tokens = tokensOf(text);
  }

  /** The token that comes next. */
  protected peek(): Token {
    return this.tokens[Math.min(this.at, this.tokens.length - 1)]!;
  }

  protected fail(span: Span, mistake: string): never {
    throw new EquationError(this.text, span, mistake);
  }

  protected take(text: string, wanted: string): Token {
    const token = this.peek();
    if (token.text !== text || token.kind === 'end')
      this.fail(token, `expected ${wanted}, got ${shownToken(token)}`);
    this.at++;
    return token;
  }

  expression(): Node {
    return this.deeper(() => this.choice());
  }

  /** One level down, unless there are too many. */
  private deeper(read: () => Node): Node {
    this.depth++;
    if (this.depth > DEEPEST)
      this.fail(this.peek(), `nested more than ${DEEPEST} deep: give parts of it names of their own`);
    const node = read();
    this.depth--;
    return node;
  }

  private choice(): Node {
    const condition = this.operand(1);
    if (this.peek().text !== '?') return condition;
    this.at++;
    const yes = this.expression();
    this.take(':', ': and what holds otherwise');
    const no = this.expression();
    return { kind: 'choice', condition, yes, no, start: condition.start, end: no.end };
  }

  /** What operators of at least this level join. */
  private operand(least: number): Node {
    let left = this.one();
    for (let count = 0; ; count++) {
      const token = this.peek();
      const [level, operator] = operatorOf(token) ?? [0, undefined];
      if (operator === undefined || level < least) {
        if (token.text === '=' && token.kind === 'sign')
          this.fail(token, 'an equation has one =; equal is ==');
        return left;
      }
      if (count > LONGEST)
        this.fail(token, `more than ${LONGEST} operations in a row: give parts of it names of their own`);
      this.at++;
      const right = level === POWER ? this.deeper(() => this.operand(UNARY)) : this.operand(level + 1);
      left = { kind: 'binary', operator, left, right, start: left.start, end: right.end };
      const after = this.peek();
      if (level === COMPARISON && operatorOf(after)?.[0] === COMPARISON)
        this.fail(after, 'comparisons do not chain: write a < b and b < c');
    }
  }

  private one(): Node {
    const token = this.peek();
    const isNot = token.kind === 'name' && token.text === 'not';
    if (isNot || token.text === '!' || token.text === '-' || token.text === '+') {
      this.at++;
      const of = this.deeper(() => this.operand(isNot ? NOT : UNARY));
      if (token.text === '+') return of;
      const operator = token.text === '-' ? '-' : 'not';
      return { kind: 'unary', operator, of, start: token.start, end: of.end };
    }
    return this.atom();
  }

  private atom(): Node {
    const token = this.peek();
    const { start, end } = token;
    if (token.kind === 'number') {
      this.at++;
      const value = Number(token.text);
      if (value === Number.POSITIVE_INFINITY) this.fail(token, 'larger than any number');
      return { kind: 'number', value, start, end };
    }
    if (token.text === '(') {
      this.at++;
      const inner = this.expression();
      const close = this.take(')', 'an operator or )');
      return { ...inner, start, end: close.end };
    }
    if (token.kind !== 'name' || operatorOf(token) !== undefined)
      this.fail(token, `expected a name, a number or (, got ${shownToken(token)}`);
    this.at++;
    if (this.peek().text !== '(') return { kind: 'name', name: token.text, start, end };
    this.at++;
    const args: Node[] = [];
    while (this.peek().text !== ')') {
      args.push(this.expression());
      if (this.peek().text === ',') this.at++;
      else if (this.peek().text !== ')') this.take(')', 'an operator, a comma or )');
    }
    const close = this.take(')', ')');
    return { kind: 'call', name: token.text, nameSpan: { start, end }, args, start, end: close.end };
  }

  /** The whole text as one expression. */
  whole(): Node {
    while (this.peek().kind === 'end' && this.peek().text !== '') this.at++;
    const node = this.expression();
    while (this.peek().kind === 'end' && this.peek().text !== '') this.at++;
    if (this.peek().kind !== 'end')
      this.fail(this.peek(), `expected the end, got ${shownToken(this.peek())}`);
    return node;
  }
}

/** A token as messages name it. */
export const shownToken = ({ kind, text }: Token): string =>
  kind === 'end'
    ? text === ''
      ? 'the end of the text'
      : text === ';'
        ? ';'
        : 'the end of the line'
    : `'${text}'`;

/** A text that is one expression. @throws EquationError */
export function parseExpression(text: string): Node {
  return new ExpressionParser(text).whole();
}
