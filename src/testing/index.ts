/**
 * What `spikegrad/testing` gives: laws for neurons of one's own, and neurons with small changes for one's own tests to
 * catch; gradient checks, fast-check arbitraries, the conformance suite of backends, and whether all of it holds on a
 * machine.
 *
 * @module spikegrad/testing
 */

export {
  broadcastPairs,
  type ConvConstraints,
  type ConvSetting,
  convSettings,
  dataOf,
  type NumberConstraints,
  neuronOptions,
  numbers,
  type PoolConstraints,
  type PoolSetting,
  poolSettings,
  type ShapeConstraints,
  shapes,
  surrogates,
  type TensorData,
  tensorData,
} from './arbitraries';
export {
  type BackendCheck,
  type BackendReport,
  type CheckBackendOptions,
  type CheckRow,
  checkBackend,
  type Remade,
  type Verdict,
} from './check';
export { type ConformanceCase, conformanceCases, type KernelName, tolerances } from './conformance';
export { type CurrentConstraints, inputCurrents } from './currents';
export {
  compareGradients,
  type GradCheckInput,
  type GradCheckOptions,
  type GradCheckResult,
  type GradCheckWorst,
  gradCheck,
} from './grad-check';
export * from './laws';
export { type MutantKind, mutantsOf, type NeuronMutant } from './mutants';
export { type NeuronConstraints, neurons } from './neurons';
