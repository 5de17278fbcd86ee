// The f32 reference against the f64 one, and proof that the suite can fail: a backend with one wrong kernel does.

import { describe, expect, test } from 'vitest';
import type { Backend } from '../../src/backends/backend';
import { cpuBackend } from '../../src/backends/cpu';
import { conformanceCases, type KernelName } from '../../src/testing';

const reference = cpuBackend('f64');

function kernelsOf(backend: Backend): KernelName[] {
  return (Object.keys(backend) as (keyof Backend)[]).filter(
    (key): key is KernelName => typeof backend[key] === 'function',
  );
}

describe('cpu f32 agrees with cpu f64', () => {
  test.each(kernelsOf(reference))('in %s', (kernel) => runAll(kernel, cpuBackend('f32')));
});

describe('the suite', () => {
  test('has a case for every kernel of the contract', () => {
    const covered = new Set(conformanceCases().map(({ kernel }) => kernel));
    expect([...covered].sort()).toEqual(kernelsOf(reference).sort());
  });

  test('names no case twice', () => {
    const names = conformanceCases().map(({ kernel, name }) => `${kernel}: ${name}`);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  const producing = kernelsOf(reference).filter((kernel) => kernel !== 'free' && kernel !== 'overwrite');
  test.each(producing)('fails when %s alone computes wrong numbers', async (kernel) => {
    await expect(runAll(kernel, withWrongKernel(kernel))).rejects.toThrow(kernel);
  });

  test('fails when overwrite does nothing', async () => {
    await expect(runAll('overwrite', { ...cpuBackend('f64'), overwrite() {} })).rejects.toThrow('overwrite');
  });

  test('fails when a kernel writes into its operand', async () => {
    const good = cpuBackend('f64');
    const unary: Backend['unary'] = (op, x, parameters) => {
      const y = good.unary(op, x, parameters);
      good.overwrite(x.handle, good.readSync(y));
      return y;
    };
    await expect(runAll('unary', { ...good, unary })).rejects.toThrow('changed an operand');
  });

  test('fails when free gives away the memory of another buffer', async () => {
    const good = cpuBackend('f64');
    let last: ReturnType<Backend['upload']> | undefined;
    const broken: Backend = {
      ...good,
      upload: (data) => {
        last = good.upload(data);
        return last;
      },
      free: () => {
        if (last !== undefined) good.overwrite(last, new Float64Array(last.size));
      },
    };
    await expect(runAll('free', broken)).rejects.toThrow('free');
  });
});

async function runAll(kernel: KernelName, candidate: Backend): Promise<void> {
  for (const { run } of conformanceCases().filter((one) => one.kernel === kernel)) {
    await run(reference, candidate);
  }
}

/** An f64 backend of which one kernel's numbers are 1e-4 too large. */
function withWrongKernel(kernel: KernelName): Backend {
  const good = cpuBackend('f64');
  const shift = <N extends ArrayLike<number>>(numbers: N) => Float64Array.from(numbers, (x) => x + 1e-4);
  const spoil = (result: unknown): unknown => {
    if (ArrayBuffer.isView(result)) return shift(result as Float64Array);
    if (result instanceof Promise) return result.then(spoil);
    if (Array.isArray(result)) return result.map(spoil);
    if (typeof result !== 'object' || result === null) return result;
    if ('bytes' in result) {
      const handle = result as ReturnType<Backend['upload']>;
      return { ...handle, binary: false, data: shift(good.readSync(handle)) };
    }
    return Object.fromEntries(
      Object.entries(result).map(([key, value]) => [key, key === 'saved' ? value : spoil(value)]),
    );
  };
  const original = good[kernel] as (...operands: unknown[]) => unknown;
  const broken = (...operands: unknown[]): unknown => {
    const result = original(...operands);
    if (kernel === 'update') {
      const [, { parameter }] = operands as Parameters<Backend['update']>;
      good.overwrite(parameter.handle, shift(good.readSync(parameter.handle)));
    }
    return spoil(result);
  };
  return { ...good, [kernel]: broken };
}
