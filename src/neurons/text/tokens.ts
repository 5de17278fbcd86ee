// A text of equations cut into tokens. Lines end an equation, as a semicolon does, unless parentheses are open.

import { EquationError, type Span } from './mistake';

export interface Token extends Span {
  readonly kind: 'name' | 'number' | 'sign' | 'end';
  readonly text: string;
}

/** In this order: what is passed over, a number, a name, an end, a sign (those of two characters first). */
const PIECE =
  /(?<skipped>(?:#|\/\/)[^\n]*|[^\S\n]+)|(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<name>[A-Za-z_]\w*)|(?<end>[\n;])|(?<sign>\*\*|<=|>=|==|!=|&&|\|\||\+=|-=|\*=|\/=|[-+*/^()<>=!?:,'])/y;
const NAME = /[A-Za-z_]\w*/y;

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
    PIECE.lastIndex = at;
    const { skipped, number, name, end, sign } = PIECE.exec(text)?.groups ?? {};
    if (skipped !== undefined) at += skipped.length;
    else if (end === '\n' && open.length > 0) at++;
    else if (end !== undefined) take('end', end);
    else if (number !== undefined) {
      take('number', number);
      NAME.lastIndex = at;
      const stuck = NAME.exec(text)?.[0];
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
      const character = String.fromCodePoint(text.codePointAt(at)!);
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
  '²': 'a square is written x^2',
  '’': "a derivative is written v' or dv/dt",
  '′': "a derivative is written v' or dv/dt",
};

function adviceOn(character: string): string {
  const plain = character.normalize('NFKC');
  const words = /\p{L}/u.test(character)
    ? 'names are of the letters a to z, digits and _'
    : (advice[character] ?? (/^[!-~]$/.test(plain) && plain !== character ? `write ${plain}` : undefined));
  return words === undefined ? '' : `; ${words}`;
}
