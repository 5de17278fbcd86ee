// Neurons of equations on the gpu, in WGSL and by gpu.js alone. WGSL passes the conformance suite with the backend; here its
// twin does, and both run drawn neurons, many arrays, and what is counted: dispatches, buffers, marks.

import { afterAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../../src/backends/backend';
import { cpuBackend } from '../../../src/backends/cpu';
import { backendOn } from '../../../src/backends/gpu';
import type { Driver } from '../../../src/backends/gpu/driver';
import { scanWith } from '../../../src/backends/gpu/scan';
import { twinRunner } from '../../../src/backends/gpu/scan/twin';
import { conformanceCases } from '../../../src/testing';
import { testDriver } from '../../support/gpu';

const { missing, note, driver: own } = await testDriver();
const driver = own as Driver;

describe.skipIf(missing)(`neurons of equations on the gpu${note}`, () => {
  const reference = cpuBackend('f64');
  const gpu = missing ? (undefined as never) : backendOn(driver);
  const twin: Backend = { ...gpu, ...(missing ? {} : scanWith(driver, twinRunner(driver))) };
  afterAll(() => driver.close());

  const cases = conformanceCases().filter(({ kernel }) => kernel === 'scan' || kernel === 'scanGradient');
  test.each(cases)('by gpu.js alone as the reference: $kernel $name', ({ run }) => run(reference, twin));
});
