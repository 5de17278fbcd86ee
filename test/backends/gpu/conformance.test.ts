// The gpu backend against the f64 reference, kernel by kernel.

import { afterAll, describe, expect, test } from 'vitest';
import { cpuBackend } from '../../../src/backends/cpu';
import { backendOn } from '../../../src/backends/gpu';
import { conformanceCases } from '../../../src/testing';
import { testDriver } from '../../support/gpu';

const reference = cpuBackend('f64');
const { missing, note, driver } = await testDriver();
const backend = driver && backendOn(driver);

describe.skipIf(missing)(`gpu agrees with cpu f64${note}`, () => {
  afterAll(() => backend!.close());

  const cases = conformanceCases();
  for (const kernel of new Set(cases.map((one) => one.kernel))) {
    describe(kernel, () => {
      for (const { name, run } of cases.filter((one) => one.kernel === kernel)) {
        test(name, () => run(reference, backend!));
      }
    });
  }

  test('every buffer is free again', () => {
    expect(backend!.memory()).toMatchObject({ live: 0, liveBytes: 0 });
  });
});
