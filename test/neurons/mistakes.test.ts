// Wrong neurons: each mistake is told at its line and column, with what is meant; nothing else than the library's
// error comes out, whatever the text; neither depth nor length can break the reader.

import { describe, expect, test } from 'vitest';
import { EquationError, type EquationFunction, neuron, SpikegradError } from '../../src';
import { fc, test as property } from '../support/properties';

const errorOf = (run: () => unknown): unknown => {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
};

/** Text, line:column+length, and what the message has. */
const mistakes: readonly (readonly [text: string, place: string, words: string])[] = [
  ['', '1:1+1', 'there is no equation'],
  ['# a comment', '1:1+1', 'there is no equation'],
  ['h', '1:2+1', 'expected = after h, got the end of the text'],
  ['h = ', '1:5+1', 'expected a name, a number or (, got the end of the text'],
  ['= x', '1:1+1', 'expected a name and ='],
  ['h == x', '1:3+2', 'an equation has one =, a comparison two'],
  ['h = x = 1', '1:7+1', 'an equation has one =; equal is =='],
  ['h := x', '1:3+1', "expected = after h, got ':'"],
  ['h, v = x, x', '1:2+1', "expected = after h, got ','"],
  ['2 = x', '1:1+1', "expected a name and =, got '2'"],
  ['h = x y', '1:7+1', 'the end of the equation or an operator'],
  ['h = 2x', '1:5+2', 'a product is written 2*x'],
  ['h = 1e5e5', '1:5+5', 'a product is written 1e5*e5'],
  ['h = 0x10', '1:5+4', 'a name cannot begin with a digit'],
  ['h = x(2)', '1:5+1', 'a product is written x*(…)'],
  ['h = (x', '1:5+1', 'this parenthesis is never closed'],
  ['h = x)', '1:6+1', "got ')'"],
  ['h = (x\n\n + 1', '1:5+1', 'this parenthesis is never closed'],
  ['h = x\n + 1', '2:2+1', "expected a name and =, got '+'"],
  ['h = x +\n 1', '1:8+1', 'got the end of the line'],
  ['h = x *** 2', '1:9+1', "got '*'"],
  ['h = tanh', '1:5+4', 'tanh is a function: tanh(…)'],
  ['h = tanh()', '1:5+6', 'tanh takes 1 argument, got 0'],
  ['h = tanh(x, x)', '1:5+10', 'tanh takes 1 argument, got 2'],
  ['h = max(x)', '1:5+6', 'max takes 2 or more arguments, got 1'],
  [`h = max(${Array(17).fill('x')})`, '1:5+38', 'max takes at most 16 arguments, got 17'],
  ['h = select(x, 1)', '1:5+12', 'select takes 3 arguments, got 2'],
  ['h = sin(x,,x)', '1:11+1', "got ','"],
  ['h = tahn(x)', '1:5+4', 'there is no function tahn; did you mean tanh?'],
  ['h = rand()', '1:5+4', 'there is no function rand; noise is no part of a neuron'],
  ['h = heaviside(x)', '1:5+9', 'there is no function heaviside; what fires is spike(…)'],
  ['h = 1e400*x', '1:5+5', 'larger than any number'],
  ['h = x/0', '1:7+1', 'nothing can be divided by 0'],
  ['h = x + 0/(2 - 2)', '1:11+7', '(2 - 2) is 0, and nothing can be divided by it'],
  ['h = x*log(-1)', '1:7+7', 'log(-1) is NaN, whatever comes in'],
  ['h = x + 10^10^10', '1:9+8', '10^10^10 is Infinity, whatever comes in'],
  ['h = e*x', '1:5+1', 'e^a is written exp(a)'],
  ['v = V + x', '1:5+1', 'did you mean v?'],
  ['h = x³', '1:6+1', 'write 3'],
  ['h ＝ x', '1:3+1', 'write ='],
  ['tau*v = x', '1:4+1', 'left of = stands a name alone, or its derivative'],
  ["v'' = x", '1:3+1', "a second derivative is one of a state: v' = u, u' = …"],
  ['v’ = x', '1:2+1', "a derivative is written v' or dv/dt"],
  ['h = spike()', '1:5+7', 'spike takes 1 argument, got 0'],
  ['x = 1', '1:1+1', 'x is the input and cannot be assigned'],
  ['pi = 3', '1:1+2', 'pi has a meaning already'],
  ['tanh = x', '1:1+4', 'tanh has a meaning already'],
  ['not = x', '1:1+3', 'not has a meaning already'],
  ['and = x', '1:1+3', 'and has a meaning already'],
  ['__proto__ = x', '1:1+9', '__proto__ has a meaning already'],
  ["h' == x", '1:4+2', 'an equation has one =, a comparison two'],
  ['dv/dt x', '1:7+1', 'expected = after dv/dt'],
  ['h = x < 1 < 2', '1:11+1', 'comparisons do not chain'],
  ['h = x ? 1', '1:10+1', 'expected : and what holds otherwise'],
  ['h = x if x > 1 else 2', '1:7+2', 'a choice is written x > 1 ? a : b'],
  ['h = x & 1', '1:7+1', 'write and, or &&'],
  ['h = x % 2', '1:7+1', 'there is no remainder'],
  ['h = x[0]', '1:6+1', 'parentheses are round'],
  ['h = x²', '1:6+1', 'a square is written x^2'],
  ['h = x − 2', '1:7+1', 'not the minus of a keyboard'],
  ['α = x', '1:1+1', 'names are of the letters a to z'],
  ['h = 😀', '1:5+2', 'has no meaning here'],
  ['h = xi', '1:5+2', 'noise is no part of a neuron'],
  ['h = t + x', '1:5+1', 'time is no part of a neuron'],
  ['h = I', '1:5+1', 'the input is called x'],
  ['h = constructor', '1:5+11', 'constructor is no parameter and nothing assigns it'],
  ['h = x constructor 1', '1:7+11', 'the end of the equation or an operator'],
  ['h = toString(x)', '1:5+8', 'there is no function toString'],
  ['h = x; spikes = spike(h - 1)\n\tv = h*(1 - spikez)', '2:13+6', 'did you mean spikes?'],
  ['h = x\r\nv = y', '2:5+1', 'y is no parameter'],
];

describe('a mistake in equations', () => {
  test.each(mistakes)('%j is told at %s', (text, place, words) => {
    const error = errorOf(() => neuron(text));
    expect(error).toBeInstanceOf(EquationError);
    const { line, column, length, mistake } = error as EquationError;
    expect(`${line}:${column}+${length} ${mistake}`).toContain(`${place} `);
    expect(mistake).toContain(words);
  });

  test('is marked in the line, below a tab too, and in a piece of a long line', () => {
    const { message } = errorOf(() => neuron('v = x\n\tw = spikez')) as EquationError;
    expect(message.split('\n').slice(1)).toEqual(['   w = spikez', '       ^^^^^^']);
    const long = errorOf(() => neuron(`v = ${'x + '.repeat(100)}@`)) as EquationError;
    const [, line, mark] = long.message.split('\n');
    expect(line!.length).toBeLessThan(120);
    expect(line![mark!.indexOf('^')]).toBe('@');
  });

  const options: readonly (readonly [object, string])[] = [
    [{ parameters: { x: 1 } }, "parameters names 'x', which is the input"],
    [{ parameters: { 'a b': 1 } }, "parameters names 'a b', which equations cannot name"],
    [{ parameters: { tanh: 1 } }, "parameters names 'tanh', which has a meaning already"],
    [{ parameters: { and: 1 } }, "parameters names 'and', which has a meaning already"],
    [{ parameters: { pi: 3 } }, "parameters names 'pi', which has a meaning already"],
    [{ parameters: { tau: Number.NaN } }, 'tau is NaN'],
    [{ parameters: { tau: 1 } }, 'the parameter tau is in no equation'],
    [{ functions: { tanh: (a: unknown) => a } }, "functions names 'tanh', which has a meaning already"],
    [{ start: { w: 1 } }, 'start names w, which is no state; states are v'],
    [{ outputs: ['w'] }, "outputs names 'w', which nothing assigns; assigned are v"],
    [{ outputs: ['v', 'v'] }, 'outputs names one value twice'],
    [{ outputs: [] }, 'outputs names nothing that comes out'],
    [{ surrogat: 1 }, "has no option 'surrogat'; did you mean surrogate?"],
  ];
  test.each(options)('%j is refused', (given, words) => {
    const error = errorOf(() => neuron('v = 0.5*v + x', given));
    expect(error).toBeInstanceOf(SpikegradError);
    expect((error as SpikegradError).message).toContain(words);
  });

  const computed: readonly (readonly [string, (a: number) => number])[] = [
    ['a product by *', (a) => a * 2],
    ['a function of Math', (a) => Math.tanh(a)],
    ['a comparison', (a) => (a > 1 ? 1 : 0)],
  ];
  test.each(computed)('%s on an expression is refused, which would be NaN', (_, f) => {
    const functions = { f: f as unknown as EquationFunction };
    expect(() => neuron('v = f(x)', { functions })).toThrow('an expression is no number of JavaScript');
  });
});

describe('a text of any kind', () => {
  const token = fc.constantFrom(
    ...'h v x spikes spike tanh max pi and or not if ( ) ( ) , + - * / ^ ** < <= == != ? : = = += ; \n 1 .5 2e3 # ! & toString'.split(
      ' ',
    ),
    'constructor',
    '__proto__',
    'é',
    '\t',
  );
  property.prop([fc.array(token, { maxLength: 30 })], { numRuns: 500 })(
    'is a neuron or a mistake of the library',
    (tokens) => {
      const error = errorOf(() => neuron(tokens.join(' ')));
      expect(error === undefined || error instanceof SpikegradError, String(error)).toBe(true);
    },
  );

  test.each([
    ['parentheses', `${'('.repeat(10_000)}x${')'.repeat(10_000)}`],
    ['calls', `${'tanh('.repeat(10_000)}x${')'.repeat(10_000)}`],
    ['signs', `${'-'.repeat(10_000)}x`],
    ['negations', `${'not '.repeat(10_000)}x`],
    ['powers', `x${'^x'.repeat(10_000)}`],
    ['choices', `${'x ? 1 : '.repeat(10_000)}2`],
  ])('is refused with ten thousand %s in each other', (_, text) => {
    expect(() => neuron(`h = ${text}`)).toThrow(
      'nested more than 200 deep: give parts of it names of their own',
    );
  });

  test('is refused with ten thousand terms in a row, and read with a hundred', () => {
    expect(() => neuron(`h = x${' + x'.repeat(10_000)}`)).toThrow('more than 1000 operations in a row');
    expect(neuron(`h = x${' + x'.repeat(100)}`).outputs).toEqual(['h']);
  });

  test('may have ten thousand lines, each of the one before', () => {
    const lines = Array.from({ length: 10_000 }, (_, i) => `h${i} = ${i === 0 ? 'x' : `h${i - 1} + x`}`);
    expect(neuron(lines.join('\n')).outputs).toEqual(['h9999']);
  });
});
