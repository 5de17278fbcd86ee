// A rule as WebAssembly: four numbers at a time, the rest one by one; p and states change in place. The numbers that a
// step gives are the function's f32 arguments.

import type { Expr } from '../graph/expression';
import { moduleOf, type WasmFunction } from '../wasm/bytes';
import { Code, type Lanes } from '../wasm/code';
import type { ModuleFlavour } from '../wasm/form';
import { InstructionWriter } from '../wasm/instructions';
import { Numbers } from '../wasm/numbers';
import type { UpdateRoots } from './roots';
import type { UpdateRule } from './rule';
import { simdRoots } from './simd';

/** The function's name, and the start of its arguments: constants of the rule, how many numbers, p, g, states. */
export const UPDATE = 'update';

/** A compiled rule: its function takes table, n, p, g, each state, then each constant as f32. */
export interface CompiledUpdate {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What `table` is the address of. */
  readonly table: Float32Array<ArrayBuffer>;
}

export function compileUpdate(rule: UpdateRule, flavour: ModuleFlavour): CompiledUpdate {
  const roots = simdRoots(rule);
  const numbers = new Numbers();
  const bytes = moduleOf([updateFunction(rule, roots, flavour.relaxed, numbers)], flavour.shared);
  return { bytes, table: numbers.table };
}

function updateFunction(
  { parameter, gradient, states, constants }: UpdateRule,
  roots: UpdateRoots,
  relaxed: boolean,
  numbers: Numbers,
): WasmFunction {
  const places = [parameter, gradient, ...states.map(({ leaf }) => leaf)].map(({ name }) => name);
  const code = new Code(
    ['table', 'n', ...places],
    constants.map(({ leaf }) => leaf.name),
  );
  const [at, end] = [code.int(), code.int()];
  const table = code.parameter('table');
  const writer = new InstructionWriter(code, relaxed, table, (value) => numbers.at(value));
  writer.prologue(roots, ({ name }) => void code.get(code.parameter(name)).simd('f32x4.splat'));
  const address = (name: string): void => void code.get(code.parameter(name)).get(at).int32('add');
  const targets = [parameter.name, ...states.map(({ leaf }) => leaf.name)];
  const round = (lanes: Lanes): void => {
    const place = ({ name }: Expr): void => {
      address(name);
      code.load(0, lanes);
    };
    writer.body(roots, new Map(), place, (i, value) => {
      address(targets[i]!);
      value();
      return () => void code.store(0, lanes);
    });
    code.bump(at, 4 * lanes);
  };
  code.get(code.parameter('n')).const(2).int32('shl').set(end);
  // while more than three are left, then while any is
  for (const lanes of [4, 1] as const)
    code.while(
      () =>
        code
          .get(at)
          .const(4 * (lanes - 1))
          .int32('add')
          .get(end)
          .int32('below'),
      () => round(lanes),
    );
  return code.finished(UPDATE);
}
