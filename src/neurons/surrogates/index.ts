// Surrogates: what stands in for the derivative of the step. docs/neuron.md has the table of them and of what they are
// called elsewhere.

export { type ArctanOptions, arctan } from './arctan';
export { type ClippedReciprocalOptions, clippedReciprocal } from './clipped-reciprocal';
export { customSurrogate, type SurrogateDefinition } from './custom';
export { type DoubleExponentialOptions, doubleExponential } from './double-exponential';
export { type DspikeOptions, dspike } from './dspike';
export { type FastSigmoidOptions, fastSigmoid } from './fast-sigmoid';
export { type GaussianOptions, gaussian } from './gaussian';
export { type LeakyRectangularOptions, leakyRectangular } from './leaky-rectangular';
export { type LogTailedOptions, logTailed } from './log-tailed';
export { type LogarithmicOptions, logarithmic } from './logarithmic';
export { type QPseudoSpikeOptions, qPseudoSpike } from './q-pseudo-spike';
export { type RectangularOptions, rectangular } from './rectangular';
export { type S2nnOptions, s2nn } from './s2nn';
export { type SigmoidalOptions, sigmoidal } from './sigmoidal';
export { type SparseFastSigmoidOptions, sparseFastSigmoid } from './sparse-fast-sigmoid';
export { type SquareWaveOptions, squareWave } from './square-wave';
export { type StraightThroughOptions, straightThrough } from './straight-through';
export type { Surrogate, SurrogateScale } from './surrogate';
export { type TriangularOptions, triangular } from './triangular';
export { type TwoSlopesOptions, twoSlopes } from './two-slopes';
