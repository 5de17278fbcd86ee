// What charges a neuron, as the handle of its input says of itself: a·y + b, and beside it nothing, an identity
// shortcut's spikes, or a second branch. What form the module takes it in, and its arguments.

import type { InputForm } from '../../../neurons/wasm';
import type { Handle } from '../../backend';
import { entire } from '../argument';
import type { Buffer } from '../buffer';
import type { Engine } from '../engine';
import type { WasmHandle } from '../handle';
import { bitLayout, type Images, LONGEST_ROW } from '../images';
import { Affine } from '../values/affine';
import { Bits } from '../values/bits';
import { Sum } from '../values/sum';
import type { Arguments } from './arguments';

export interface Current {
  readonly form: InputForm;
  /** The normalisation that y goes through, where its gradient will want sums. */
  readonly norm?: Norm | undefined;
}

interface Norm {
  readonly y: WasmHandle;
  readonly mean: Buffer;
}

/** Numbers as they are, for neurons that do not lie in whole groups of channels. */
export function plainCurrent(engine: Engine, x: Handle, images: Images, args: Arguments): Current {
  args.putPlanes('y', engine.planes(x, images));
  return { form: { affine: false, beside: 'nothing', branchAffine: false } };
}

export function currentOf(engine: Engine, x: Handle, images: Images, args: Arguments): Current {
  const handle = engine.handle(x);
  const { value } = handle;
  if (!(value instanceof Sum)) {
    const affine = putBranch(engine, handle, images, args, 'y', 'a', 'b');
    return { form: { affine, beside: 'nothing', branchAffine: false }, norm: normOf(handle, images) };
  }
  const [a, b] = [value.a.target, value.b.target];
  const [main, other] = a.value instanceof Bits ? [b, a] : [a, b];
  const affine = putBranch(engine, main, images, args, 'y', 'a', 'b');
  const norm = normOf(main, images);
  const bits = main === other ? undefined : engine.bits(other, images);
  if (bits !== undefined) {
    args.putPlanes('beside', engine.read(bits, bitLayout(images)));
    return { form: { affine, beside: 'spikes', branchAffine: false }, norm };
  }
  const branchAffine = putBranch(engine, other, images, args, 'beside', 'a2', 'b2');
  return { form: { affine, beside: 'branch', branchAffine }, norm };
}

/** One summand: planes, and the coefficients that they are taken with. @returns whether there are any */
function putBranch(
  engine: Engine,
  handle: WasmHandle,
  images: Images,
  args: Arguments,
  name: string,
  a: string,
  b: string,
): boolean {
  const { value } = handle;
  if (!(value instanceof Affine)) {
    args.putPlanes(name, engine.planes(handle, images));
    return false;
  }
  args.putPlanes(name, engine.planes(value.x, images));
  args.put(a, entire(value.coefficients));
  args.put(b, entire(value.coefficients, 4 * value.channels));
  return true;
}

/** Where tdBN's batch is known. A longer row the pass of its own cuts, and makes other bits. */
function normOf({ value }: WasmHandle, { width }: Images): Norm | undefined {
  if (!(value instanceof Affine) || value.mean === undefined || width > LONGEST_ROW) return undefined;
  return { y: value.x.target, mean: value.mean };
}
