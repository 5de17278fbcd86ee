// The loops around a neuron, the same forward and backward: rows of an image, groups of channels in a row, blocks of
// pixels in a group. What belongs to a channel stays in locals for a whole row. Planes are addressed by one offset,
// which wanders; within a block each has a pointer of its own, which goes from step to step.

import type { Expr } from '../graph/expression';
import { Code } from './code';
import type { PartPiece } from './form';
import { InstructionWriter, type Known, type LeafPlace } from './instructions';
import type { Numbers } from './numbers';

/**
 * Every function's first parameters: the table, rows of pixels, pixels, bytes between them, groups of channels, steps.
 */
export const SHARED = ['table', 'rows', 'width', 'pixel', 'groups', 'steps'];

/** Four neurons, or one, of a block: which pixel, which vector of the channels. */
export interface FrameCell {
  readonly pixel: number;
  readonly vector: number;
  /** Place in the block. */
  readonly index: number;
}

/** Puts what belongs to a cell on the stack. */
export type CellPlace = (cell: FrameCell) => void;

/** How a plane is addressed: floats, bits, or one vector for all pixels. */
type Layout = 'floats' | 'bits' | 'image';

/** Planes of T steps, and where in them the block is. */
export interface Stream {
  readonly name: string;
  readonly layout: Layout;
  readonly pointer: number;
  /** The second pixel's. */
  readonly second: number;
}

/** What each time step does; `last` where the last one has less to do. */
export interface Steps {
  readonly first: () => void;
  readonly middle: () => void;
  readonly last?: (() => void) | undefined;
}

export class SweepFrame {
  readonly code: Code;
  readonly writer: InstructionWriter;
  /** Offsets of the block: in bytes of floats, in bytes of bits, of its group's channels. */
  readonly #at: number;
  readonly #byte: number;
  readonly #group: number;
  readonly #streams: Stream[] = [];
  #known: Known[] = [];

  constructor(
    readonly piece: PartPiece,
    parameters: readonly string[],
    relaxed: boolean,
    numbers: Numbers,
  ) {
    this.code = new Code([...SHARED, ...parameters]);
    this.writer = new InstructionWriter(this.code, relaxed, this.parameter('table'), (value) =>
      numbers.at(value),
    );
    this.#at = this.code.int();
    this.#byte = this.code.int();
    this.#group = this.code.int();
  }

  parameter(name: string): number {
    return this.code.parameter(name);
  }

  /** Planes that a function takes as `name` and `name pitch`. */
  stream(name: string, layout: Layout = 'floats'): Stream {
    const stream = { name, layout, pointer: this.code.int(), second: this.code.int() };
    this.#streams.push(stream);
    return stream;
  }

  /**
   * The loops.
   * @param roots what is computed in them
   * @param leaves leaves of a layer's or a channel's: where their numbers are
   */
  run(
    roots: readonly Expr[],
    layerPlace: LeafPlace,
    channelAddress: (leaf: Expr) => string,
    parts: {
      readonly begin?: () => void;
      readonly block: (cells: readonly FrameCell[]) => void;
      readonly end?: () => void;
    },
  ): void {
    const { code, piece } = this;
    const [row, left, count, base, byteBase] = [code.int(), code.int(), code.int(), code.int(), code.int()];
    const get = (name: string) => () => void code.get(this.parameter(name));
    this.writer.prologue(roots, layerPlace);
    const channels = this.writer.channels(roots, piece.vectors, (e, vector) => {
      code
        .get(this.parameter(channelAddress(e)))
        .get(this.#group)
        .int32('add');
      code.load(16 * vector, piece.lanes);
    });
    this.#known = channels.map(({ known }) => known);
    const block = (pixels: number): void => {
      this.#begin();
      parts.block(
        Array.from({ length: pixels * piece.vectors }, (_, index) => ({
          index,
          pixel: Math.floor(index / piece.vectors),
          vector: index % piece.vectors,
        })),
      );
      for (let i = 0; i < pixels; i++) code.bump(this.#at, get('pixel'));
      code.bump(this.#byte, pixels).bump(count, pixels, 'sub');
    };
    code.get(this.parameter('rows')).set(row);
    code.while(
      () => code.get(row),
      () => {
        code.get(this.parameter('groups')).set(left).const(0).set(this.#group);
        code.while(
          () => code.get(left),
          () => {
            for (const { compute } of channels) compute();
            parts.begin?.();
            code.get(base).get(this.#group).int32('add').set(this.#at);
            // groups of eight channels follow each other, each a byte a pixel
            code.get(this.#group).const(5).int32('shr').get(this.parameter('width')).int32('mul');
            code.get(byteBase).int32('add').set(this.#byte);
            code.get(this.parameter('width')).set(count);
            if (piece.pixels === 2) {
              code.while(
                () => code.const(1).get(count).int32('below'),
                () => block(2),
              );
            }
            if (piece.odd) {
              code.while(
                () => code.get(count),
                () => block(1),
              );
            }
            parts.end?.();
            code.bump(this.#group, 4 * piece.channels).bump(left, 1, 'sub');
          },
        );
        code.bump(base, () => code.get(this.parameter('width')).get(this.parameter('pixel')).int32('mul'));
        code.bump(byteBase, () =>
          code.get(this.parameter('pixel')).const(5).int32('shr').get(this.parameter('width')).int32('mul'),
        );
        code.bump(row, 1, 'sub');
      },
    );
  }

  /** All streams' pointers to the block's first step. */
  #begin(): void {
    for (const stream of this.#streams) {
      const offset = { floats: this.#at, bits: this.#byte, image: this.#group }[stream.layout];
      this.code.get(this.parameter(stream.name)).get(offset).int32('add').set(stream.pointer);
    }
  }

  /** And to the next step, or the one before. */
  move(how: 'add' | 'sub', streams: readonly Stream[] = this.#streams): void {
    for (const { name, pointer } of streams)
      this.code.bump(pointer, () => this.code.get(this.parameter(`${name} pitch`)), how);
  }

  /** To the last step. */
  toLast(streams: readonly Stream[]): void {
    for (const { name, pointer } of streams)
      this.code.bump(pointer, () => {
        this.code
          .get(this.parameter('steps'))
          .const(1)
          .int32('sub')
          .get(this.parameter(`${name} pitch`))
          .int32('mul');
      });
  }

  /** Finds the second pixels of the step. */
  findSeconds(cells: readonly FrameCell[], streams: readonly Stream[] = this.#streams): void {
    if (!cells.some(({ pixel }) => pixel > 0)) return;
    for (const { layout, pointer, second } of streams) {
      if (layout === 'image') this.code.get(pointer).set(second);
      if (layout === 'floats') this.code.get(pointer).get(this.parameter('pixel')).int32('add').set(second);
    }
  }

  /** Puts the address of a cell's numbers on the stack; they lie `offsetOf(cell)` bytes from there. */
  address({ pointer, second, layout }: Stream, { pixel }: FrameCell): void {
    this.code.get(pixel === 0 || layout === 'bits' ? pointer : second);
  }
  offsetOf({ vector }: FrameCell): number {
    return 16 * vector;
  }
  load(stream: Stream, cell: FrameCell): void {
    this.address(stream, cell);
    this.code.load(this.offsetOf(cell), this.piece.lanes);
  }
  store(cell: FrameCell): void {
    this.code.store(this.offsetOf(cell), this.piece.lanes);
  }

  /** The block's neurons in one plane, which has no steps: its address on the stack. */
  inPlane(name: string, { pixel }: FrameCell): void {
    const { code } = this;
    code.get(this.parameter(name)).get(this.#at).int32('add');
    if (pixel > 0) code.get(this.parameter('pixel')).int32('add');
  }
  /** The group's channels in a list of one number of `bytes` a channel. */
  inChannels(name: string, bytes: 4 | 8): void {
    this.code.get(this.parameter(name)).get(this.#group);
    if (bytes === 8) this.code.const(1).int32('shl');
    this.code.int32('add');
  }

  /** Expressions of one cell; see {@link InstructionWriter.body}. */
  body(
    roots: readonly Expr[],
    { vector }: FrameCell,
    place: LeafPlace,
    take: (i: number, value: () => void) => (() => void) | undefined,
  ): void {
    this.writer.body(roots, this.#known[vector]!, place, take);
  }

  /**
   * The loop over time steps: the first, those between, the last. What is no whole block goes through the middle alone.
   * @param between from one step to the next
   */
  steps(cells: readonly FrameCell[], { first, middle, last }: Steps, between: () => void): void {
    const { code } = this;
    const t = code.int();
    const isWhole = cells.length === this.piece.vectors * 2;
    const rest = (): void => {
      code.while(
        () => code.get(t),
        () => {
          between();
          middle();
          code.bump(t, 1, 'sub');
        },
      );
    };
    (isWhole ? first : middle)();
    code.get(this.parameter('steps')).const(1).int32('sub').tee(t);
    if (isWhole && last !== undefined) {
      code.if(() => {
        code.bump(t, 1, 'sub');
        rest();
        between();
        last();
      });
    } else code.if(rest);
  }
}
