// Rules of optimisers: mistakes at their place, what is remembered, and the compiled function, which keeps to its
// numbers.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../src/core/random';
import { EquationError, updateRule } from '../../src/neurons';
import { numberUpdate } from '../../src/neurons/update/numbers';
import { compileUpdate, UPDATE } from '../../src/neurons/update/wasm';
import { adamWRule } from '../../src/optim/adamw';
import { sgdRule } from '../../src/optim/sgd';
import { flavours } from '../backends/wasm/kernel-memory';

describe('a rule', () => {
  test('is made once for its text, and remembers what is read before it is assigned', () => {
    const rule = updateRule('a = b + g; b = keep*a; p = p - lr*a', ['lr', 'keep']);
    expect(rule.states.map(({ name }) => name)).toEqual(['b']);
    expect(updateRule('a = b + g; b = keep*a; p = p - lr*a', ['lr', 'keep'])).toBe(rule);
  });

  test.each([
    ['p = p - lr*q', 'line 1, column 12: q is not among the constants and nothing assigns it'],
    ['p = p - rate*g', 'line 1, column 9: rate is not among the constants'],
    ['p = p - lrr*g', 'did you mean lr?'],
    ['m = m + g', 'no equation changes p, the parameter'],
    ['g = 0; p = p - lr*g', 'line 1, column 1: g is the gradient and cannot be assigned'],
    ['lr = 1; p = p - lr*g', 'lr is given at each step and cannot be assigned'],
    ['sqrt = g; p = p - lr*sqrt', 'sqrt has a meaning already'],
    ['m = g > 0; p = p - lr*m', 'm is a condition; select(condition, 1, 0) is a number'],
    ["m' = g; p = p - m", 'a step is written as assignments, m = …'],
    ['p = p - ', 'updateRule: line 1, column 9'],
  ])('%s is told at its place', (text, words) => {
    const make = () => updateRule(text, ['lr']);
    expect(make).toThrow(EquationError);
    expect(make).toThrow(words);
  });
});

describe.each(flavours)('compiled with %s SIMD', (flavour) => {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 65536 });
  const floats = new Float32Array(memory.buffer);
  const runOf = (rule: ReturnType<typeof sgdRule>) => {
    const { bytes, table } = compileUpdate(rule, { relaxed: flavour === 'relaxed', shared: false });
    floats.set(table, 1024);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
    return exports[UPDATE] as (...args: number[]) => void;
  };

  test('changes p and states as the loops do, and nothing behind them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 21 }), fc.integer(), fc.boolean(), (n, seed, isAdam) => {
        const random = new Random(seed);
        const rule = isAdam ? adamWRule() : sgdRule(true);
        const constants = rule.constants.map(({ name }, i) => (name === 'epsilon' ? 0.01 : 0.1 + i / 10));
        const places = ['p', 'g', ...rule.states.map(({ name }) => name)];
        const data = places.map((name) =>
          Float32Array.from({ length: 24 }, () => (name === 'square' ? 1 : 0) + random.uniform()),
        );
        for (const [k, numbers] of data.entries()) floats.set(numbers, 2048 + 32 * k);
        runOf(rule)(4096, n, ...places.map((_, k) => 4 * (2048 + 32 * k)), ...constants);
        const [p, g, ...states] = data.map((numbers) => numbers.subarray(0, n));
        numberUpdate(rule, 'f32')(p!, g!, states, constants); // in place: behind n all is as it was
        for (const [k, numbers] of data.entries())
          for (const [i, value] of numbers.entries()) {
            const found = floats[2048 + 32 * k + i]!;
            if (i >= n) expect(found).toBe(value);
            else expect(Math.abs(found - value)).toBeLessThan(1e-6 * (1 + Math.abs(value)));
          }
      }),
      { numRuns: 40 },
    );
  });
});
