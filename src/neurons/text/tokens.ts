// A text of equations cut into tokens. Lines end an equation, as a semicolon does, unless parentheses are open.

import { EquationError, type Span } from './mistake';

export interface Token extends Span {
  readonly kind: 'name' | 'number' | 'sign' | 'end';
  readonly text: string;
}

/** Two characters first, or `<=` would be `<` and `=`. */
const SIGNS = /^(?:\*\*|<=|>=|==|!=|&&|\|\||\+=|-=|\*=|\/=|[-+*/^()<>=!?:,'])/;
const NUMBER = /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/i;
const NAME = /^[A-Za-z_]\w*/;
const COMMENT = /^(?:#|\/\/)[^\n]*/;

export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const open: Token[] = [];
  let at = 0;
  const take = (kind: Token['kind'], piece: string): Token => {
    const token = { kind, text: piece, start: at, end: at + piece.length };
    tokens.push(token);
    at = token.end;
    return token;
  };
  while (at < text.length) {
    const rest = text.slice(at);
    const skipped = COMMENT.exec(rest)?.[0] ?? /^[^\S\n]+/.exec(rest)?.[0];
    const number = NUMBER.exec(rest)?.[0];
    const name = NAME.exec(rest)?.[0];
    const sign = SIGNS.exec(rest)?.[0];
    if (skipped !== undefined) at += skipped.length;
    else if (rest[0] === '\n' && open.length > 0) at++;
    else if (rest[0] === '\n' || rest[0] === ';') take('end', rest[0]);
    else if (number !== undefined) {
      take('number', number);
      const stuck = NAME.exec(text.slice(at))?.[0];
      if (stuck !== undefined)
        throw new EquationError(
          text,
          { start: at - number.length, end: at + stuck.length },
          `a name cannot begin with a digit; a product is written ${number}*${stuck}`,
        );
    } else if (name !== undefined) take('name', name);
    else if (sign !== undefined) {
      const token = take('sign', sign);
      if (sign === '(') open.push(token);
      if (sign === ')') open.pop();
    } else {
      const character = String.fromCodePoint(rest.codePointAt(0)!);
      throw new EquationError(
        text,
        { start: at, end: at + character.length },
        `'${character}' has no meaning here${adviceOn(character)}`,
      );
    }
  }
  if (open.length > 0) throw new EquationError(text, open.at(-1)!, 'this parenthesis is never closed');
  take('end', '');
  return tokens;
}

const advice: Readonly<Record<string, string>> = {
  '[': 'parentheses are round: (a + b)*c',
  '{': 'parentheses are round: (a + b)*c',
  '·': 'a product is written a*b',
  '×': 'a product is written a*b',
  '−': 'that is not the minus of a keyboard: write -',
  '≥': 'write >=',
  '≤': 'write <=',
  '%': 'there is no remainder; floor(x) gives the whole part',
  '&': 'write and, or &&',
  '|': 'write or, or ||',
};

const adviceOn = (character: string): string =>
  advice[character] === undefined ? '' : `; ${advice[character]}`;
