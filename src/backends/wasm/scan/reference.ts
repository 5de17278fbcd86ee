// Neurons that call functions which only JavaScript can call, on the plain loops of the reference backend.

import type { Operand, ScanKernels, ScanOperands } from '../../backend';
import type { Reference } from '../reference';

export function plainScan(reference: Reference): ScanKernels {
  const adopt = reference.adopt.bind(reference);
  /** Views of everything that is given, taken together. */
  function viewed(given: ScanOperands, others: readonly (Operand | undefined)[]) {
    const all = [given.x, ...given.parameters, ...given.initial, ...others];
    const views = reference.operands(all.filter((operand) => operand !== undefined)).values();
    const list = all.map((operand) => (operand === undefined ? undefined : views.next().value!));
    const [p, s] = [given.parameters.length, given.initial.length];
    const operands: ScanOperands = {
      x: list[0]!,
      parameters: list.slice(1, 1 + p).map((operand) => operand!),
      initial: list.slice(1 + p, 1 + p + s),
    };
    return { operands, others: list.slice(1 + p + s) };
  }
  return {
    scan(model, given) {
      const { operands } = viewed(given, []);
      const { outputs, last } = reference.run('scan', (cpu) => cpu.scan(model, operands));
      return { outputs: outputs.map(adopt), last: last.map(adopt) };
    },
    scanGradient(model, given, { outputs, last }) {
      const { operands, others } = viewed(given, [...outputs, ...last]);
      const gradients = { outputs: others.slice(0, outputs.length), last: others.slice(outputs.length) };
      const back = reference.run('scanGradient', (cpu) => cpu.scanGradient(model, operands, gradients));
      return {
        x: adopt(back.x),
        initial: back.initial.map((handle) => handle && adopt(handle)),
        parameters: back.parameters.map(adopt),
      };
    },
  };
}
