// The binary operators whose results are 0 or 1, on every backend.

import type { BinaryOp } from './backend';

export const comparisons: ReadonlySet<BinaryOp> = new Set([
  'equal',
  'notEqual',
  'less',
  'lessEqual',
  'greater',
  'greaterEqual',
]);
