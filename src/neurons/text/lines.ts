// A text of equations as a list, line by line: assignments, derivatives, and what stands behind a colon.

import type { Span } from './mistake';
import { ExpressionParser, shownToken } from './parse';
import type { Equation, Flag, Node } from './syntax';
import type { Token } from './tokens';

const isIf = ({ kind, text }: Token): boolean => kind === 'name' && (text === 'if' || text === 'else');
const IF = '; a choice is written x > 1 ? a : b';

class EquationParser extends ExpressionParser {
  equations(): Equation[] {
    const found: Equation[] = [];
    for (;;) {
      while (this.peek().kind === 'end' && this.peek().text !== '') this.at++;
      if (this.peek().kind === 'end') return found;
      found.push(this.equation());
      if (this.peek().kind !== 'end')
        this.fail(
          this.peek(),
          `expected the end of the equation or an operator, got ${shownToken(this.peek())}${isIf(this.peek()) ? IF : ''}`,
        );
    }
  }

  private equation(): Equation {
    const target = this.peek();
    if (target.kind !== 'name') this.fail(target, `expected a name and =, got ${shownToken(target)}`);
    this.at++;
    const derivative = this.derivative(target);
    const { text: name, start, end } = derivative ?? target;
    const nameSpan = { start, end };
    const own: Node = { kind: 'name', name, ...nameSpan };
    const sign = this.peek();
    if (sign.text === '==') this.fail(sign, 'an equation has one =, a comparison two');
    if (sign.text === ':' && derivative === undefined && this.tokens[this.at + 1]?.text !== '=')
      return { kind: 'declaration', name, nameSpan, value: own, isUpdate: false, flags: this.note() };
    const operator = /^[-+*/]=$/.test(sign.text) ? (sign.text[0] as '+' | '-' | '*' | '/') : undefined;
    if (operator === undefined) this.takeEquals(sign, this.text.slice(start, end), derivative !== undefined);
    else if (derivative === undefined) this.at++;
    else this.fail(sign, 'a derivative is given whole, by =');
    const right = this.expression();
    const value: Node =
      operator === undefined ? right : { kind: 'binary', operator, left: own, right, ...nameSpan };
    const kind = derivative === undefined ? 'assignment' : 'derivative';
    return { kind, name, nameSpan, value, isUpdate: operator !== undefined, flags: this.note() };
  }

  private takeEquals(sign: Token, left: string, isDerivative: boolean): void {
    if (sign.text === '=') this.at++;
    else {
      const advice =
        sign.text === "'" && isDerivative
          ? `; a second derivative is one of a state: ${left} = u, u' = …`
          : /^[*/(^]$/.test(sign.text)
            ? '; left of = stands a name alone, or its derivative: dv/dt = (x - v)/tau'
            : '';
      this.fail(sign, `expected = after ${left}, got ${shownToken(sign)}${advice}`);
    }
  }

  /** `dv/dt` or `v'`, which begins with this name: the name that changes, and the span of all. */
  private derivative(target: Token): (Span & { readonly text: string }) | undefined {
    const [sign, below] = [this.peek(), this.tokens[this.at + 1]];
    if (sign.text === "'") {
      this.at++;
      return { text: target.text, start: target.start, end: sign.end };
    }
    if (!/^d\w/.test(target.text) || sign.text !== '/' || below?.text !== 'dt') return undefined;
    this.at += 2;
    return { text: target.text.slice(1), start: target.start, end: below.end };
  }

  /** `: 1 (flag, flag)` behind an equation. There are no units but 1. */
  private note(): Flag[] {
    if (this.peek().text !== ':') return [];
    this.at++;
    const first = this.at;
    while (this.peek().kind !== 'end' && this.peek().text !== '(') this.at++;
    const unit = this.tokens.slice(first, this.at);
    if (unit.length !== 1 || unit[0]!.text !== '1')
      this.fail(
        { start: this.tokens[first]!.start, end: (unit.at(-1) ?? this.tokens[first]!).end },
        'there are no units: give every number in the unit of dt, and write : 1, or nothing',
      );
    const flags: Flag[] = [];
    if (this.peek().text !== '(') return flags;
    do {
      this.at++;
      const first = this.peek();
      let last = first;
      const words: string[] = [];
      for (; this.peek().kind === 'name' || (this.peek().text === '-' && last !== this.peek()); this.at++) {
        last = this.peek();
        words.push(last.text);
      }
      if (words.length === 0) this.fail(first, `expected a flag, got ${shownToken(first)}`);
      flags.push({ words: words.join(' ').replaceAll(' - ', '-'), start: first.start, end: last.end });
    } while (this.peek().text === ',');
    this.take(')', 'a comma or )');
    return flags;
  }
}

/** The equations of a text, in order. @throws EquationError */
export function parseEquations(text: string): Equation[] {
  return new EquationParser(text).equations();
}
