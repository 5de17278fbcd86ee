// Dense matrix product in plain JavaScript. Both operands are packed into panels four wide, so that the innermost loop
// reads eight neighbouring numbers and does sixteen multiply-adds on local variables (a 4x4 register tile).

import type { FloatArray, MatmulOptions, Operand } from '../backend';
import { broadcastStrides, type Shape, sizeOf } from '../shape';
import { type Allocate, type CpuBuffer, dataOf } from './buffer';

/** A matrix inside an array: element (i, j) is data[offset + i·row + j·column]. */
export interface Matrix {
  readonly data: FloatArray;
  readonly offset: number;
  readonly row: number;
  readonly column: number;
}

const TILE = 4;
/** Rows and depth of a block: 4·DEPTH doubles of each panel stay in the first-level cache. */
const ROWS = 128;
const DEPTH = 512;

let packedA = new Float64Array(0);
let packedB = new Float64Array(0);
let block = new Float64Array(0);

function atLeast(scratch: Float64Array<ArrayBuffer>, size: number): Float64Array<ArrayBuffer> {
  return scratch.length >= size ? scratch : new Float64Array(size);
}

/**
 * Panels of four lanes (rows of A or columns of B): out[panel][l][4] for `depth` numbers of each lane from l0 on, zeros
 * beyond `lanes`. Neighbours in a lane lie `step` apart, neighbouring lanes `lane`.
 */
function pack(
  out: Float64Array,
  { data, offset }: Matrix,
  first: number,
  lanes: number,
  lane: number,
  l0: number,
  depth: number,
  step: number,
): void {
  let o = 0;
  for (let p = 0; p < lanes; p += TILE) {
    const base = offset + l0 * step + (first + p) * lane;
    if (p + TILE <= lanes) {
      let i = base;
      for (const end = o + depth * TILE; o < end; o += TILE, i += step) {
        out[o] = data[i]!;
        out[o + 1] = data[i + lane]!;
        out[o + 2] = data[i + 2 * lane]!;
        out[o + 3] = data[i + 3 * lane]!;
      }
    } else {
      for (let l = 0; l < depth; l++) {
        for (let q = 0; q < TILE; q++) out[o++] = p + q < lanes ? data[base + l * step + q * lane]! : 0;
      }
    }
  }
}

/** sums[4x4 at `at`, rows `pitch` apart] += A panel · B panel over `depth`. */
function tile(
  a: Float64Array,
  i: number,
  b: Float64Array,
  j: number,
  depth: number,
  sums: Float64Array,
  at: number,
  pitch: number,
): void {
  let c00 = 0,
    c01 = 0,
    c02 = 0,
    c03 = 0;
  let c10 = 0,
    c11 = 0,
    c12 = 0,
    c13 = 0;
  let c20 = 0,
    c21 = 0,
    c22 = 0,
    c23 = 0;
  let c30 = 0,
    c31 = 0,
    c32 = 0,
    c33 = 0;
  for (const end = i + depth * TILE; i < end; i += TILE, j += TILE) {
    const b0 = b[j]!,
      b1 = b[j + 1]!,
      b2 = b[j + 2]!,
      b3 = b[j + 3]!;
    let x = a[i]!;
    c00 += x * b0;
    c01 += x * b1;
    c02 += x * b2;
    c03 += x * b3;
    x = a[i + 1]!;
    c10 += x * b0;
    c11 += x * b1;
    c12 += x * b2;
    c13 += x * b3;
    x = a[i + 2]!;
    c20 += x * b0;
    c21 += x * b1;
    c22 += x * b2;
    c23 += x * b3;
    x = a[i + 3]!;
    c30 += x * b0;
    c31 += x * b1;
    c32 += x * b2;
    c33 += x * b3;
  }
  sums[at]! += c00;
  sums[at + 1]! += c01;
  sums[at + 2]! += c02;
  sums[at + 3]! += c03;
  at += pitch;
  sums[at]! += c10;
  sums[at + 1]! += c11;
  sums[at + 2]! += c12;
  sums[at + 3]! += c13;
  at += pitch;
  sums[at]! += c20;
  sums[at + 1]! += c21;
  sums[at + 2]! += c22;
  sums[at + 3]! += c23;
  at += pitch;
  sums[at]! += c30;
  sums[at + 1]! += c31;
  sums[at + 2]! += c32;
  sums[at + 3]! += c33;
}

/**
 * out[m,n] (+)= A[m,k]·B[k,n], written at `offset`, row-major. Sums are kept in f64 and rounded once.
 * @param accumulate adds to what `out` holds instead of replacing it
 */
export function gemm(
  m: number,
  n: number,
  k: number,
  a: Matrix,
  b: Matrix,
  out: FloatArray,
  offset = 0,
  accumulate = false,
): void {
  const pitch = Math.ceil(n / TILE) * TILE;
  packedA = atLeast(packedA, ROWS * DEPTH);
  packedB = atLeast(packedB, pitch * Math.min(k, DEPTH));
  block = atLeast(block, ROWS * pitch);
  for (let i0 = 0; i0 < m; i0 += ROWS) {
    const rows = Math.min(ROWS, m - i0);
    const padded = Math.ceil(rows / TILE) * TILE;
    block.fill(0, 0, padded * pitch);
    for (let l0 = 0; l0 < k; l0 += DEPTH) {
      const depth = Math.min(DEPTH, k - l0);
      if (i0 === 0 || k > DEPTH) pack(packedB, b, 0, n, b.column, l0, depth, b.row);
      pack(packedA, a, i0, rows, a.row, l0, depth, a.column);
      for (let j = 0; j < pitch; j += TILE) {
        for (let i = 0; i < padded; i += TILE) {
          tile(packedA, i * depth, packedB, j * depth, depth, block, i * pitch + j, pitch);
        }
      }
    }
    for (let i = 0; i < rows; i++) {
      const from = i * pitch;
      const to = offset + (i0 + i) * n;
      if (accumulate) for (let j = 0; j < n; j++) out[to + j]! += block[from + j]!;
      else for (let j = 0; j < n; j++) out[to + j] = block[from + j]!;
    }
  }
}

/** The batched product of the contract: leading axes broadcast. */
export function matmul(
  allocate: Allocate,
  a: Operand,
  b: Operand,
  options: MatmulOptions,
  out: Shape,
): CpuBuffer {
  const [m, n] = out.slice(-2) as [number, number];
  const [aRows, aColumns] = a.shape.slice(-2) as [number, number];
  const bColumns = b.shape[b.shape.length - 1]!;
  const k = options.transposeA ? aRows : aColumns;
  const leading = out.slice(0, -2);
  const aStrides = broadcastStrides(a.shape.slice(0, -2), leading);
  const bStrides = broadcastStrides(b.shape.slice(0, -2), leading);
  const result = allocate(sizeOf(out));
  const counter = leading.map(() => 0);
  for (let batch = 0; batch < sizeOf(leading); batch++) {
    const at = (strides: number[]) => counter.reduce((sum, index, axis) => sum + index * strides[axis]!, 0);
    const left = { data: dataOf(a.handle), offset: at(aStrides) * aRows * aColumns };
    const right = { data: dataOf(b.handle), offset: at(bStrides) * k * n };
    gemm(
      m,
      n,
      k,
      options.transposeA ? { ...left, row: 1, column: aColumns } : { ...left, row: aColumns, column: 1 },
      options.transposeB ? { ...right, row: 1, column: bColumns } : { ...right, row: bColumns, column: 1 },
      result.data,
      batch * m * n,
    );
    for (let axis = leading.length - 1; axis >= 0; axis--) {
      if (++counter[axis]! < leading[axis]!) break;
      counter[axis] = 0;
    }
  }
  return result;
}
