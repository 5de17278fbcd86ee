// How the input's parts come in: streams of planes, and coefficients of channels. Shared by forward and backward,
// which must find the same input to the last bit.

import type { Expr } from '../graph/expression';
import { type InputForm, input } from './form';
import type { CellPlace, FrameCell, Stream, SweepFrame } from './frame';

/** Names of a function's parameters for its input. */
export function inputParameters({ affine, beside, branchAffine }: InputForm): string[] {
  const second = beside === 'nothing' ? [] : ['beside', 'beside pitch'];
  return [
    'y',
    'y pitch',
    ...(affine ? ['a', 'b'] : []),
    ...second,
    ...(beside === 'branch' && branchAffine ? ['a2', 'b2'] : []),
  ];
}

/** The list of numbers that a leaf by channel is read from. */
export function channelAddress({ name }: Expr): string {
  return name.replace(/^input /, '');
}

export class Source {
  readonly streams: readonly Stream[];
  readonly #y: Stream;
  readonly #beside: Stream | undefined;

  constructor(
    readonly frame: SweepFrame,
    { beside }: InputForm,
  ) {
    this.#y = frame.stream('y');
    if (beside !== 'nothing') this.#beside = frame.stream('beside', beside === 'spikes' ? 'bits' : 'floats');
    this.streams = this.#beside === undefined ? [this.#y] : [this.#y, this.#beside];
  }

  /** How each part comes on the stack, by the name of its leaf. */
  get places(): [string, CellPlace][] {
    return [
      [input.y.name, (cell) => this.frame.load(this.#y, cell)],
      [input.y2.name, (cell) => this.frame.load(this.#beside!, cell)],
      [input.spikes.name, (cell) => this.#nibble(cell)],
    ];
  }

  /** Four bits as floats, from the table. */
  #nibble(cell: FrameCell): void {
    const { code } = this.frame;
    this.frame.address(this.#beside!, cell);
    code.load8(cell.pixel);
    if (cell.vector === 0) code.const(15).int32('and').const(4).int32('shl');
    else code.const(0xf0).int32('and');
    code.get(this.frame.parameter('table')).int32('add').load();
  }
}
