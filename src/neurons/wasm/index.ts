// A neuron's WebAssembly: modules for its forward and its backward sweep, as bytes, with the table of numbers they
// read and the order of their arguments.

import { backwardFunction, backwardParameters, scratchBytes } from './backward';
import { moduleOf } from './bytes';
import type { BackwardForm, ForwardForm, ModuleFlavour, Part, StepGraph } from './form';
import { forwardFunction, forwardParameters } from './forward';
import { Numbers } from './numbers';

export type {
  BackwardForm,
  ForwardForm,
  GradientForm,
  InputForm,
  ModuleFlavour,
  Part,
  StepGraph,
} from './form';
export { partsOf } from './form';

/** A compiled sweep. Its functions are called `forward8`, `backward4`, …: direction and name of the part's piece. */
export interface Compiled {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly table: Float32Array<ArrayBuffer>;
  /**
   * Names of the arguments in their order, behind those that all functions begin with: the table, rows of pixels,
   * pixels in a row, bytes between them, groups of channels, steps.
   */
  readonly own: readonly string[];
  /** Scratch of one call, for so many steps. */
  scratchBytes(steps: number): number;
}

export function compileForward(
  graph: StepGraph,
  form: ForwardForm,
  flavour: ModuleFlavour,
  parts: readonly Part[],
): Compiled {
  const numbers = new Numbers();
  const functions = parts.map(({ piece }) => forwardFunction(graph, form, flavour, piece, numbers));
  return {
    bytes: moduleOf(functions, flavour.shared),
    table: numbers.table,
    own: forwardParameters(graph, form),
    scratchBytes: () => 0,
  };
}

export function compileBackward(
  graph: StepGraph,
  form: BackwardForm,
  flavour: ModuleFlavour,
  parts: readonly Part[],
): Compiled {
  const numbers = new Numbers();
  const functions = parts.map(({ piece }) => backwardFunction(graph, form, flavour, piece, numbers));
  return {
    bytes: moduleOf(functions, flavour.shared),
    table: numbers.table,
    own: backwardParameters(graph, form),
    scratchBytes: (steps) => scratchBytes(graph, steps),
  };
}
