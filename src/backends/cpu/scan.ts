// Functions and neurons on the reference backend: the plain loops of neurons/numbers over its buffers.

import { isSpike, outputsOf } from '../../neurons';
import { valuesOf } from '../../neurons/numbers/callable';
import { numberScan, type Sequence } from '../../neurons/numbers/scan';
import type { Operand, Precision, ScanKernels } from '../backend';
import { type Allocate, type CpuBuffer, dataOf } from './buffer';

export function scanKernels(allocate: Allocate, precision: Precision): ScanKernels {
  const kept = (numbers: ArrayLike<number>, binary = false): CpuBuffer => {
    const buffer = allocate(numbers.length, binary);
    buffer.data.set(numbers);
    return buffer;
  };
  const data = (operand: Operand | undefined) => operand && dataOf(operand.handle);
  const dataOfAll = (operands: readonly Operand[]) => operands.map(({ handle }) => dataOf(handle));
  return {
    map(f, which, x) {
      const source = dataOf(x.handle);
      const result = allocate(source.length);
      valuesOf(f[which], source, result.data);
      return result;
    },
    scan(model, { x, parameters, initial }) {
      const { outputs, last } = numberScan(model, precision).forward(
        dataOf(x.handle),
        sequenceOf(x),
        dataOfAll(parameters),
        initial.map(data),
      );
      const values = outputsOf(model);
      return {
        outputs: outputs.map((numbers, k) => kept(numbers, isSpike(values[k]!.value))),
        last: last.map((numbers) => kept(numbers)),
      };
    },
    scanGradient(model, { x, parameters, initial }, { outputs, last }) {
      const back = numberScan(model, precision).backward(
        dataOf(x.handle),
        sequenceOf(x),
        dataOfAll(parameters),
        initial.map(data),
        outputs.map(data),
        last.map(data),
      );
      return {
        x: kept(back.x),
        initial: back.initial.map((numbers, k) => (initial[k] === undefined ? undefined : kept(numbers))),
        parameters: back.parameters.map((numbers) => kept(numbers)),
      };
    },
  };
}

/** [T,...,C]; without other axes there is one neuron. */
function sequenceOf({ shape, handle }: Operand): Sequence {
  const steps = shape[0]!;
  const size = steps === 0 ? 0 : handle.size / steps;
  return { steps, size, channels: shape.length > 1 ? shape.at(-1)! : 1 };
}
