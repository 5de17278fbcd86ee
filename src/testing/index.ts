// What `spikegrad/testing` gives: laws for neurons of one's own, gradient checks, fast-check arbitraries, and the
// conformance suite of backends.

export * from './arbitraries';
export { type ConformanceCase, conformanceCases, type KernelName, tolerances } from './conformance';
export * from './currents';
export {
  compareGradients,
  type GradCheckInput,
  type GradCheckOptions,
  type GradCheckResult,
  type GradCheckWorst,
  gradCheck,
} from './grad-check';
export * from './laws';
