// Inference in integers on the engine: the module of its kernels, made known to all threads once, and what runs plans.

import type { IntegerPlan, IntegerRunner } from '../../integer';
import type { Engine } from '../engine';
import { codeOf } from '../flavour';
import { integerKernels } from '../generated/integer';
import type { Modules } from '../scan/modules';
import { WasmRunner } from './runner';

/** @param shared whether the engine's memory is */
export function integerRunner(
  engine: Engine,
  modules: Modules,
  shared: boolean,
  plan: IntegerPlan,
): IntegerRunner {
  return new WasmRunner(engine, modules.functions(codeOf(integerKernels, shared)), plan);
}
