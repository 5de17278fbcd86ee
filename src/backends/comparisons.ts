// Which operators of two operands give 0 or 1, on every backend.

import type { BinaryOp, Operand } from './backend';

export const comparisons: ReadonlySet<BinaryOp> = new Set([
  'equal',
  'notEqual',
  'less',
  'lessEqual',
  'greater',
  'greaterEqual',
]);

/** Whether every number of a result is 0 or 1: of a comparison, and of the product of two operands that are. */
export function givesBinary(op: BinaryOp, a: Operand, b: Operand): boolean {
  return comparisons.has(op) || (op === 'multiply' && a.handle.binary && b.handle.binary);
}
