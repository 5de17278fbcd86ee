// Dense matrix product in plain JavaScript. Blocks of A and B are packed into panels three rows and two columns wide,
// so that the innermost loop reads five neighbouring numbers and does six multiply-adds on local variables (a
// register tile).

import type { FloatArray, MatmulOptions, Operand, ProductKernels } from '../backend';
import { broadcastStrides, type Shape, sizeOf } from '../shape';
import { type Allocate, type CpuBuffer, dataOf } from './buffer';

/** A matrix inside an array: element (i, j) is data[offset + i·row + j·column]. */
export interface Matrix {
  readonly data: FloatArray;
  readonly offset: number;
  readonly row: number;
  readonly column: number;
}

/**
 * Rows and columns of the register tile. V8 lets all products of a round live before it adds the first of them, so a
 * tile takes two registers a sum: 3x2 fits into the sixteen of x64, and 4x4 would keep most of its sums in memory.
 */
const TILE_ROWS = 3;
const TILE_COLUMNS = 2;

/**
 * A block of A is ROWS x DEPTH, one of B DEPTH x COLUMNS: they fit the second-level cache, a panel of each the first.
 */
const ROWS = 192;
const COLUMNS = 256;
const DEPTH = 256;

/** Above every index into `panels`. `index & RANGE` is that index, and tells V8 that adding to it cannot overflow. */
const RANGE = 2 ** 18 - 1;

/**
 * The packed block of A and, from PANELS_B on, that of B. A plain array of doubles, and one for both, because V8
 * checks it once a round of the innermost loop; typed arrays are checked at each access once any ArrayBuffer has been
 * transferred.
 */
const panels: number[] = [];
const PANELS_B = ROWS * DEPTH;
/** The block of the result while its sums are open. */
const sums = new Float64Array(ROWS * COLUMNS);

/** Before the first product: pushing fractions is what makes V8 keep bare doubles without holes. */
function makePanels(): void {
  while (panels.length < (ROWS + COLUMNS) * DEPTH) panels.push(0.5);
}

const roundUp = (size: number, multiple: number) => Math.ceil(size / multiple) * multiple;

/** Rows of A or columns of B that are packed together. */
interface PanelLanes {
  readonly of: Matrix;
  readonly first: number;
  readonly count: number;
  /** From a lane to the next, and from a number to the next in its lane. */
  readonly pitch: number;
  readonly step: number;
  /** Lanes of a panel. */
  readonly width: number;
}

const rowsOf = (of: Matrix, first: number, count: number): PanelLanes => ({
  ...{ of, first, count, pitch: of.row, step: of.column, width: TILE_ROWS },
});
const columnsOf = (of: Matrix, first: number, count: number): PanelLanes => ({
  ...{ of, first, count, pitch: of.column, step: of.row, width: TILE_COLUMNS },
});

/**
 * Fills panels from `start` on: [panel][l][width] for `depth` numbers of each lane from l0 on, zeros beyond the lanes.
 */
function pack(start: number, lanes: PanelLanes, l0: number, depth: number): void {
  const { of, first, count, pitch, step, width } = lanes;
  const { data, offset } = of;
  for (let p = 0, panel = start; p < count; p += width, panel += depth * width) {
    for (let q = 0; q < width; q++) {
      const end = panel + depth * width;
      if (p + q < count) {
        let i = offset + l0 * step + (first + p + q) * pitch;
        for (let o = panel + q; o < end; o += width, i += step) panels[o] = data[i]!;
      } else {
        for (let o = panel + q; o < end; o += width) panels[o] = 0;
      }
    }
  }
}

/** sums[3x2 at `at`, rows `pitch` apart] += A panel from `firstA` · B panel from `firstB`, over `depth`. */
function tile(firstA: number, firstB: number, depth: number, at: number, pitch: number): void {
  let c00 = 0,
    c01 = 0,
    c10 = 0,
    c11 = 0,
    c20 = 0,
    c21 = 0;
  const baseA = firstA & RANGE;
  const baseB = firstB & RANGE;
  for (let l = 0, end = depth & RANGE; l < end; l++) {
    const i = baseA + l * TILE_ROWS;
    const j = baseB + l * TILE_COLUMNS;
    const a0 = panels[i]!;
    const a1 = panels[i + 1]!;
    const a2 = panels[i + 2]!;
    const b0 = panels[j]!;
    const b1 = panels[j + 1]!;
    c00 += a0 * b0;
    c01 += a0 * b1;
    c10 += a1 * b0;
    c11 += a1 * b1;
    c20 += a2 * b0;
    c21 += a2 * b1;
  }
  sums[at]! += c00;
  sums[at + 1]! += c01;
  sums[at + pitch]! += c10;
  sums[at + pitch + 1]! += c11;
  sums[at + 2 * pitch]! += c20;
  sums[at + 2 * pitch + 1]! += c21;
}

/**
 * sums[rows,columns] += the packed block of A · the packed block of B. Takes whole numbers only, so it stays compiled.
 */
function multiply(rows: number, columns: number, depth: number, pitch: number): void {
  for (let j = 0; j < columns; j += TILE_COLUMNS) {
    for (let i = 0; i < rows; i += TILE_ROWS)
      tile(i * depth, PANELS_B + j * depth, depth, i * pitch + j, pitch);
  }
}

/** Of a product A[m,k]·B[k,n]. */
export interface ProductSizes {
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

/** Where a product goes, row-major. */
export interface ProductPlace {
  readonly data: FloatArray;
  /** Of its first number. Default 0. */
  readonly offset?: number;
  /** Adds to what `data` holds instead of replacing it. Default false. */
  readonly accumulate?: boolean;
}

/** out[m,n] (+)= A[m,k]·B[k,n]. Sums are kept in f64 and rounded once. */
export function gemm({ m, n, k }: ProductSizes, a: Matrix, b: Matrix, place: ProductPlace): void {
  const { data: out, offset = 0, accumulate = false } = place;
  makePanels();
  for (let i0 = 0; i0 < m; i0 += ROWS) {
    const rows = Math.min(ROWS, m - i0);
    const left = rowsOf(a, i0, rows);
    for (let j0 = 0; j0 < n; j0 += COLUMNS) {
      const columns = Math.min(COLUMNS, n - j0);
      const right = columnsOf(b, j0, columns);
      const pitch = roundUp(columns, TILE_COLUMNS);
      sums.fill(0, 0, roundUp(rows, TILE_ROWS) * pitch);
      for (let l0 = 0; l0 < k; l0 += DEPTH) {
        const depth = Math.min(DEPTH, k - l0);
        pack(0, left, l0, depth);
        pack(PANELS_B, right, l0, depth);
        multiply(rows, columns, depth, pitch);
      }
      for (let i = 0; i < rows; i++) {
        const from = i * pitch;
        const to = offset + (i0 + i) * n + j0;
        if (accumulate) for (let j = 0; j < columns; j++) out[to + j]! += sums[from + j]!;
        else for (let j = 0; j < columns; j++) out[to + j] = sums[from + j]!;
      }
    }
  }
}

/** A row-major matrix with `columns` columns, or its transpose. */
const matrix = (data: FloatArray, offset: number, columns: number, transpose = false): Matrix =>
  transpose ? { data, offset, row: 1, column: columns } : { data, offset, row: columns, column: 1 };

/** The batched product of the contract: leading axes broadcast. */
function matmul(allocate: Allocate, a: Operand, b: Operand, options: MatmulOptions, out: Shape): CpuBuffer {
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
    const left = at(aStrides) * aRows * aColumns;
    const right = at(bStrides) * k * n;
    gemm(
      { m, n, k },
      matrix(dataOf(a.handle), left, aColumns, options.transposeA),
      matrix(dataOf(b.handle), right, bColumns, options.transposeB),
      { data: result.data, offset: batch * m * n },
    );
    for (let axis = leading.length - 1; axis >= 0; axis--) {
      if (++counter[axis]! < leading[axis]!) break;
      counter[axis] = 0;
    }
  }
  return result;
}

export function productKernels(allocate: Allocate): ProductKernels {
  return { matmul: (a, b, options, out) => matmul(allocate, a, b, options, out) };
}
