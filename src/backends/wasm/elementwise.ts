// One element at a time. A sum of two large tensors is not computed here: it says that it is one, and the neuron or the
// gradient that takes it adds on the way.

import type { BinaryOp, ElementwiseKernels, Operand, UnaryOp } from '../backend';
import { comparisons } from '../comparisons';
import { type Shape, sameShape, sizeOf } from '../shape';
import { type Argument, whole as all, block, blockOut, wholeOut } from './argument';
import { BLOCK, type Engine } from './engine';
import type { Reference } from './reference';

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

/** In the order of the kernels' numbers. */
const binaryOps: readonly BinaryOp[] = [
  'add',
  'subtract',
  'multiply',
  'divide',
  'power',
  'maximum',
  'minimum',
  'equal',
  'notEqual',
  'less',
  'lessEqual',
  'greater',
  'greaterEqual',
];

/** In the order of the kernels' numbers. */
const unaryOps: readonly UnaryOp[] = [
  'negate',
  'exp',
  'log',
  'sqrt',
  'tanh',
  'sigmoid',
  'relu',
  'abs',
  'sign',
  'power',
  'clamp',
];

export function elementwiseKernels(engine: Engine, reference: Reference): ElementwiseKernels {
  const onReference = (name: string, a: Operand, b: Operand, op: BinaryOp, out: readonly number[]) => {
    const [p, q] = reference.operands([a, b]);
    return reference.adopt(reference.run(name, (cpu) => cpu.binary(op, p!, q!, out)));
  };

  /** Sums of sums are computed: what takes a sum takes two terms. */
  const isLight = ({ handle }: Operand) => engine.handle(handle).value.kind !== 'sum';

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
    const call = (read: Argument, count: number, write: Argument) => [
      { kernel: 'addRow', when: 'item' as const, args: [read, count, columns, all(second), code, write] },
    ];
    engine.scheduler.scheduleTogether([
      { items: blocks, calls: call(block(source, step), rows, blockOut(buffer, step)) },
      {
        items: rest > 0 ? 1 : 0,
        calls: call(all(source, blocks * step), rest, wholeOut(buffer, blocks * step)),
      },
    ]);
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
      engine.flat(x.handle.size, 'unary', (read, write, count) => [
        unaryOps.indexOf(op),
        read(source),
        count,
        low,
        high,
        write(buffer),
      ]);
      return handle;
    },

    binary(op, a, b, out) {
      const code = binaryOps.indexOf(op);
      const compares = comparisons.has(op);
      if (op === 'power') return onReference(op, a, b, op, out);
      const same = sameShape(a.shape, out) && sameShape(b.shape, out);
      if (op === 'add' && same && out.length >= 4 && isLight(a) && isLight(b)) {
        return engine.lazy(sizeOf(out), {
          kind: 'sum',
          a: engine.handle(a.handle),
          b: engine.handle(b.handle),
        });
      }
      if (isRow(a, b, out)) return withRow(code, a, b, compares);
      const fits = (operand: Operand) => operand.handle.size === 1 || sameShape(operand.shape, out);
      if (!fits(a) || !fits(b)) return onReference(op, a, b, op, out);
      const [p, q] = [engine.dense(a), engine.dense(b)];
      const { handle, buffer } = engine.out(sizeOf(out), compares);
      engine.flat(handle.size, 'binary', (read, write, count) => {
        const side = (operand: Operand, source: typeof p): Argument[] =>
          sameShape(operand.shape, out) && operand.handle.size !== 1 ? [read(source), 1] : [all(source), 0];
        return [code, ...side(a, p), ...side(b, q), count, write(buffer)];
      });
      return handle;
    },

    where(condition, a, b, out) {
      const [c, p, q] = reference.operands([condition, a, b]);
      return reference.adopt(reference.run('where', (cpu) => cpu.where(c!, p!, q!, out)));
    },

    map: (f, which, x) =>
      reference.adopt(reference.run(`${f.name} ${which}`, (cpu) => cpu.map(f, which, reference.operand(x)))),
  };
}
