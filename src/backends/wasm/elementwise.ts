// One element at a time. A sum of two large tensors is not computed here: it says that it is one, and the neuron or the
// gradient that takes it adds on the way.

import type { BinaryOp, ElementwiseKernels, Operand, UnaryOp } from '../backend';
import { sameShape, sizeOf } from '../shape';
import { type Argument, whole as all } from './argument';
import type { Engine } from './engine';
import type { Reference } from './reference';

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
      const compares = code >= binaryOps.indexOf('equal');
      if (op === 'power') return onReference(op, a, b, op, out);
      const same = sameShape(a.shape, out) && sameShape(b.shape, out);
      if (op === 'add' && same && out.length >= 4 && isLight(a) && isLight(b)) {
        return engine.lazy(sizeOf(out), {
          kind: 'sum',
          a: engine.handle(a.handle),
          b: engine.handle(b.handle),
        });
      }
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
