// Matrix products whose left factor is spikes, which a linear layer's forward pass and weight gradient are: sums of
// listed rows instead of products. They have no dense twin for high rates: a dense product overtakes them at about six
// spikes of ten (measured at 512 and 1024 channels), and is at most twice as fast when all fire.

import type { Operand, ProductKernels } from '../../backend';
import { sizeOf } from '../../shape';
import { type Address, counter, entire, entireOut, scratch } from '../argument';
import type { Buffer } from '../buffer';
import type { Engine } from '../engine';
import type { WasmHandle } from '../handle';
import { imagesOf } from '../images';
import { kernelCall } from '../kernel-call';
import { Bits } from '../values/bits';

/** Rows of x up to which panels would cost more than they save. */
const FEW_ROWS = 64;
/** Rows of x below which walking lists costs more than the dense weight gradient. */
const TOO_FEW_ROWS = 16;

/** Spikes as bits [lines][C/8][width]: row r·width + x of the matrix is column x of line r. */
interface SpikeRows {
  readonly bits: Buffer;
  readonly lines: number;
  readonly width: number;
}

/** A matrix that rows are summed of: itself, its copy in panels or 0, and a release when all is scheduled. */
interface Summed {
  readonly rows: Address;
  readonly panels: Address;
  release(): void;
}

/** Like the backend's matmul; undefined where the left factor is no spikes or the dense product is the better one. */
export function spikeProduct(
  engine: Engine,
): (...args: Parameters<ProductKernels['matmul']>) => WasmHandle | undefined {
  const { scheduler } = engine;
  const table = engine.buffer(4096);
  engine.compute('bitPositions', { table: scheduler.place(table) });
  const positions = entire(table);

  /** x[rows][channels] as bits, packed if they are not yet. */
  function spikeRows({ handle }: Operand, rows: number, channels: number): SpikeRows | undefined {
    const { value } = engine.handle(handle);
    const width = value instanceof Bits ? value.width : rows;
    if (rows % width !== 0) return undefined;
    const bits = engine.bits(handle, { ...imagesOf([width, channels]), height: rows / width });
    return bits && { bits, lines: rows / width, width };
  }

  /** matrix[rows][n] for sums of its rows, tiles of `tile` rows filling spans of `span`. */
  function summed(
    matrix: Buffer,
    rows: number,
    n: number,
    span: number,
    tile: number,
    direct: boolean,
  ): Summed {
    const panels = Math.ceil(n / engine.compute('panelColumns', { n }));
    if (direct || panels === 1) return { rows: entire(matrix), panels: 0, release: () => undefined };
    const copy = engine.buffer(engine.compute('tilePanelBytes', { rows, n }));
    const tiles = (rows / span) * Math.ceil(span / tile);
    scheduler.schedule(tiles * panels, [
      kernelCall('rowPanel', 'item', {
        x: entire(matrix),
        item: counter(1),
        span,
        tile,
        n,
        panels: entireOut(copy),
      }),
    ]);
    return { rows: entire(matrix), panels: entire(copy), release: () => scheduler.release(copy) };
  }

  /** y[rows][n] = x[rows][channels] · w[channels][n]. */
  function forward(
    { bits, lines, width }: SpikeRows,
    weight: Operand,
    channels: number,
    n: number,
  ): WasmHandle {
    const rows = lines * width;
    const tile = engine.compute('channelTile', { cin: channels });
    const w = summed(engine.dense(weight), channels, n, channels, tile, rows <= FEW_ROWS);
    const { handle, buffer } = engine.out(rows * n);
    const each = lengthOfItems(rows);
    scheduler.schedule(Math.ceil(rows / each), [
      kernelCall('spikeLinear', 'item', {
        bits: entire(bits),
        W: width,
        C: channels,
        w: w.rows,
        panels: w.panels,
        n,
        M: rows,
        y: entireOut(buffer),
        from: counter(each),
        count: each,
        scratch: scratch(engine.compute('spikeLinearScratchBytes', { C: channels, count: each })),
        positions,
      }),
    ]);
    w.release();
    return handle;
  }

  /** dw[channels][n] = x[rows][channels]ᵀ · dy[rows][n]. */
  function weights(
    { bits, lines, width }: SpikeRows,
    gradient: Operand,
    channels: number,
    n: number,
  ): WasmHandle {
    const rows = lines * width;
    const tile = engine.compute('pixelTile', { lines, W: width });
    const span = tile < width ? width : rows;
    const dy = summed(engine.dense(gradient), rows, n, span, tile, rows <= FEW_ROWS);
    const { handle, buffer } = engine.out(channels * n);
    const each = lengthOfItems(channels);
    scheduler.schedule(Math.ceil(channels / each), [
      kernelCall('spikeLinearWeights', 'item', {
        bits: entire(bits),
        lines,
        W: width,
        C: channels,
        dy: dy.rows,
        panels: dy.panels,
        tile,
        n,
        dw: entireOut(buffer),
        from: counter(each),
        count: each,
        scratch: scratch(engine.compute('spikeLinearWeightScratchBytes', { tile, count: each })),
        positions,
      }),
    ]);
    dy.release();
    return handle;
  }

  return (a, b, { transposeA, transposeB }, out) => {
    // one matrix on the right, read as it lies; rows of leading axes on the left follow one another
    if (transposeB || b.shape.length !== 2 || (transposeA && a.shape.length !== 2)) return undefined;
    const channels = a.shape.at(-1)!;
    const rows = sizeOf(a.shape.slice(0, -1));
    const n = out.at(-1)!;
    if (rows * channels * n === 0 || (transposeA && rows < TOO_FEW_ROWS)) return undefined;
    const spikes = spikeRows(a, rows, channels);
    if (spikes === undefined) return undefined;
    return transposeA ? weights(spikes, b, channels, n) : forward(spikes, b, channels, n);
  };
}

/** Rows or channels of one item: eight items where that leaves whole groups of eight, each at most 64. */
function lengthOfItems(count: number): number {
  return Math.min(64, 8 * Math.ceil(count / 64));
}
