// As much of FlatBuffers as readers here need: a table in a buffer, its numbers, texts and vectors of structures,
// each place checked against the buffer's end. https://flatbuffers.dev/internals

import { check } from '../errors';

/** A table: fields by the number that their order in the schema gives them. */
export class FlatTable {
  private constructor(
    private readonly view: DataView,
    private readonly at: number,
    private readonly where: string,
  ) {}

  /** The root table of a buffer that begins with its own size, then root and identifier. */
  static root(bytes: Uint8Array, where: string): { readonly table: FlatTable; readonly identifier: string } {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    checkRange(view, 0, 12, where);
    const identifier = String.fromCharCode(...bytes.subarray(8, 12));
    return { table: new FlatTable(view, 4 + view.getUint32(4, true), where), identifier };
  }

  /** Where a field's bytes begin; undefined where it has its default. */
  #field(number: number, size: number): number | undefined {
    checkRange(this.view, this.at, 4, this.where);
    const index = this.at - this.view.getInt32(this.at, true);
    checkRange(this.view, index, 4, this.where);
    const entry = 4 + 2 * number;
    if (entry + 2 > this.view.getUint16(index, true)) return undefined;
    checkRange(this.view, index + entry, 2, this.where);
    const offset = this.view.getUint16(index + entry, true);
    if (offset === 0) return undefined;
    checkRange(this.view, this.at + offset, size, this.where);
    return this.at + offset;
  }

  int32(number: number): number | undefined {
    const at = this.#field(number, 4);
    return at === undefined ? undefined : this.view.getInt32(at, true);
  }

  /** Exact below 2^53. */
  int64(number: number): number | undefined {
    const at = this.#field(number, 8);
    return at === undefined ? undefined : Number(this.view.getBigInt64(at, true));
  }

  /** Its elements, `size` bytes each. */
  vector(number: number, size: number): { readonly view: DataView; readonly length: number } | undefined {
    const at = this.#field(number, 4);
    if (at === undefined) return undefined;
    const start = at + this.view.getUint32(at, true);
    checkRange(this.view, start, 4, this.where);
    const length = this.view.getUint32(start, true);
    checkRange(this.view, start + 4, length * size, this.where);
    const { buffer, byteOffset } = this.view;
    return { view: new DataView(buffer, byteOffset + start + 4, length * size), length };
  }

  text(number: number): string | undefined {
    const found = this.vector(number, 1);
    if (found === undefined) return undefined;
    const { buffer, byteOffset, byteLength } = found.view;
    return new TextDecoder().decode(new Uint8Array(buffer, byteOffset, byteLength));
  }
}

function checkRange(view: DataView, at: number, size: number, where: string): void {
  check(
    at >= 0 && at + size <= view.byteLength,
    where,
    () => `the table is damaged: it points to byte ${at} of ${view.byteLength}`,
  );
}
