// A WebAssembly module as bytes: sections around function bodies. It imports env.memory and exports its functions,
// which take i32 addresses and counts, some f32 numbers too, and return nothing. What stands in a body is in code.ts.

/** Bytes one after another. Thousands are written for a module, most of them before the engine has compiled this. */
export class Bytes {
  #list: number[] = [];

  get length(): number {
    return this.#list.length;
  }

  byte(value: number): this {
    this.#list.push(value);
    return this;
  }

  /** A few at once. */
  bytes(values: readonly number[]): this {
    this.#list.push(...values);
    return this;
  }

  /** Any number of them. */
  append({ list }: Bytes): this {
    this.#list = this.#list.concat(list);
    return this;
  }

  /** An unsigned number, seven bits a byte. */
  unsigned(value: number): this {
    let rest = value;
    for (; rest > 127; rest >>>= 7) this.#list.push((rest & 127) | 128);
    return this.byte(rest);
  }

  /** A signed one. */
  signed(value: number): this {
    let rest = value;
    for (; rest < -64 || rest > 63; rest >>= 7) this.#list.push((rest & 127) | 128);
    return this.byte(rest & 127);
  }

  text(name: string): this {
    return this.sized((part) => {
      for (const letter of name) part.byte(letter.charCodeAt(0));
    });
  }

  /** What `write` writes, its length in front. */
  sized(write: (part: Bytes) => void): this {
    const part = new Bytes();
    write(part);
    return this.unsigned(part.length).append(part);
  }

  get list(): readonly number[] {
    return this.#list;
  }
}

export const I32 = 0x7f;
export const F32 = 0x7d;
export const V128 = 0x7b;
/** The 4 GiB that addresses reach. */
const MOST_PAGES = 65536;

/** A function of the module. */
export interface WasmFunction {
  readonly name: string;
  /** Types of what it takes. */
  readonly parameters: readonly number[];
  /** Locals and instructions. */
  readonly body: Bytes;
}

/** @param shared whether the memory is shared by threads */
export function moduleOf(functions: readonly WasmFunction[], shared: boolean): Uint8Array<ArrayBuffer> {
  const module = new Bytes().bytes([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  /** A section with one entry for each function. */
  const each = (id: number, write: (part: Bytes, of: WasmFunction, index: number) => void): void => {
    module.byte(id).sized((part) => {
      part.unsigned(functions.length);
      for (const [index, of] of functions.entries()) write(part, of, index);
    });
  };
  each(1, (part, { parameters }) => {
    part.byte(0x60).unsigned(parameters.length).bytes(parameters).byte(0);
  });
  module.byte(2).sized((part) => {
    part.byte(1).text('env').text('memory').byte(2);
    part
      .byte(shared ? 3 : 1)
      .unsigned(1)
      .unsigned(MOST_PAGES);
  });
  each(3, (part, _, index) => part.unsigned(index));
  each(7, (part, { name }, index) => part.text(name).byte(0).unsigned(index));
  each(10, (part, { body }) => part.unsigned(body.length).append(body));
  return new Uint8Array(module.list);
}
