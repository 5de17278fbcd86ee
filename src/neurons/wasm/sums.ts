// Sums over neurons and steps: gradients of learnable parameters, and those that a normalisation in front needs. Over
// a row of pixels in f32, between rows in f64, so that a large image loses no digits.

import { add, Expr, leaf, sub } from '../graph/expression';
import { input, type StepGraph } from './form';
import type { CellPlace, FrameCell, SweepFrame } from './frame';

/** One sum: for the layer, whose four lanes are added in the end, or by channel. */
interface ChannelSum {
  readonly address: string;
  readonly per: 'layer' | 'channel';
  readonly leaf: Expr;
  /** By vector of the channels; a layer's has one. */
  readonly locals: readonly number[];
}

export class Sums {
  readonly #sums: readonly ChannelSum[];
  /** Each sum with what a neuron and step add to it. */
  readonly roots: Expr[];

  /**
   * @param values what is added up for each parameter
   * @param dx the input's gradient, where Σ dx and Σ dx·(y - mean) are wanted
   */
  constructor(
    readonly frame: SweepFrame,
    { parameters }: StepGraph,
    values: readonly Expr[],
    dx: Expr | undefined,
  ) {
    const wanted = [
      ...parameters.map(({ name, leaf }) => ({
        address: `sum ${name}`,
        per: leaf.rate === 'layer' ? ('layer' as const) : ('channel' as const),
      })),
      ...(dx === undefined ? [] : ['norm dx', 'norm product']).map((address) => ({
        address,
        per: 'channel' as const,
      })),
    ];
    this.#sums = wanted.map(({ address, per }, i) => ({
      address,
      per,
      leaf: leaf(`sum ${i}`, 'neuron'),
      locals: Array.from({ length: per === 'layer' ? 1 : frame.piece.vectors }, () => frame.code.vector()),
    }));
    const before = this.#sums.map((sum) => sum.leaf);
    this.roots = values.map((value, i) =>
      value.op === 'mul' || value.op === 'gain'
        ? new Expr('fma', [...value.args, before[i]!])
        : add(before[i]!, value),
    );
    if (dx === undefined) return;
    // of dx as it is stored, so that a pass of its own adds up the same
    const [sum, product] = before.slice(values.length) as [Expr, Expr];
    this.roots.push(add(sum, dx), new Expr('fma', [dx, sub(input.y, input.mean), product]));
  }

  /** Where a sum is collected. */
  local(i: number, { vector }: FrameCell): number {
    const { locals } = this.#sums[i]!;
    return locals[vector % locals.length]!;
  }

  /** How each sum so far comes on the stack, by the name of its leaf. */
  get places(): [string, CellPlace][] {
    return this.#sums.map(({ leaf }, i) => [
      leaf.name,
      (cell) => void this.frame.code.get(this.local(i, cell)),
    ]);
  }

  begin(): void {
    for (const { locals } of this.#sums) for (const local of locals) this.frame.code.zero().set(local);
  }

  /** Adds the row's sums to those in memory: of a layer to two f64, of a channel to its own. */
  end(): void {
    const { frame } = this;
    const { code, piece } = frame;
    const to = code.int();
    const low = (local: number): void => void code.get(local).simd('f64x2.promote_low');
    const high = (local: number): void => void code.upper(local).simd('f64x2.promote_low');
    const addTo = (offset: number, value: () => void): void => {
      code.get(to).get(to).load(offset);
      value();
      code.simd('f64x2.add').store(offset);
    };
    for (const { address, per, locals } of this.#sums) {
      if (piece.lanes === 1) for (const local of locals) this.#firstLane(local);
      if (per === 'layer') code.get(frame.parameter(address));
      else frame.inChannels(address, 8);
      code.set(to);
      for (const [v, local] of locals.entries()) {
        if (per === 'layer') {
          addTo(0, () => {
            low(local);
            high(local);
            code.simd('f64x2.add');
          });
        } else {
          addTo(32 * v, () => low(local));
          if (piece.lanes === 4) addTo(32 * v + 16, () => high(local));
        }
      }
    }
  }

  /** The other lanes hold no neuron. */
  #firstLane(local: number): void {
    const { code } = this.frame;
    const scratch = this.frame.parameter('scratch');
    code.get(scratch).get(local).store(0, 1);
    code.get(scratch).load(0, 1).set(local);
  }
}
