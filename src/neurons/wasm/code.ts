// A function's instructions, one method each: i32 for addresses and counts, f32x4 for neurons, loops. Nothing here
// knows of neurons; the order of calls is the order of WebAssembly's stack machine.

import { check } from '../../errors';
import { Bytes, F32, I32, V128, type WasmFunction } from './bytes';

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
  'i32x4.shr_u': 173,
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
  'f32x4.convert_i32x4_s': 250,
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

/** A vector of zeros; the upper half of a vector twice. */
const ZERO = [0xfd, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const UPPER = [0xfd, 13, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];

/** A vector whole, or its first lane alone: what lies behind belongs to someone else. */
export type Lanes = 4 | 1;

/** Instructions that are kept, and between them what is still to be said. */
export type Kept<G> = readonly (readonly number[] | G)[];

export class Code {
  #bytes = new Bytes();
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

  /** Keeps what `write` writes. @param write leaves gaps by calling `gap` */
  kept<G>(write: (gap: (what: G) => void) => void): Kept<G> {
    const own = this.#bytes;
    const pieces: (readonly number[] | G)[] = [];
    const cut = (): void => {
      pieces.push(this.#bytes.list);
      this.#bytes = new Bytes();
    };
    this.#bytes = new Bytes();
    write((what) => {
      cut();
      pieces.push(what);
    });
    cut();
    this.#bytes = own;
    return pieces;
  }
  /** Instructions that were kept. */
  again(bytes: readonly number[]): this {
    this.#bytes.bytes(bytes);
    return this;
  }

  get(local: number): this {
    return this.#with(0x20, local);
  }
  set(local: number): this {
    return this.#with(0x21, local);
  }
  tee(local: number): this {
    return this.#with(0x22, local);
  }
  const(value: number): this {
    this.#bytes.byte(0x41).signed(value);
    return this;
  }
  int32(name: keyof typeof integers): this {
    this.#bytes.byte(integers[name]);
    return this;
  }
  /** local += what `by` leaves on the stack. */
  bump(local: number, by: number | (() => void), how: 'add' | 'sub' = 'add'): this {
    this.get(local);
    if (typeof by === 'number') this.const(by);
    else by();
    return this.int32(how).set(local);
  }

  simd(name: VectorInstruction): this {
    return this.#with(0xfd, vectors[name]);
  }
  zero(): this {
    this.#bytes.bytes(ZERO);
    return this;
  }
  /** The upper two lanes of the vector on the stack, twice. */
  upper(local: number): this {
    this.get(local).get(local).#bytes.bytes(UPPER);
    return this;
  }
  load(offset = 0, lanes: Lanes = 4): this {
    return this.#vector(lanes === 4 ? 0 : 92, offset);
  }
  /** One number, four times. */
  splat(offset = 0): this {
    return this.#vector(9, offset);
  }
  store(offset = 0, lanes: Lanes = 4): this {
    if (lanes === 4) return this.#vector(11, offset);
    this.#vector(90, offset).#bytes.byte(0);
    return this;
  }
  load8(offset = 0): this {
    return this.#with(0x2d, 0, offset);
  }
  store8(offset = 0): this {
    return this.#with(0x3a, 0, offset);
  }
  store16(offset = 0): this {
    return this.#with(0x3b, 0, offset);
  }

  /** Runs the body as long as the condition, an i32, is not 0. */
  while(condition: () => void, body: () => void): this {
    this.#bytes.bytes([0x02, 0x40, 0x03, 0x40]);
    condition();
    this.#bytes.bytes([0x45, 0x0d, 1]);
    body();
    this.#bytes.bytes([0x0c, 0, 0x0b, 0x0b]);
    return this;
  }
  /** Runs the body if the i32 on the stack is not 0. */
  if(body: () => void): this {
    this.#bytes.byte(0x04).byte(0x40);
    body();
    this.#bytes.byte(0x0b);
    return this;
  }

  finished(name: string): WasmFunction {
    const body = new Bytes().unsigned(this.#locals.length);
    for (const type of this.#locals) body.byte(1).byte(type);
    return { name, parameters: this.#types, body: body.append(this.#bytes).byte(0x0b) };
  }

  /** An instruction and its numbers. */
  #with(instruction: number, first: number, second?: number): this {
    this.#bytes.byte(instruction).unsigned(first);
    if (second !== undefined) this.#bytes.unsigned(second);
    return this;
  }

  /** One of vectors in memory, aligned as numbers are. */
  #vector(instruction: number, offset: number): this {
    this.#bytes.byte(0xfd).unsigned(instruction).byte(2).unsigned(offset);
    return this;
  }
}
