// The driver: the order of what is recorded and what is written at once, buffers used again, errors that name their
// cause.

import { afterAll, describe, expect, test } from 'vitest';
import type { Handle } from '../../../src/backends/backend';
import { cpuBackend } from '../../../src/backends/cpu';
import { type Driver, jsKernel, wgslKernel } from '../../../src/backends/gpu/driver';
import { acquireDevice } from '../../../src/backends/gpu/driver/device';
import { sizeClass } from '../../../src/backends/gpu/driver/pool';
import { WebGpuDriver } from '../../../src/backends/gpu/driver/webgpu';
import { testDriver } from '../../support/gpu';

const { missing, note, driver: own } = await testDriver();
const driver = own as Driver;

const double = jsKernel('double', { arrays: ['x'] }, 'return 2 * x[this.thread.x];');
const grow = wgslKernel(
  'grow',
  { inputs: {}, outputs: { p: 'f32' }, scalars: { by: 'f32' } },
  `@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id : vec3<u32>) {
  if (id.x < arrayLength(&p)) { p[id.x] += params.by; }
}`,
);

const upload = (...numbers: number[]) => driver.upload('test', numbers);
const read = async (handle: Handle) => Array.from(await driver.read('test', handle));
const doubled = (handle: Handle) =>
  driver.js(double, { arrays: { x: { handle, shape: [handle.size] } }, output: [handle.size] });

test('size classes hold what they are for, waste a quarter at most, and are whole 256 bytes', () => {
  for (let bytes = 1; bytes < 1e8; bytes = Math.ceil(bytes * 1.37)) {
    const capacity = sizeClass(bytes);
    expect(capacity % 256).toBe(0);
    expect(capacity).toBeGreaterThanOrEqual(bytes);
    expect(capacity).toBeLessThan(Math.max(bytes + 256, bytes * 1.26));
    expect(sizeClass(capacity)).toBe(capacity);
  }
});

describe.skipIf(missing)(`the driver${note}`, () => {
  afterAll(() => driver.close());

  test('a read sees what was recorded before it, not what comes after', async () => {
    const x = upload(1, 2);
    const first = read(x);
    driver.wgsl(grow, { inputs: {}, outputs: { p: { handle: x } }, scalars: { by: 10 }, groups: [1] });
    const second = read(x);
    driver.write('test', x, [5, 6]);
    expect([await first, await second, await read(x)]).toEqual([
      [1, 2],
      [11, 12],
      [5, 6],
    ]);
    driver.free(x);
  });

  test('an upload into a buffer that was freed does not overtake the work that still reads it', async () => {
    const x = upload(1, 2, 3);
    const y = doubled(x);
    driver.free(x);
    const z = upload(7, 8, 9);
    expect(await read(y)).toEqual([2, 4, 6]);
    expect(await read(z)).toEqual([7, 8, 9]);
    for (const handle of [y, z]) driver.free(handle);
  });

  test('more dispatches than one submission holds run in their order', async () => {
    let x = upload(1);
    for (let i = 0; i < 250; i++) {
      driver.wgsl(grow, { inputs: {}, outputs: { p: { handle: x } }, scalars: { by: i }, groups: [1] });
      if (i % 100 === 99) {
        const next = doubled(x);
        driver.free(x);
        x = next;
      }
    }
    let expected = 1;
    for (let i = 0; i < 250; i++) expected = (expected + i) * (i % 100 === 99 ? 2 : 1);
    expect(await read(x)).toEqual([expected]);
    driver.free(x);
  });

  test('work that nobody reads is submitted when JavaScript comes to rest', async () => {
    const x = upload(1);
    const before = driver.counters.submissions;
    const y = doubled(x);
    expect(driver.counters.submissions).toBe(before);
    await Promise.resolve();
    expect(driver.counters.submissions).toBe(before + 1);
    for (const handle of [x, y]) driver.free(handle);
  });

  test('a step repeated takes no further buffers, pipelines, uploads or reads', async () => {
    const x = upload(...new Array<number>(1000).fill(1));
    const step = () => {
      const y = doubled(x);
      const z = doubled(y);
      driver.free(y);
      driver.free(z);
    };
    step();
    const [use, counters] = [driver.use, driver.counters];
    for (let i = 0; i < 100; i++) step();
    expect(driver.use).toEqual(use);
    expect({ ...driver.counters, dispatches: 0, submissions: 0 }).toEqual({
      ...counters,
      dispatches: 0,
      submissions: 0,
    });
    expect(driver.counters.dispatches - counters.dispatches).toBe(200);
    await read(x);
    driver.free(x);
  });

  test('replace gives a handle the numbers of another and frees what it had', async () => {
    const { live } = driver.use;
    const x = upload(1, 2);
    driver.replace(x, doubled(x));
    expect(await read(x)).toEqual([2, 4]);
    expect(driver.use.live).toBe(live + 1);
    driver.free(x);
    driver.free(x);
    expect(driver.use.live).toBe(live);
  });

  test('a row of threads longer than a device starts at once is folded', async () => {
    const size = 64 * 65_535 + 3;
    const count = jsKernel('count', { arrays: [] }, 'return this.thread.y * 2 + this.thread.x;');
    const result = driver.js(count, { arrays: {}, output: [size, 2] });
    const numbers = await driver.read('test', result);
    expect([numbers[0], numbers[1], numbers[2], numbers.at(-1)]).toEqual([0, 1, 2, 2 * size - 1]);
    driver.free(result);
  });

  test('operands that were freed or live elsewhere are refused by the name of the kernel', () => {
    const gone = upload(1);
    driver.free(gone);
    expect(() => doubled(gone)).toThrow('double: an operand was freed');
    expect(() => doubled(cpuBackend('f32').upload([1]))).toThrow(
      'double: an operand lives on another backend',
    );
  });

  test('a tensor larger than the adapter binds is refused with its size, the limit and a way out', () => {
    expect(() => driver.allocate('conv2d', driver.limit / 4 + 1)).toThrow(
      /^conv2d: a tensor of \d+ numbers takes [\d.]+ MB, this GPU binds at most [\d.]+ MB; use a smaller batch$/,
    );
  });

  test('a gpu.js kernel that cannot be translated says so at once', () => {
    const broken = jsKernel('broken', { arrays: ['x'] }, 'return x[this.thread.x].map((v) => v);');
    const x = upload(1);
    expect(() => driver.js(broken, { arrays: { x: { handle: x, shape: [1] } }, output: [1] })).toThrow(
      /^broken: gpu.js cannot translate this kernel/,
    );
    driver.free(x);
  });

  test('WGSL that does not compile is an error of the next read, once', async () => {
    const broken = wgslKernel(
      'broken',
      { inputs: {}, outputs: { p: 'f32' } },
      '@compute @workgroup_size(1) fn main() { p[0] = nonsense; }',
    );
    const x = upload(1);
    driver.wgsl(broken, { inputs: {}, outputs: { p: { handle: x } }, groups: [1] });
    await expect(read(x)).rejects.toThrow(/nonsense/);
    expect(await read(x)).toEqual([1]);
    driver.free(x);
  });
});

describe.skipIf(missing)(`a device that is gone${note}`, () => {
  test('is named by every later call', async () => {
    const { driver: lost } = await testDriver();
    const x = lost!.upload('test', [1]);
    lost!.close();
    expect(() => lost!.upload('upload', [1])).toThrow(/^upload: the GPU device was lost .* call init again/);
    await expect(lost!.read('data', x)).rejects.toThrow(/^data: the GPU device was lost/);
  });

  test('is named by a read in flight and by later calls when it is lost unasked', async () => {
    let device: GPUDevice | undefined;
    const lost = await WebGpuDriver.start('test', async (where) => {
      const acquired = await acquireDevice(where);
      device = acquired.device;
      return acquired;
    });
    const x = lost.upload('test', [1]);
    const inFlight = lost.read('data', x);
    device!.destroy();
    await expect(inFlight).rejects.toThrow(/^data: the GPU device was lost .* call init again/);
    await device!.lost;
    expect(() => lost.upload('upload', [1])).toThrow(/^upload: the GPU device was lost/);
    expect(() => lost.js(double, { arrays: { x: { handle: x, shape: [1] } }, output: [1] })).toThrow(
      /was lost/,
    );
  });
});
