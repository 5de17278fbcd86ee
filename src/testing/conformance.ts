// What every backend has to pass: sample inputs for each kernel of the contract, run on it and on the f64 reference.
// No test runner is needed; a backend is done when all cases pass.

import { elementwiseCases } from './cases/elementwise';
import { gridCases } from './cases/grids';
import { linearCases } from './cases/linear';
import { memoryCases } from './cases/memory';
import { neuronCases } from './cases/neuron';
import { normCases } from './cases/norm';
import { scanCases } from './cases/scan';
import { specialScanCases } from './cases/scan/special';
import { shapeCases } from './cases/shape';
import { specialCases } from './cases/special';
import { trainingCases } from './cases/training';
import type { ConformanceCase } from './probe';

export { type ConformanceCase, type KernelName, tolerances } from './probe';

/**
 * All cases; the sample inputs are the same every time.
 *
 * ```ts
 * for (const { kernel, name, run } of conformanceCases()) {
 *   test(`${kernel}: ${name}`, () => run(cpuBackend('f64'), candidate));
 * }
 * ```
 */
export function conformanceCases(): ConformanceCase[] {
  return [
    ...memoryCases(),
    ...elementwiseCases(),
    ...shapeCases(),
    ...linearCases(),
    ...gridCases(),
    ...normCases(),
    ...neuronCases(),
    ...scanCases(),
    ...trainingCases(),
    ...specialCases(),
    ...specialScanCases(),
  ];
}
