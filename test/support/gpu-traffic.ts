// What kernels of a GPU move: a driver that adds up the bytes that each dispatch is given to read and write. Not a test
// itself.

import type { Handle } from '../../src/backends/backend';
import type { Driver } from '../../src/backends/gpu/driver';

type Arrays = Readonly<Record<string, { readonly handle: Handle }>>;

/** Bytes of all arrays; one that is bound twice is read once. */
const bytesOf = (arrays: Arrays): number =>
  [...new Set(Object.values(arrays).map(({ handle }) => handle))].reduce(
    (sum, { size }) => sum + 4 * size,
    0,
  );

/** The driver, and the bytes so far. */
export function counted(driver: Driver): { readonly driver: Driver; bytes(): number } {
  let bytes = 0;
  const own: Pick<Driver, 'js' | 'wgsl'> = {
    js(kernel, call) {
      bytes += bytesOf(call.arrays) + 4 * call.output.reduce((a, b) => a * b, 1);
      return driver.js(kernel, call);
    },
    wgsl(kernel, call) {
      const results = driver.wgsl(kernel, call);
      bytes += bytesOf(call.inputs);
      // on its way back a neuron goes forward once more
      if (kernel.name === 'scanGradient') bytes += 4 * (call.inputs as Arrays).x!.handle.size;
      for (const handle of Object.values<Handle>(results)) bytes += 4 * handle.size;
      return results;
    },
  };
  const get = (target: Driver, name: keyof Driver): unknown => {
    if (name === 'js' || name === 'wgsl') return own[name];
    const member: unknown = target[name];
    return typeof member === 'function' ? member.bind(target) : member;
  };
  return {
    driver: new Proxy(driver, { get: (target, name) => get(target, name as keyof Driver) }),
    bytes: () => bytes,
  };
}
