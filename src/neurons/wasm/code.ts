// A function's instructions, one method each: i32 for addresses and counts, f32x4 for neurons, loops. Nothing here
// knows of neurons; the order of calls is the order of WebAssembly's stack machine.

import { check } from '../../errors';
import { F32, I32, listed, signed, unsigned, V128, type WasmFunction } from './bytes';

/** Instructions on vectors, and what makes one of a number, that take nothing but the stack. */
const vectors = {
  'f32x4.splat': 19,
  'f32x4.lt': 67,
  'f32x4.gt': 68,
  'f32x4.le': 69,
  'f32x4.ge': 70,
  'v128.not': 77,
  'v128.and': 78,
  'v128.andnot': 79,
  'v128.or': 80,
  'v128.bitselect': 82,
  'f64x2.promote_low': 95,
  'i8x16.bitmask': 100,
  'i8x16.narrow_i16x8': 101,
  'f32x4.floor': 104,
  'f32x4.nearest': 106,
  'i16x8.bitmask': 132,
  'i16x8.narrow_i32x4': 133,
  'i32x4.shl': 171,
  'i32x4.add': 174,
  'f32x4.abs': 224,
  'f32x4.neg': 225,
  'f32x4.sqrt': 227,
  'f32x4.add': 228,
  'f32x4.sub': 229,
  'f32x4.mul': 230,
  'f32x4.div': 231,
  'f32x4.pmin': 234,
  'f32x4.pmax': 235,
  'f64x2.add': 240,
  'f32x4.relaxed_madd': 261,
  'f32x4.relaxed_nmadd': 262,
  'i32x4.relaxed_laneselect': 267,
} as const;
export type VectorInstruction = keyof typeof vectors;

const integers = {
  add: 0x6a,
  sub: 0x6b,
  mul: 0x6c,
  and: 0x71,
  or: 0x72,
  shl: 0x74,
  shr: 0x76,
  below: 0x49,
} as const;

/** A vector whole, or its first lane alone: what lies behind belongs to someone else. */
export type Lanes = 4 | 1;

export class Code {
  readonly #bytes: number[] = [];
  readonly #locals: number[] = [];

  /** Names of its parameters. */
  readonly parameters: readonly string[];
  readonly #types: readonly number[];

  /**
   * @param integers names of its i32 parameters
   * @param floats of its f32 parameters, which come behind them
   */
  constructor(integers: readonly string[], floats: readonly string[] = []) {
    this.parameters = [...integers, ...floats];
    this.#types = [...integers.map(() => I32), ...floats.map(() => F32)];
  }

  /** A new local. */
  int(): number {
    return this.parameters.length + this.#locals.push(I32) - 1;
  }
  vector(): number {
    return this.parameters.length + this.#locals.push(V128) - 1;
  }
  /** A parameter's local. */
  parameter(name: string): number {
    const index = this.parameters.indexOf(name);
    check(index >= 0, 'neuron', () => `its module has no parameter ${name}; please report it`);
    return index;
  }

  get(local: number): this {
    return this.#put(0x20, ...unsigned(local));
  }
  set(local: number): this {
    return this.#put(0x21, ...unsigned(local));
  }
  tee(local: number): this {
    return this.#put(0x22, ...unsigned(local));
  }
  const(value: number): this {
    return this.#put(0x41, ...signed(value));
  }
  int32(name: keyof typeof integers): this {
    return this.#put(integers[name]);
  }
  /** local += what `by` leaves on the stack. */
  bump(local: number, by: number | (() => void), how: 'add' | 'sub' = 'add'): this {
    this.get(local);
    if (typeof by === 'number') this.const(by);
    else by();
    return this.int32(how).set(local);
  }

  simd(name: VectorInstruction): this {
    return this.#put(0xfd, ...unsigned(vectors[name]));
  }
  zero(): this {
    return this.#put(0xfd, 12, ...new Array<number>(16).fill(0));
  }
  /** The upper two lanes of the vector on the stack, twice. */
  upper(local: number): this {
    this.get(local).get(local);
    return this.#put(0xfd, 13, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
  }
  load(offset = 0, lanes: Lanes = 4): this {
    return this.#put(0xfd, lanes === 4 ? 0 : 92, 2, ...unsigned(offset));
  }
  /** One number, four times. */
  splat(offset = 0): this {
    return this.#put(0xfd, 9, 2, ...unsigned(offset));
  }
  store(offset = 0, lanes: Lanes = 4): this {
    if (lanes === 4) return this.#put(0xfd, 11, 2, ...unsigned(offset));
    return this.#put(0xfd, 90, 2, ...unsigned(offset), 0);
  }
  load8(offset = 0): this {
    return this.#put(0x2d, 0, ...unsigned(offset));
  }
  store8(offset = 0): this {
    return this.#put(0x3a, 0, ...unsigned(offset));
  }
  store16(offset = 0): this {
    return this.#put(0x3b, 0, ...unsigned(offset));
  }

  /** Runs the body as long as the condition, an i32, is not 0. */
  while(condition: () => void, body: () => void): this {
    this.#put(0x02, 0x40, 0x03, 0x40);
    condition();
    this.#put(0x45, 0x0d, 1);
    body();
    return this.#put(0x0c, 0, 0x0b, 0x0b);
  }
  /** Runs the body if the i32 on the stack is not 0. */
  if(body: () => void): this {
    this.#put(0x04, 0x40);
    body();
    return this.#put(0x0b);
  }

  finished(name: string): WasmFunction {
    const locals = listed(this.#locals.map((type) => [1, type]));
    return { name, parameters: this.#types, body: [...locals, ...this.#bytes, 0x0b] };
  }

  #put(...bytes: number[]): this {
    this.#bytes.push(...bytes);
    return this;
  }
}
