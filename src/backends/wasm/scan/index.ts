// Functions and neurons given by their formulas: compiled to modules of their own where these have instructions, else
// on the plain loops of the reference backend.

import { isSpike, learnablesOf, type NeuronModel, outputsOf } from '../../../neurons';
import { functionModel } from '../../../neurons/function-model';
import { lower } from '../../../neurons/lower';
import type { StepGraph } from '../../../neurons/wasm';
import type { ScanKernels } from '../../backend';
import type { Engine } from '../engine';
import type { Reference } from '../reference';
import { argumentNames } from './arguments';
import { scanBackward } from './backward';
import { type Compilable, scanForward } from './forward';
import type { Modules } from './modules';
import { plainScan } from './reference';

const known = new WeakMap<NeuronModel, Compilable>();

/** A model as modules are made of it; undefined where something in it has no instruction. */
export function compilable(model: NeuronModel): Compilable | undefined {
  const found = known.get(model);
  if (found !== undefined) return found;
  const lowered = lower(model);
  if (lowered === undefined) return undefined;
  const named = outputsOf(model);
  const parameters = learnablesOf(model);
  const graph: StepGraph = {
    ...lowered,
    x: model.x,
    states: model.states,
    parameters,
    outputs: lowered.outputs.map((value, i) => ({ name: named[i]!.name, value })),
  };
  const made: Compilable = {
    graph,
    names: argumentNames(graph),
    binary: named.map(({ value }) => isSpike(value)),
    byChannel: parameters.some(({ leaf }) => leaf.rate === 'channel'),
  };
  known.set(model, made);
  return made;
}

export function scanKernels(engine: Engine, reference: Reference, modules: Modules): ScanKernels {
  const loops = plainScan(reference);
  return {
    map(f, which, x) {
      const { shape, handle } = x;
      const steps = handle.size > 0 ? compilable(functionModel(f, which)) : undefined;
      if (steps === undefined) return loops.map(f, which, x);
      // time where there is any: what is computed lazily has planes of it
      const sequence = { handle, shape: shape.length === 5 ? shape : [1, ...shape] };
      return scanForward(engine, modules, steps, { x: sequence, parameters: [], initial: [] }).outputs[0]!;
    },
    scan(model, operands) {
      const steps = operands.x.handle.size > 0 ? compilable(model) : undefined;
      if (steps === undefined) return loops.scan(model, operands);
      return scanForward(engine, modules, steps, operands);
    },
    scanGradient(model, operands, gradients) {
      const steps = operands.x.handle.size > 0 ? compilable(model) : undefined;
      if (steps === undefined) return loops.scanGradient(model, operands, gradients);
      return scanBackward(engine, modules, steps, operands, gradients);
    },
  };
}
