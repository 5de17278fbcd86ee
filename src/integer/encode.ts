// A compiled network as a safetensors file: the plan as JSON in the metadata, its integers as tensors named by their
// steps, in the smallest type that holds them. decode.ts reads it back.

import type { ConvStep, PlanStep } from '../backends/integer';
import { sizeOf } from '../backends/shape';
import { check } from '../errors';
import { encodeMetadata, metadataOf } from '../interop/metadata';
import { type SafetensorsEntry, writeSafetensors } from '../interop/safetensors';
import { type FileHeader, hasOwnUnit, INTEGER_FORMAT, type StepHeader, shortened } from './header';
import type { CompiledNetwork } from './network';
import { firstReason } from './parts';

/** How keep·V is rounded, for whoever computes it from the file. */
const ROUNDING = 'keep*V = (V*keep + 16384) >> 15, to the nearest, halves up; all of V where keep is 32768';

const WRITE = 'encodeCompiled';

type Entries = (readonly [string, SafetensorsEntry])[];

/** The file, and what else its metadata are to say. @throws where a layer is none of integers */
export function encode(
  network: CompiledNetwork,
  texts: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const { parts, reasons, inputShape, outputShape, timesteps, timeMean } = network.parts;
  const real = firstReason(reasons);
  check(
    real === undefined && parts.length === 1,
    WRITE,
    () => `layer ${real![0]} stays in real numbers (${real![1]}): a file holds networks of integers alone`,
  );
  const { plan, bits, timesteps: proved, units } = parts[0]!.planned;
  const entries: Entries = [];
  const steps = plan.steps.map((step) => stepHeader(step, entries));
  for (const step of plan.steps)
    if (hasOwnUnit(step)) entries.push([`${step.name}.unit`, floats(units.get(step.name)!)]);
  plan.outputs.forEach(({ unit }, i) => {
    entries.push([
      `output.${i}.worth`,
      { dtype: 'F64', shape: [unit.length], data: Float64Array.from(unit) },
    ]);
  });
  const header: Omit<FileHeader, 'steps'> & { steps: readonly object[] } = {
    weights: bits,
    provedSteps: Number.isFinite(proved) ? proved : null,
    timesteps: timesteps ?? null,
    timeMean,
    inputShape,
    outputShape,
    inputs: plan.inputs,
    steps: shortened(plan.inputs, steps),
    outputs: plan.outputs.map(({ name, overTime }) => ({ name, overTime })),
  };
  return writeSafetensors(entries, {
    ...texts,
    ...encodeMetadata({ ...metadataOf(network), inputShape }),
    format: INTEGER_FORMAT,
    plan: JSON.stringify(header),
    rounding: ROUNDING,
  });
}

/** A step without its arrays, which are written beside. */
function stepHeader(step: PlanStep, entries: Entries): StepHeader {
  const put = (what: string, data: Int16Array | Int32Array, shape: readonly number[] = [data.length]) => {
    entries.push([`${step.name}.${what}`, integers(data, shape)]);
  };
  switch (step.op) {
    case 'conv': {
      const { weight, bias, ...rest } = step;
      const [filters] = step.shape;
      const tile = tileOf(step);
      const sides = [step.window[0] / tile[0], step.window[1] / tile[1]];
      const each = weight.length / filters / sizeOf(step.window);
      put('weight', onceATile(step, tile), [filters, each, ...sides]);
      put('bias', bias);
      return { ...rest, tile };
    }
    case 'sum': {
      const { times, bias, ...rest } = step;
      times.forEach((one, term) => {
        if (one !== undefined) put(`times.${term}`, one);
      });
      if (bias !== undefined) put('bias', bias);
      return rest;
    }
    case 'neuron': {
      const { offset, limit, drop, ...rest } = step;
      if (limit !== undefined) put('limit', limit);
      if (offset.some((one) => one !== 0)) put('offset', offset);
      if (drop.some((one) => one !== 0)) put('drop', drop);
      return rest;
    }
    default:
      return step;
  }
}

type Sides = readonly [number, number];

/** The largest tiles over which all weights are equal, as those are of a convolution behind an average pool. */
function tileOf({ window, weight }: ConvStep): Sides {
  const [kh, kw] = window;
  const divisors = (of: number) =>
    Array.from({ length: of }, (_, i) => of - i).filter((one) => of % one === 0);
  const isOver = (tile: Sides) => weight.every((value, i) => value === weight[firstOfTile(window, tile, i)]);
  const tiles = divisors(kh).flatMap((height) => divisors(kw).map((width) => [height, width] as const));
  return tiles.sort((a, b) => sizeOf(b) - sizeOf(a)).find(isOver)!;
}

/** The first weight of the tile that a weight lies in. */
export function firstOfTile([kh, kw]: Sides, [height, width]: Sides, i: number): number {
  const [y, x] = [Math.floor(i / kw) % kh, i % kw];
  return i - (y % height) * kw - (x % width);
}

const onceATile = ({ window, weight }: ConvStep, tile: Sides): Int16Array =>
  weight.filter((_, i) => firstOfTile(window, tile, i) === i);

const floats = (values: ArrayLike<number>): SafetensorsEntry => ({
  dtype: 'F32',
  shape: [values.length],
  data: Float32Array.from(values),
});

/** The largest number, -128 counted as 127 is: what bits with sign hold. */
export function reachOf(values: ArrayLike<number>): number {
  let reach = 0;
  for (let i = 0; i < values.length; i++)
    reach = Math.max(reach, values[i]! < 0 ? -values[i]! - 1 : values[i]!);
  return reach;
}

/** In the smallest type that holds them. */
function integers(data: Int16Array | Int32Array, shape: readonly number[]): SafetensorsEntry {
  const reach = reachOf(data);
  if (reach < 2 ** 7) return { dtype: 'I8', shape, data: Int8Array.from(data) };
  if (reach < 2 ** 15) return { dtype: 'I16', shape, data: Int16Array.from(data) };
  return { dtype: 'I32', shape, data: Int32Array.from(data) };
}
