// A neuron's constants as the kernels read them: f32 numbers at `spec`, written by ../../neuron/spec.ts, which says
// what each is. One place for the offsets, in bytes. No arithmetic here.

/** H[t] = retain·V[t-1] + gain·X[t]: leak (tau, 1), paper (1, tau). */
export const RETAIN: usize = 0;
export const GAIN: usize = 4;
/** H >= fire is a spike. */
export const FIRE: usize = 8;
/** Outside low < H < high the surrogate is zero. */
export const LOW: usize = 12;
export const HIGH: usize = 16;
/** V after a spike is soft·H + rest. */
export const SOFT: usize = 20;
export const REST: usize = 24;
/** 1: gradients flow through the reset; 0: detached. */
export const ATTACHED: usize = 28;
/** How slopes are found: a number of the list below. */
export const SLOPE: usize = 32;
/** Of the surrogate: gain·height and steepness. */
export const HEIGHT: usize = 36;
export const STEEPNESS: usize = 40;
export const THRESHOLD: usize = 44;
/** φ(H) = tanh(k(H - centre))·half + centre. k = 0: no rectifier. */
export const K: usize = 48;
export const CENTRE: usize = 52;
export const HALF: usize = 56;
/** retain/gain: v[t] = carry·dX[t+1]. */
export const CARRY: usize = 60;
/**
 * 1/(gain·s·φ'(H)) = P/numerator or P²/numerator with P = (t⁴ + α·t² + β)·(t + δ) + γ and
 * t = (H - centre)² + shift.
 */
export const SHIFT: usize = 64;
export const ALPHA: usize = 68;
export const BETA: usize = 72;
export const DELTA: usize = 76;
export const GAMMA: usize = 80;
export const NUMERATOR: usize = 84;
/** Bits of a nibble as four floats, [16][4]. */
export const NIBBLES: usize = 96;

/** SLOPE: from P, from P², or φ' from an exponential times this surrogate. */
export const BY_POLYNOMIAL: i32 = 0;
export const BY_SQUARE: i32 = 6;
export const RECTANGULAR: i32 = 1;
export const TRIANGULAR: i32 = 2;
export const SIGMOIDAL: i32 = 3;
export const ARCTAN: i32 = 4;
export const FAST_SIGMOID: i32 = 5;

/** Which currents come in beside a·y + b. */
export const NOTHING: i32 = 0;
export const SPIKES: i32 = 1;
export const BRANCH: i32 = 2;
