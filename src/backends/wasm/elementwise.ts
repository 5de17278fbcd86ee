// One element at a time. A sum of two large tensors is not computed here: it says that it is one, and the neuron or the
// gradient that takes it adds on the way.

import type { BinaryOp, ElementwiseKernels, Operand, UnaryOp } from '../backend';
import { givesBinary } from '../comparisons';
import { type Shape, sameShape, sizeOf } from '../shape';
import { type Address, entire as all, block, blockOut, entireOut } from './argument';
import { BLOCK, type Engine } from './engine';
import { constants } from './generated/signatures';
import { kernelCall } from './kernel-call';
import type { Reference } from './reference';
import { Sum } from './values/sum';

/** Whether b is one row of at least two numbers for every row of a. */
function isRow(a: Operand, b: Operand, out: Shape): boolean {
  const columns = out.at(-1) ?? 0;
  return (
    sameShape(a.shape, out) &&
    columns > 1 &&
    b.handle.size === columns &&
    b.shape.at(-1) === columns &&
    sizeOf(out) > 0
  );
}

/** The kernels' numbers of the operators that they have; powers and logarithms run on the reference. */
const binaryCodes: Readonly<Record<Exclude<BinaryOp, 'power'>, number>> = {
  add: constants.ADD,
  subtract: constants.SUBTRACT,
  multiply: constants.MULTIPLY,
  divide: constants.DIVIDE,
  maximum: constants.MAXIMUM,
  minimum: constants.MINIMUM,
  equal: constants.EQUAL,
  notEqual: constants.NOT_EQUAL,
  less: constants.LESS,
  lessEqual: constants.LESS_EQUAL,
  greater: constants.GREATER,
  greaterEqual: constants.GREATER_EQUAL,
};

const unaryCodes: Readonly<Record<Exclude<UnaryOp, 'log' | 'power'>, number>> = {
  negate: constants.NEGATE,
  exp: constants.EXP,
  sqrt: constants.SQRT,
  tanh: constants.TANH,
  sigmoid: constants.SIGMOID,
  relu: constants.RELU,
  abs: constants.ABS,
  sign: constants.SIGN,
  clamp: constants.CLAMP,
};

export function elementwiseKernels(engine: Engine, reference: Reference): ElementwiseKernels {
  const onReference = (name: string, a: Operand, b: Operand, op: BinaryOp, out: readonly number[]) => {
    const [p, q] = reference.operands([a, b]);
    return reference.adopt(reference.run(name, (cpu) => cpu.binary(op, p!, q!, out)));
  };

  /** Sums of sums are computed: what takes a sum takes two terms. */
  const isLight = ({ handle }: Operand) => !(engine.handle(handle).value instanceof Sum);

  /** op(x[..][C], row[C]), some whole rows at a time. */
  function withRow(code: number, x: Operand, row: Operand, binary: boolean) {
    const { size } = x.handle;
    const columns = row.handle.size;
    const [source, second] = [engine.dense(x), engine.dense(row)];
    const { handle, buffer } = engine.out(size, binary);
    const rows = Math.max(1, Math.floor(BLOCK / columns));
    const step = 4 * rows * columns;
    const blocks = Math.floor(size / columns / rows);
    const rest = size / columns - blocks * rows;
    const call = (read: Address, count: number, write: Address) => [
      kernelCall('addRow', 'item', {
        x: read,
        rows: count,
        C: columns,
        row: all(second),
        op: code,
        out: write,
      }),
    ];
    engine.scheduler.scheduleTogether([
      { items: blocks, calls: call(block(source, step), rows, blockOut(buffer, step)) },
      {
        items: rest > 0 ? 1 : 0,
        calls: call(all(source, blocks * step), rest, entireOut(buffer, blocks * step)),
      },
    ]);
    return handle;
  }

  /** Of equal shapes, or one of them a single number. */
  function pairwise(code: number, a: Operand, b: Operand, out: Shape, binary: boolean) {
    const [p, q] = [engine.dense(a), engine.dense(b)];
    const { handle, buffer } = engine.out(sizeOf(out), binary);
    engine.flat(handle.size, 'binary', (read, write, count) => {
      const isWhole = (operand: Operand) => sameShape(operand.shape, out) && operand.handle.size !== 1;
      const [aStep, bStep] = [isWhole(a) ? 1 : 0, isWhole(b) ? 1 : 0];
      return {
        op: code,
        a: aStep === 1 ? read(p) : all(p),
        aStep,
        b: bStep === 1 ? read(q) : all(q),
        bStep,
        n: count,
        out: write(buffer),
      };
    });
    return handle;
  }

  return {
    unary(op, x, parameters) {
      if (op === 'log' || op === 'power') {
        return reference.adopt(reference.run(op, (cpu) => cpu.unary(op, reference.operand(x), parameters)));
      }
      const source = engine.dense(x);
      const { handle, buffer } = engine.out(x.handle.size);
      const [low = 0, high = 0] = parameters;
      engine.flat(x.handle.size, 'unary', (read, write, count) => ({
        op: unaryCodes[op],
        x: read(source),
        n: count,
        p: low,
        q: high,
        out: write(buffer),
      }));
      return handle;
    },

    binary(op, a, b, out) {
      if (op === 'power') return onReference(op, a, b, op, out);
      const code = binaryCodes[op];
      const isBinary = givesBinary(op, a, b);
      const same = sameShape(a.shape, out) && sameShape(b.shape, out);
      if (op === 'add' && same && out.length >= 4) {
        const of = [engine.handle(a.handle), engine.handle(b.handle)] as const;
        const sum =
          isLight(a) && isLight(b)
            ? engine.lazy(sizeOf(out), new Sum(...of))
            : pairwise(code, a, b, out, isBinary);
        engine.keepTerms(sum, of);
        return sum;
      }
      if (isRow(a, b, out)) return withRow(code, a, b, isBinary);
      const fits = (operand: Operand) => operand.handle.size === 1 || sameShape(operand.shape, out);
      if (!fits(a) || !fits(b)) return onReference(op, a, b, op, out);
      return pairwise(code, a, b, out, isBinary);
    },

    where(condition, a, b, out) {
      const [c, p, q] = reference.operands([condition, a, b]);
      return reference.adopt(reference.run('where', (cpu) => cpu.where(c!, p!, q!, out)));
    },
  };
}
