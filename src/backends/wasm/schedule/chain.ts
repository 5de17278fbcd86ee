// Calls that items go through one after another, and whether a call may join them.

import { type Argument, BufferArgument } from '../argument';
import type { Use } from '../buffer';
import type { CompiledKernel } from '../kernel-call';
import type { MadeKernel } from '../threads/kernels';
import type { When } from '../threads/program';

export interface KernelCall {
  readonly kernel: CompiledKernel | MadeKernel;
  readonly when: When;
  readonly args: readonly Argument[];
  /** Multiplications and additions of the dense operation for one item, where it is one. */
  readonly flop?: number | undefined;
}

/** Calls that every one of `items` items goes through. */
export interface CallChain {
  readonly items: number;
  readonly calls: KernelCall[];
  /** Has a prologue that fills much of a cache (tables of weights). */
  heavy: boolean;
}

/** Whether an argument is memory that calls may share. */
export const isBuffer = (argument: Argument): argument is BufferArgument =>
  argument instanceof BufferArgument;

/** Whether the item of one use is the same memory as that of the other. */
export function meetsItemByItem(a: Pick<Use, 'reach' | 'step'>, b: Pick<Use, 'reach' | 'step'>): boolean {
  return a.reach === 'item' && b.reach === 'item' && a.step === b.step;
}
