// Reads a compiled network's file, which may say anything: what comes of it is proved anew before it is believed.

import type { IntegerPlan, PlanInput, PlanStep } from '../backends/integer';
import { sizeOf } from '../backends/shape';
import { check, SpikegradError } from '../errors';
import { decodeMetadata, rememberMetadata } from '../interop/metadata';
import { readSafetensors, type SafetensorsEntry } from '../interop/safetensors';
import { runnerOf } from './compile';
import { firstOfTile, reachOf } from './encode';
import { type FileHeader, hasOwnUnit, headerIn, INTEGER_FORMAT, type StepHeader } from './header';
import { CompiledNetwork } from './network';
import type { Planned } from './plan';
import { prove, rangeOf } from './prove';
import { outputShapeOf, windowsOut } from './shapes';

const READ = 'decodeCompiled';

/** @throws naming the tensor or the step, where the file is not what it says */
export async function decode(bytes: Uint8Array | ArrayBuffer): Promise<CompiledNetwork> {
  const { tensors, metadata } = readSafetensors(bytes);
  check(
    metadata.format === INTEGER_FORMAT,
    READ,
    () =>
      `no compiled network: metadata "format" is ${JSON.stringify(metadata.format)}, expected "${INTEGER_FORMAT}"; compile(network) makes one`,
  );
  const header = headerIn(READ, metadata.plan);
  const planned = plannedIn(header, new FileArrays(tensors));
  const network = new CompiledNetwork({
    parts: [{ planned, runner: await runnerOf(planned.plan) }],
    reasons: new Map(),
    inputShape: header.inputShape,
    outputShape: header.outputShape,
    timesteps: header.timesteps ?? undefined,
    timeMean: header.timeMean,
    real: undefined,
  });
  rememberMetadata(network, decodeMetadata(READ, metadata));
  return network;
}

/** A file's tensors, each taken once. */
class FileArrays {
  readonly #left: Set<string>;

  constructor(readonly tensors: ReadonlyMap<string, SafetensorsEntry>) {
    this.#left = new Set(tensors.keys());
  }

  has(name: string): boolean {
    return this.tensors.has(name);
  }

  integers(name: string, shape: readonly number[]): Int32Array {
    const { dtype, data } = this.#entry(name, shape);
    check(
      dtype === 'I8' || dtype === 'I16' || dtype === 'I32',
      READ,
      () => `tensor "${name}" is ${dtype}; integers are I8, I16 or I32`,
    );
    return Int32Array.from(data as Int32Array);
  }

  positive(name: string, length: number): Float64Array {
    const { dtype, data } = this.#entry(name, [length]);
    const isFloat = dtype === 'F32' || dtype === 'F64';
    check(isFloat, READ, () => `tensor "${name}" is ${dtype}; units are F32 or F64`);
    const values = Float64Array.from(data as Float64Array);
    check(
      values.every((value) => value > 0 && Number.isFinite(value)),
      READ,
      () => `tensor "${name}" must hold numbers above 0`,
    );
    return values;
  }

  #entry(name: string, shape: readonly number[]): SafetensorsEntry {
    const entry = this.tensors.get(name);
    check(entry !== undefined, READ, () => `tensor "${name}" is missing`);
    check(
      entry.shape.join() === shape.join(),
      READ,
      () => `tensor "${name}" must be [${shape}], got [${entry.shape}]`,
    );
    this.#left.delete(name);
    return entry;
  }

  checkEmpty(): void {
    const [name] = this.#left;
    check(name === undefined, READ, () => `tensor "${name}" is of no step of the plan`);
  }
}

function plannedIn(header: FileHeader, arrays: FileArrays): Planned {
  const { weights, inputs, outputs } = header;
  const horizon = header.provedSteps ?? Number.POSITIVE_INFINITY;
  const units = new Map<string, Float64Array>();
  const values = new Map<string, PlanInput | PlanStep>(inputs.map((input) => [input.name, input]));
  const steps = header.steps.map((step) => {
    const from = step.from.map((name) => {
      const value = values.get(name);
      check(
        value !== undefined,
        READ,
        () => `step "${step.name}" takes "${name}", which is no step before it`,
      );
      return value;
    });
    check(!values.has(step.name), READ, () => `there are two steps "${step.name}"`);
    const filled = filledStep(step, from, arrays);
    values.set(step.name, filled);
    if (hasOwnUnit(filled)) units.set(step.name, arrays.positive(`${step.name}.unit`, step.shape[0]));
    return filled;
  });
  const plan: IntegerPlan = {
    inputs,
    steps,
    outputs: outputs.map(({ name, overTime }, i) => {
      const value = values.get(name);
      check(value !== undefined, READ, () => `output "${name}" is no step`);
      return { name, overTime, unit: arrays.positive(`output.${i}.worth`, value.shape[0]) };
    }),
  };
  check(
    sizeOf(values.get(outputs[0]!.name)!.shape) === sizeOf(header.outputShape),
    READ,
    () => `output "${outputs[0]!.name}" is not of shape [${header.outputShape}]`,
  );
  arrays.checkEmpty();
  const given = new Map(inputs.map((input) => [input.name, rangeOf(input)]));
  const { ranges, beyond, steady } = prove(steps, given, horizon);
  const [wide] = beyond;
  if (wide !== undefined)
    throw new SpikegradError(
      READ,
      `step "${wide[0]}": channel ${[...wide[1]][0]} can reach beyond what its sums hold; the file is damaged, or not of this library`,
    );
  check(
    steady || Number.isFinite(horizon),
    READ,
    'a membrane grows for ever, and the plan is said to hold for any number of steps',
  );
  const weightBits = new Map(
    steps.flatMap((step) => (step.op === 'conv' ? [[step.name, bitsOf(step.weight)]] : [])),
  );
  return { plan, bits: weights, timesteps: horizon, units, weightBits, ranges };
}

/** The bits that a layer's weights take, as they are. */
function bitsOf(weight: Int16Array): number {
  return [4, 6, 8].find((bits) => reachOf(weight) < 2 ** (bits - 1)) ?? 16;
}

/** Weights that stand once a tile, at each of its taps. */
function overTiles(
  once: Int32Array,
  planes: number,
  window: readonly [number, number],
  tile: readonly [number, number],
): Int16Array {
  const all = new Int16Array(planes * sizeOf(window));
  let taken = 0;
  for (let i = 0; i < all.length; i++) {
    const first = firstOfTile(window, tile, i);
    all[i] = first === i ? once[taken++]! : all[first]!;
  }
  return all;
}

function filledStep(step: StepHeader, from: readonly (PlanInput | PlanStep)[], arrays: FileArrays): PlanStep {
  const [channels] = step.shape;
  const wanted = outputShapeOf(step, from[0]!.shape);
  check(
    wanted.join() === step.shape.join(),
    READ,
    () => `step "${step.name}" gives [${wanted}] (channels, height, width), the plan says [${step.shape}]`,
  );
  const own = (what: string, shape: readonly number[] = [channels]) =>
    arrays.integers(`${step.name}.${what}`, shape);
  const orZero = (what: string) =>
    arrays.has(`${step.name}.${what}`) ? own(what) : new Int32Array(channels);
  switch (step.op) {
    case 'conv': {
      windowsOut(READ, step, from[0]!.shape);
      const { tile = [1, 1], ...rest } = step;
      const { window } = step;
      const sides = [window[0] / tile[0], window[1] / tile[1]];
      const each = from[0]!.shape[0] / step.groups;
      const weight = own('weight', [channels, each, ...sides]);
      check(
        weight.every((one) => Math.abs(one) <= 32767),
        READ,
        () => `tensor "${step.name}.weight" holds weights beyond 16 bits`,
      );
      return { ...rest, weight: overTiles(weight, channels * each, window, tile), bias: own('bias') };
    }
    case 'sum': {
      const times = step.from.map((_, term) =>
        arrays.has(`${step.name}.times.${term}`) ? own(`times.${term}`) : undefined,
      );
      return { ...step, times, bias: arrays.has(`${step.name}.bias`) ? own('bias') : undefined };
    }
    case 'neuron': {
      const limit = step.kind === 'bits' ? own('limit') : undefined;
      return { ...step, offset: orZero('offset'), limit, drop: orZero('drop') };
    }
    default:
      return step;
  }
}
