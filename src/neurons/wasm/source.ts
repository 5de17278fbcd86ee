// How the input's parts come in: streams of planes, and coefficients of channels. Shared by forward and backward, which must
// find the same input to the last bit.

import type { Expr } from '../graph/expression';
import { type InputForm, input } from './form';
import type { Cell, Frame, Stream } from './frame';

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
    readonly frame: Frame,
    { beside }: InputForm,
  ) {
    this.#y = frame.stream('y');
    if (beside !== 'nothing') this.#beside = frame.stream('beside', beside === 'spikes' ? 'bits' : 'floats');
    this.streams = this.#beside === undefined ? [this.#y] : [this.#y, this.#beside];
  }

  /** Puts a part on the stack; false for a leaf that is none. */
  place(e: Expr, cell: Cell): boolean {
    if (e.name === input.y.name) this.frame.load(this.#y, cell);
    else if (e.name === input.y2.name) this.frame.load(this.#beside!, cell);
    else if (e.name === input.spikes.name) this.#nibble(cell);
    else return false;
    return true;
  }

  /** Four bits as floats, from the table. */
  #nibble(cell: Cell): void {
    const { code } = this.frame;
    this.frame.address(this.#beside!, cell);
    code.load8(cell.pixel);
    if (cell.vector === 0) code.const(15).int32('and').const(4).int32('shl');
    else code.const(0xf0).int32('and');
    code.get(this.frame.parameter('table')).int32('add').load();
  }
}
