// The elementwise functions as expressions in gpu.js's JavaScript, of v (and w). What WGSL leaves open is spelled out: its
// tanh may be 1e-5 off, and comparisons must let NaN through.

import type { BinaryOp, UnaryOp } from '../backend';

/** tanh: a series near 0, where the quotient loses digits; further terms are below 1e-8. */
export const TANH = `function tanhOf(v) {
  const s = v * v;
  const near = v * (1 - s * (1 / 3 - s * (2 / 15 - s * (17 / 315 - s * (62 / 2835)))));
  const decay = Math.exp(-2 * Math.abs(v));
  const far = (1 - decay) / (1 + decay);
  return Math.abs(v) < 0.25 ? near : (v < 0 ? -far : far);
}`;

/** x^p for every sign of x, as JavaScript's. */
export const POWER = `function powerOf(v, p) {
  const odd = p - 2 * Math.floor(p / 2);
  const size = Math.pow(Math.abs(v), p);
  return v < 0 ? (p === Math.floor(p) ? (odd === 1 ? -size : size) : Math.sqrt(v)) : size;
}`;

/** p and q are the operation's parameters. */
export const unaryExpressions: Readonly<Record<UnaryOp, string>> = {
  negate: '-v',
  exp: 'Math.exp(v)',
  log: 'Math.log(v)',
  sqrt: 'Math.sqrt(v)',
  tanh: 'tanhOf(v)',
  sigmoid: '(v >= 0 ? 1 : Math.exp(-Math.abs(v))) / (1 + Math.exp(-Math.abs(v)))',
  relu: 'v <= 0 ? 0 : v',
  abs: 'Math.abs(v)',
  sign: 'v > 0 ? 1 : (v < 0 ? -1 : v)',
  power: 'powerOf(v, p)',
  clamp: 'v < p ? p : (v > q ? q : v)',
};

export const binaryExpressions: Readonly<Record<BinaryOp, string>> = {
  add: 'v + w',
  subtract: 'v - w',
  multiply: 'v * w',
  divide: 'v / w',
  power: 'powerOf(v, w)',
  maximum: 'v > w ? v : (w >= v ? w : v + w)',
  minimum: 'v < w ? v : (w <= v ? w : v + w)',
  equal: 'v === w ? 1 : 0',
  notEqual: 'v === w ? 0 : 1',
  less: 'v < w ? 1 : 0',
  lessEqual: 'v <= w ? 1 : 0',
  greater: 'v > w ? 1 : 0',
  greaterEqual: 'v >= w ? 1 : 0',
};

/** The functions that an expression calls. */
export function helpersOf(expression: string): string[] {
  const helpers: string[] = [];
  if (expression.includes('tanhOf(')) helpers.push(TANH);
  if (expression.includes('powerOf(')) helpers.push(POWER);
  return helpers;
}
