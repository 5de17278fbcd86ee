// Neurons that call functions which only JavaScript can call, on the plain loops of the reference backend; and what is
// said of that, once for each function: that they are slow, and what would not be.

import type { NeuronModel } from '../../../neurons';
import { strangeIn } from '../../../neurons/lower';
import { notice } from '../../../notices';
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
    map: (f, which, x) =>
      adopt(reference.run(`${f.name} ${which}`, (cpu) => cpu.map(f, which, reference.operand(x)))),
    scan(model, given) {
      tellOf(model);
      const { operands } = viewed(given, []);
      const { outputs, last } = reference.run(nameOf('neuron', model), (cpu) => cpu.scan(model, operands));
      return { outputs: outputs.map(adopt), last: last.map(adopt) };
    },
    scanGradient(model, given, { outputs, last }) {
      const { operands, others } = viewed(given, [...outputs, ...last]);
      const gradients = { outputs: others.slice(0, outputs.length), last: others.slice(outputs.length) };
      const name = nameOf('neuronGradient', model);
      const back = reference.run(name, (cpu) => cpu.scanGradient(model, operands, gradients));
      return {
        x: adopt(back.x),
        initial: back.initial.map((handle) => handle && adopt(handle)),
        parameters: back.parameters.map(adopt),
      };
    },
  };
}

const nameOf = (kernel: string, model: NeuronModel): string => `${kernel}(${strangeIn(model).join(', ')})`;

function tellOf(model: NeuronModel): void {
  const strange = strangeIn(model);
  if (strange.length === 0) return; // no numbers at all
  notice(
    `neurons with ${strange.map((name) => `'${name}'`).join(' and ')} run on plain loops in one thread, several times slower than others: write functions of your own as texts (customSurrogate, customRectifier), which every backend compiles`,
  );
}
