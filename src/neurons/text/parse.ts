// Equations as a tree. The operators are those of JavaScript and of Python, which people bring from Brian2 and NESTML:
//
//   c ? a : b    or ||    and &&    not    < <= > >= == !=    + -    * /    - !    ^ **
//
// from the loosest to the tightest; `not` binds looser than a comparison, `!` tighter, -x^2 is -(x^2), and ^ goes
// from the right. No eval, so that no policy of a page stands in the way.

import { EquationError, type Span } from './mistake';
import type { Equation, Node, Operator } from './syntax';
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
const COMPARISON = 4;
const NOT = 3;
const UNARY = 7;
const POWER = 8;

class Parser {
  #at = 0;
  readonly #tokens: readonly Token[];

  constructor(readonly text: string) {
    this.#tokens = tokensOf(text);
  }

  /** The token that comes next. */
  #peek(): Token {
    return this.#tokens[Math.min(this.#at, this.#tokens.length - 1)]!;
  }

  #fail(span: Span, mistake: string): never {
    throw new EquationError(this.text, span, mistake);
  }

  #take(text: string, wanted: string): Token {
    const token = this.#peek();
    if (token.text !== text || token.kind === 'end')
      this.#fail(token, `expected ${wanted}, got ${shownToken(token)}`);
    this.#at++;
    return token;
  }

  equations(): Equation[] {
    const found: Equation[] = [];
    for (;;) {
      while (this.#peek().kind === 'end' && this.#peek().text !== '') this.#at++;
      if (this.#peek().kind === 'end') return found;
      found.push(this.#equation());
      if (this.#peek().kind !== 'end')
        this.#fail(
          this.#peek(),
          `expected the end of the equation or an operator, got ${shownToken(this.#peek())}`,
        );
    }
  }

  #equation(): Equation {
    const target = this.#peek();
    if (target.kind !== 'name') this.#fail(target, `expected a name and =, got ${shownToken(target)}`);
    this.#at++;
    const sign = this.#peek();
    if (isDerivative(target, sign, this.#tokens[this.#at + 1]))
      this.#fail(
        { start: target.start, end: sign.end },
        `differential equations are not taken yet: write the step itself, such as v = v + dt*(x - v)/tau`,
      );
    if (sign.text === '==') this.#fail(sign, 'an equation has one =, a comparison two');
    const operator = /^[-+*/]=$/.test(sign.text) ? (sign.text[0] as '+' | '-' | '*' | '/') : undefined;
    if (operator === undefined) this.#take('=', `= after ${target.text}`);
    else this.#at++;
    const value = this.expression();
    const { text: name } = target;
    const nameSpan = { start: target.start, end: target.end };
    if (operator === undefined) return { name, nameSpan, value };
    const left: Node = { kind: 'name', name, ...nameSpan };
    return { name, nameSpan, value: { kind: 'binary', operator, left, right: value, ...nameSpan } };
  }

  expression(): Node {
    const condition = this.#operand(1);
    if (this.#peek().text !== '?') return condition;
    this.#at++;
    const yes = this.expression();
    this.#take(':', ': and what holds otherwise');
    const no = this.expression();
    return { kind: 'choice', condition, yes, no, start: condition.start, end: no.end };
  }

  /** What operators of at least this level join. */
  #operand(least: number): Node {
    let left = this.#one(least);
    for (;;) {
      const token = this.#peek();
      const [level, operator] = (token.kind !== 'end' && binary[token.text]) || [0, undefined];
      if (operator === undefined || level < least) {
        if (token.text === '=' && token.kind === 'sign')
          this.#fail(token, 'expected one = an equation; equal is ==');
        return left;
      }
      this.#at++;
      const right = this.#operand(level === POWER ? UNARY : level + 1);
      left = { kind: 'binary', operator, left, right, start: left.start, end: right.end };
      const after = this.#peek();
      if (level === COMPARISON && (binary[after.text]?.[0] ?? 0) === COMPARISON && after.kind === 'sign')
        this.#fail(after, 'comparisons do not chain: write a < b and b < c');
    }
  }

  #one(least: number): Node {
    const token = this.#peek();
    const isNot = token.kind === 'name' && token.text === 'not';
    if (isNot || token.text === '!' || token.text === '-' || token.text === '+') {
      this.#at++;
      const of = this.#operand(isNot ? Math.max(NOT, Math.min(least, NOT)) : UNARY);
      if (token.text === '+') return of;
      const operator = token.text === '-' ? '-' : 'not';
      return { kind: 'unary', operator, of, start: token.start, end: of.end };
    }
    return this.#atom();
  }

  #atom(): Node {
    const token = this.#peek();
    const { start, end } = token;
    if (token.kind === 'number') {
      this.#at++;
      return { kind: 'number', value: Number(token.text), start, end };
    }
    if (token.text === '(') {
      this.#at++;
      const inner = this.expression();
      const close = this.#take(')', 'an operator or )');
      return { ...inner, start, end: close.end };
    }
    if (token.kind !== 'name' || token.text in binary)
      this.#fail(token, `expected a name, a number or (, got ${shownToken(token)}`);
    this.#at++;
    if (this.#peek().text !== '(') return { kind: 'name', name: token.text, start, end };
    this.#at++;
    const args: Node[] = [];
    while (this.#peek().text !== ')') {
      args.push(this.expression());
      if (this.#peek().text === ',') this.#at++;
      else if (this.#peek().text !== ')') this.#take(')', 'an operator, a comma or )');
    }
    const close = this.#take(')', ')');
    return { kind: 'call', name: token.text, nameSpan: { start, end }, args, start, end: close.end };
  }

  /** The whole text as one expression. */
  whole(): Node {
    while (this.#peek().kind === 'end' && this.#peek().text !== '') this.#at++;
    const node = this.expression();
    while (this.#peek().kind === 'end' && this.#peek().text !== '') this.#at++;
    if (this.#peek().kind !== 'end')
      this.#fail(this.#peek(), `expected the end, got ${shownToken(this.#peek())}`);
    return node;
  }
}

/** `dv/dt =` or `v' =` */
const isDerivative = (target: Token, sign: Token, after: Token | undefined): boolean =>
  sign.text === "'" || (/^d\w/.test(target.text) && sign.text === '/' && after?.text === 'dt');

const shownToken = ({ kind, text }: Token): string =>
  kind === 'end'
    ? text === ''
      ? 'the end of the text'
      : text === ';'
        ? ';'
        : 'the end of the line'
    : `'${text}'`;

/** The equations of a text, in order. @throws EquationError */
export function parseEquations(text: string): Equation[] {
  return new Parser(text).equations();
}

/** A text that is one expression. @throws EquationError */
export function parseExpression(text: string): Node {
  return new Parser(text).whole();
}
