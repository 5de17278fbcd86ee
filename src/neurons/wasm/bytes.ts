// A WebAssembly module as bytes: sections around function bodies. It imports env.memory and exports its functions,
// which take i32 addresses and counts, some f32 numbers too, and return nothing. What stands in a body is in code.ts.

/** An unsigned number, seven bits a byte. */
export function unsigned(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  do {
    const low = rest & 127;
    rest >>>= 7;
    out.push(rest !== 0 ? low | 128 : low);
  } while (rest !== 0);
  return out;
}

/** A signed one. */
export function signed(value: number): number[] {
  const out: number[] = [];
  for (let rest = value; ; ) {
    const low = rest & 127;
    rest >>= 7;
    const isWhole = (rest === 0 && (low & 64) === 0) || (rest === -1 && (low & 64) !== 0);
    out.push(isWhole ? low : low | 128);
    if (isWhole) return out;
  }
}

/** Several things, their number in front. */
export function listed(items: readonly (readonly number[])[]): number[] {
  const out = unsigned(items.length);
  for (const item of items) for (const byte of item) out.push(byte);
  return out;
}
const text = (name: string): number[] => listed([...name].map((c) => [c.charCodeAt(0)]));
const section = (id: number, bytes: readonly number[]): number[] => [id, ...unsigned(bytes.length), ...bytes];

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
  readonly body: readonly number[];
}

/** @param shared whether the memory is shared by threads */
export function moduleOf(functions: readonly WasmFunction[], shared: boolean): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [0x60, ...listed(parameters.map((type) => [type])), 0]);
  const memory = [
    ...text('env'),
    ...text('memory'),
    2,
    shared ? 3 : 1,
    ...unsigned(1),
    ...unsigned(MOST_PAGES),
  ];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, listed(types)),
    ...section(2, listed([memory])),
    ...section(3, listed(functions.map((_, i) => unsigned(i)))),
    ...section(7, listed(functions.map(({ name }, i) => [...text(name), 0, ...unsigned(i)]))),
    ...section(10, listed(functions.map(({ body }) => [...unsigned(body.length), ...body]))),
  ]);
}
