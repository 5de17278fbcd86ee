// Small things of the core that nothing else would miss: exact draws, printed digits, refusals at the edge. Each
// stands for a mutant that no test had noticed (npm run mutants).

import { beforeEach, expect, test } from 'vitest';
import { cpuBackend } from '../../src/backends/cpu';
import { arange, tensor, zeros } from '../../src/core/create';
import { setActiveBackend } from '../../src/core/engine';
import { scalarFunction } from '../../src/core/kinds';
import { classLabels } from '../../src/core/labels';
import { Random } from '../../src/core/random';
import { noGrad } from '../../src/core/tape';
import { checkTensor } from '../../src/core/tensor';

beforeEach(() => setActiveBackend(cpuBackend('f64')));

test('a stream of a seed has these numbers, and no others', () => {
  const random = new Random(1, 2);
  expect([random.uint32(), random.uint32(), random.uint32()]).toEqual([3433968775, 3342228197, 901518141]);
  expect(random.uniform()).toBe(0.7600297741821965);
  expect(random.uniform()).toBe(0.7756905710465024);
  expect(random.normal()).toBe(0.35706862994664396);
  expect(new Random(7).uint32()).toBe(3140738598);
});

test('random numbers refuse a mean or a deviation alone that is none, and a permutation beyond 32 bits', () => {
  const random = new Random(1);
  expect(() => random.normal(Number.NaN, 1)).toThrow('normal');
  expect(() => random.normal(0, Number.NaN)).toThrow('normal');
  expect(() => random.permutation(2 ** 32)).toThrow('Random.permutation: n must be');
});

test('before init there is no backend, and it is said', () => {
  setActiveBackend(undefined);
  expect(() => zeros([1])).toThrow('zeros: no backend yet: call `await init()` first');
});

test('noGrad refuses what is no function', () => {
  expect(() => noGrad(3 as never)).toThrow('noGrad: fn must be a function, got 3');
});

test('a range between numbers whose distance is infinite never ends', () => {
  expect(() => arange(-1.7e308, 1.7e308, 1e300)).toThrow('never ends');
});

test('labels are taken as they are, of 64 bits as numbers, and looked at one by one', () => {
  expect([...classLabels('here', [1n, 0n], 2)]).toEqual([1, 0]);
  expect(() => classLabels('here', [0, 2], 2)).toThrow('here: label 2 at row 1 is not a class from 0 to 1');
  expect(() => classLabels('here', ['a'] as never, 2)).toThrow("here: label 'a' at row 0 is no number");
});

test('a tensor prints six digits, and gives up its gradient with itself', async () => {
  expect(String(tensor(1.23456789))).toBe('Tensor [] f64 cpu [1.23457]');
  expect(await tensor([4]).item()).toBe(4);
  const leaf = tensor([1], [1], { requiresGrad: true });
  leaf.backward();
  const { grad } = leaf;
  leaf.dispose();
  expect([grad!.disposed, leaf.grad]).toEqual([true, null]);
});

test('a tensor whose buffer others hold gives way to its copy', () => {
  const first = tensor([1, 2]);
  const second = first.alias();
  const own = second.owned();
  expect([own === second, second.disposed, first.disposed]).toEqual([false, true, false]);
  expect(own.owned()).toBe(own);
});

test('what stands in the place of a tensor is told where it belongs, or how a tensor is made of it', () => {
  expect(() => checkTensor('here', { stride: 1 }, 'x', 'here(x, { … })')).toThrow(
    'options come last: here(x, { … })',
  );
  expect(() => checkTensor('here', [1], 'x', 'here(x, { … })')).toThrow('make a tensor of it: tensor(data)');
  expect(() => checkTensor('here', [1])).toThrow('make a tensor of it: tensor(data)');
});

test('a function of one variable has a value and a derivative', () => {
  const kind = scalarFunction('a rectifier');
  const whole = { name: 'a', parameters: {}, value: () => 1, derivative: () => 1 };
  expect(kind.holds(whole)).toBe(true);
  for (const name of Object.keys(whole))
    expect(kind.holds({ ...whole, [name]: undefined }), name).toBe(false);
});
