// Where `auto` ends up when a backend cannot run, what is said of it, and that a backend asked for by name is never
// replaced.

import { afterEach, describe, expect, test, vi } from 'vitest';
import { tensor } from '../../src/core/create';
import { createBackend, init, isWasm } from '../../src/init';
import { tellNotices } from '../../src/notices';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  tellNotices(undefined);
});

const real = WebAssembly;
/** WebAssembly with some of it replaced. */
function replaced(parts: Partial<Record<keyof typeof WebAssembly, unknown>>): void {
  vi.stubGlobal(
    'WebAssembly',
    Object.create(real, Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, { value }]))),
  );
}

class NoRoom {
  constructor() {
    throw new RangeError('WebAssembly.Memory(): could not allocate memory');
  }
}

const lacks: [string, () => void, RegExp][] = [
  ['there is no WebAssembly', () => vi.stubGlobal('WebAssembly', undefined), /SIMD/],
  ['there is no SIMD', () => replaced({ validate: () => false }), /SIMD/],
  ['there is no room for its memory', () => replaced({ Memory: NoRoom }), /could not allocate/],
  [
    'a policy forbids to compile',
    () => replaced({ compile: () => Promise.reject(new real.CompileError('blocked by policy')) }),
    /blocked by policy/,
  ],
];

describe.each(lacks)('where %s', (_, take, why) => {
  test.each([undefined, 1, 2])('auto computes on cpu and says so (threads: %s)', async (threads) => {
    take();
    const said: string[] = [];
    const backend = await init({ threads, onNotice: (reason) => said.push(reason) });
    expect(backend.name).toBe('cpu');
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(why);
    expect(said[0]).toMatch(/computing on cpu/);
    expect(await tensor([1, 2]).data()).toEqual(Float32Array.of(1, 2));
  });

  test('wasm asked for by name is an error of ours that says what to do', async () => {
    take();
    const asked = createBackend({ backend: 'wasm', threads: 1 });
    await expect(asked).rejects.toMatchObject({
      name: 'SpikegradError',
      message: expect.stringMatching(why),
    });
    await expect(asked).rejects.toThrow(/use backend 'cpu'/);
  });
});

describe('threads that do not start', () => {
  const forbidShared = () =>
    replaced({
      Memory: new Proxy(real.Memory, {
        construct(memory, words: [WebAssembly.MemoryDescriptor]) {
          if (words[0].shared) throw new RangeError('no shared memory');
          return new memory(...words);
        },
      }),
    });

  test('leave wasm with one, said once', async () => {
    forbidShared();
    const said: string[] = [];
    const backend = await createBackend({ threads: 2, onNotice: (reason) => said.push(reason) });
    expect(isWasm(backend) && backend.threads).toBe(1);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^2 threads cannot run here \(.*no shared memory.*\): computing in one$/);
    if (isWasm(backend)) backend.close();
  });
});

test('without onNotice the console is warned, once for each reason', async () => {
  replaced({ Memory: NoRoom });
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  await createBackend();
  await createBackend();
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn.mock.calls[0]![0]).toMatch(/^spikegrad: the wasm backend cannot run here .*could not allocate/);
});
