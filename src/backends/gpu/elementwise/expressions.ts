// The elementwise functions as expressions in gpu.js's JavaScript, of v (and w). What the languages leave open of
// Math's functions driver/mathematics.ts has spelled out.

import type { BinaryOp, UnaryOp } from '../../backend';

/** Neither is NaN: driver/mathematics.ts makes tests of bits of these. */
const COMPARABLE = 'v === v && w === w';

/** p and q are the operation's parameters. */
export const unaryExpressions: Readonly<Record<UnaryOp, string>> = {
  negate: '-v',
  exp: 'Math.exp(v)',
  log: 'Math.log(v)',
  sqrt: 'Math.sqrt(v)',
  tanh: 'Math.tanh(v)',
  sigmoid: '(v >= 0 ? 1 : Math.exp(-Math.abs(v))) / (1 + Math.exp(-Math.abs(v)))',
  relu: 'Math.max(v, 0)',
  abs: 'Math.abs(v)',
  sign: 'Math.sign(v)',
  power: 'Math.pow(v, p)',
  clamp: 'Math.min(Math.max(v, p), q)',
};

export const binaryExpressions: Readonly<Record<BinaryOp, string>> = {
  add: 'v + w',
  subtract: 'v - w',
  multiply: 'v * w',
  divide: 'v / w',
  power: 'Math.pow(v, w)',
  maximum: 'Math.max(v, w)',
  minimum: 'Math.min(v, w)',
  equal: `${COMPARABLE} && v === w ? 1 : 0`,
  notEqual: `${COMPARABLE} && v === w ? 0 : 1`,
  less: `${COMPARABLE} && v < w ? 1 : 0`,
  lessEqual: `${COMPARABLE} && v <= w ? 1 : 0`,
  greater: `${COMPARABLE} && v > w ? 1 : 0`,
  greaterEqual: `${COMPARABLE} && v >= w ? 1 : 0`,
};
