// What charges a neuron, as the handle of its input says of itself: a·y + b, and beside it nothing, an identity
// shortcut's spikes, or a second branch. What form the module takes it in, and its arguments.

import type { InputForm } from '../../../neurons/wasm';
import type { Handle } from '../../backend';
import { type Address, whole } from '../argument';
import type { Buffer } from '../buffer';
import type { Engine, Planes } from '../engine';
import type { WasmHandle } from '../handle';
import { bitLayout, type Images, LONGEST_ROW } from '../images';
import { Affine } from '../values/affine';
import { Bits } from '../values/bits';
import { Sum } from '../values/sum';

export type Arguments = Readonly<Record<string, Address>>;

export interface Current {
  readonly form: InputForm;
  readonly args: Arguments;
  /** The normalisation that y goes through, where its gradient will want sums. */
  readonly norm?: { readonly y: WasmHandle; readonly mean: Buffer } | undefined;
}

/** Planes under a name. */
export const planesAs = (name: string, { plane, pitch }: Planes): Arguments => ({
  [name]: plane,
  [`${name} pitch`]: pitch,
});

/** Numbers as they are, for neurons that do not lie in whole groups of channels. */
export function plainCurrent(engine: Engine, x: Handle, images: Images): Current {
  return {
    form: { affine: false, beside: 'nothing', branchAffine: false },
    args: planesAs('y', engine.planes(x, images)),
  };
}

export function currentOf(engine: Engine, x: Handle, images: Images): Current {
  const handle = engine.handle(x);
  const { value } = handle;
  if (!(value instanceof Sum)) {
    const { affine, args, norm } = branchOf(engine, handle, images, 'y', ['a', 'b']);
    return { form: { affine, beside: 'nothing', branchAffine: false }, args, norm };
  }
  const [a, b] = [value.a.target, value.b.target];
  const [main, other] = a.value instanceof Bits ? [b, a] : [a, b];
  const first = branchOf(engine, main, images, 'y', ['a', 'b']);
  const bits = main === other ? undefined : engine.bits(other, images);
  if (bits !== undefined) {
    return {
      form: { affine: first.affine, beside: 'spikes', branchAffine: false },
      args: { ...first.args, ...planesAs('beside', engine.read(bits, bitLayout(images))) },
      norm: first.norm,
    };
  }
  const second = branchOf(engine, other, images, 'beside', ['a2', 'b2']);
  return {
    form: { affine: first.affine, beside: 'branch', branchAffine: second.affine },
    args: { ...first.args, ...second.args },
    norm: first.norm,
  };
}

/** One summand: planes, and the coefficients that they are taken with. */
function branchOf(
  engine: Engine,
  handle: WasmHandle,
  images: Images,
  name: string,
  [a, b]: readonly [string, string],
): { readonly affine: boolean; readonly args: Arguments; readonly norm?: Current['norm'] } {
  const { value } = handle;
  if (!(value instanceof Affine))
    return { affine: false, args: planesAs(name, engine.planes(handle, images)) };
  const { x, mean } = value;
  return {
    affine: true,
    // a longer row the pass of its own cuts, and makes other bits
    norm: mean && images.width <= LONGEST_ROW ? { y: x.target, mean } : undefined,
    args: {
      ...planesAs(name, engine.planes(value.x, images)),
      [a]: whole(value.coefficients),
      [b]: whole(value.coefficients, 4 * value.channels),
    },
  };
}
