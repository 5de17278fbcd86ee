// A call of a kernel by the names of its parameters, which the compiler of kernels reads from their sources: what is
// missing, misspelt or of another type does not compile. From here on it is a list in the kernel's order.

import type { Argument } from './argument';
import { type KernelArguments, parameterOrder } from './generated/signatures';
import type { KernelCall } from './schedule/chain';
import type { When } from './threads/program';

export type CompiledKernel = keyof KernelArguments;

/** A kernel's arguments in its order. */
export function ordered<K extends CompiledKernel>(kernel: K, given: KernelArguments[K]): Argument[] {
  const names = parameterOrder[kernel] as readonly string[];
  const record = given as unknown as Readonly<Record<string, Argument>>;
  const args = new Array<Argument>(names.length);
  for (let i = 0; i < names.length; i++) args[i] = record[names[i]!]!;
  return args;
}

/**
 * @param when how often it runs
 * @param flop multiplications and additions of the dense operation for one item, where it is one
 */
export function kernelCall<K extends CompiledKernel>(
  kernel: K,
  when: When,
  given: KernelArguments[K],
  flop?: number,
): KernelCall {
  return { kernel, when, args: ordered(kernel, given), flop };
}

/** What a kernel is given that only computes a number from numbers. */
export type PlainArguments<K extends CompiledKernel> = { readonly [P in keyof KernelArguments[K]]: number };
