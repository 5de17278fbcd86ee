// What `spikegrad/testing` gives: gradient checks, fast-check arbitraries, and the conformance suite of backends.

export * from './arbitraries';
export { type ConformanceCase, conformanceCases, type KernelName, tolerances } from './conformance';
export {
  compareGradients,
  type GradCheckInput,
  type GradCheckOptions,
  type GradCheckResult,
  type GradCheckWorst,
  gradCheck,
} from './grad-check';
