// What the device says of itself while it works: times by kernel, and what it can do at most.

import { describe, expect, test } from 'vitest';
import { wgslKernel } from '../../../src/backends/gpu/driver';
import { measureLimits } from '../../../src/backends/gpu/limits';
import { testDriver } from '../../support/gpu';

const { missing, note, driver } = await testDriver();

const spin = wgslKernel(
  'spin',
  { inputs: {}, outputs: { out: 'f32' }, scalars: { rounds: 'u32' } },
  `@compute @workgroup_size(64)
  fn main(@builtin(global_invocation_id) id : vec3<u32>) {
    var a = f32(id.x);
    for (var i = 0u; i < params.rounds; i++) { a = sin(a); }
    out[id.x] = a;
  }`,
);

describe.skipIf(missing)(`the profile of a device${note}`, () => {
  test.skipIf(missing || !driver!.profiles)(
    'counts every call and gives more time to more work',
    async () => {
      const out = driver!.allocate('test', 64 * 64);
      const run = (rounds: number) =>
        driver!.wgsl(spin, {
          inputs: {},
          outputs: { out: { handle: out } },
          scalars: { rounds },
          groups: [64],
        });
      const measured = async (rounds: number, calls: number) => {
        driver!.profile(true);
        for (let i = 0; i < calls; i++) run(rounds);
        const [first, ...others] = await driver!.profiled();
        driver!.profile(false);
        expect(others).toEqual([]);
        return first!;
      };
      const light = await measured(1, 150);
      expect(light).toMatchObject({ kernel: 'spin', calls: 150 });
      const heavy = await measured(1000, 2);
      expect(heavy.calls).toBe(2);
      expect(heavy.milliseconds / 2).toBeGreaterThan(light.milliseconds / 150);
      run(1);
      expect(await driver!.profiled()).toEqual([]);
      driver!.free(out);
    },
  );

  test('finds limits above nothing and leaves no buffer behind', async () => {
    const before = driver!.use.live;
    const { flop, bytes } = await measureLimits(driver!);
    expect(flop).toBeGreaterThan(0);
    expect(bytes).toBeGreaterThan(0);
    expect(driver!.use.live).toBe(before);
  });
});
