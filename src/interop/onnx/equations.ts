// A neuron's step in ONNX's operators, one node an operation, from its expressions as the backends compile them.

import { SpikegradError } from '../../errors';
import type { NeuronModel } from '../../neurons';
import { derive } from '../../neurons/graph/derive';
import { type Expr, inOrder, type Op } from '../../neurons/graph/expression';

const OPERATORS: { readonly [op in Op]?: string } = {
  add: 'Add',
  sub: 'Sub',
  mul: 'Mul',
  div: 'Div',
  min: 'Min',
  max: 'Max',
  neg: 'Neg',
  abs: 'Abs',
  sqrt: 'Sqrt',
  exp: 'Exp',
  log: 'Log',
  sin: 'Sin',
  cos: 'Cos',
  tanh: 'Tanh',
  sigmoid: 'Sigmoid',
  atan: 'Atan',
  erf: 'Erf',
  floor: 'Floor',
  lt: 'Less',
  le: 'LessOrEqual',
  gt: 'Greater',
  ge: 'GreaterOrEqual',
  and: 'And',
  or: 'Or',
  not: 'Not',
  select: 'Where',
};

/** (e^x - 1)/x: where that would lose digits its series 1 + x/2·(1 + x/3·(1 + …)). */
function relativeExponential(x: string, { make, number }: StepWriter): string {
  let series = number(1);
  for (let n = 8; n >= 2; n--)
    series = make('Add', [number(1), make('Mul', [make('Div', [x, number(n)]), series])]);
  const whole = make('Div', [make('Sub', [make('Exp', [x]), number(1)]), x]);
  return make('Where', [make('Less', [make('Abs', [x]), number(0.5)]), series, whole]);
}

/** What a step's nodes are made with. */
export interface StepWriter {
  /** A node of one operator, and the name of what it gives. */
  make(operator: string, inputs: readonly string[]): string;
  /** A constant. */
  number(value: number): string;
}

export interface WrittenStep {
  readonly output: string;
  /** The states after the step, in the order of the model's. */
  readonly states: readonly string[];
}

/**
 * @param given what the input, states and parameters are called in the file, by the names of their leaves
 * @throws for an operation that ONNX has no operator for
 */
export function writeStep(
  where: string,
  layer: string,
  model: NeuronModel,
  given: ReadonlyMap<string, string>,
  writer: StepWriter,
): WrittenStep {
  const { outputs, next } = derive(model, true);
  const roots = [outputs[0]!, ...next];
  const names = new Map<Expr, string>();
  for (const e of inOrder(roots)) {
    const [a, b] = e.args.map((argument) => names.get(argument)!);
    names.set(e, nameOf(e, a, b));
  }
  const [output, ...states] = roots.map((root) => names.get(root)!);
  return { output: output!, states };

  function nameOf(e: Expr, a: string | undefined, b: string | undefined): string {
    const { make, number } = writer;
    if (e.op === 'leaf') return given.get(e.name)!;
    if (e.op === 'number') return number(e.value);
    if (e.op === 'sech2') {
      const cosh = make('Cosh', [a!]);
      return make('Div', [number(1), make('Mul', [cosh, cosh])]);
    }
    if (e.op === 'bell') {
      const share = make('Sigmoid', [a!]);
      return make('Mul', [share, make('Sub', [number(1), share])]);
    }
    if (e.op === 'exprel') return relativeExponential(a!, writer);
    const operator = OPERATORS[e.op];
    if (operator === undefined)
      throw new SpikegradError(
        where,
        `layer ${layer}: its equations hold ${e.custom?.name ?? e.op}, which ONNX has no operator for`,
      );
    return make(operator, b === undefined ? [a!] : e.args.map((argument) => names.get(argument)!));
  }
}
