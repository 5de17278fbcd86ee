// Plans as plain loops, to be read: what inference in integers means. Whatever else runs a plan is tested against this,
// bit for bit. One image at a time, values [T][C][H][W] as whole numbers; slow.

import type {
  ConvStep,
  CountStep,
  GateStep,
  IntegerPlan,
  IntegerRunner,
  MaxStep,
  NeuronStep,
  PlaneShape,
  PlanInput,
  PlanStep,
  SumStep,
} from '../backends/integer';
import { sizeOf } from '../backends/shape';
import { check } from '../errors';

/** A value over time: planes [C][H][W], one of them where it is still. */
export type TwinPlanes = readonly Int32Array[];

/** What is looked at on the way: a step's planes, and of a neuron its membranes H before they fire. */
export type Watch = (step: PlanStep, planes: TwinPlanes, membranes?: TwinPlanes) => void;

export function twin(plan: IntegerPlan, watch?: Watch): IntegerRunner {
  return {
    run(values, images, timesteps, rates) {
      const fired = new Map<string, number>();
      const outputs = plan.outputs.map(() => [] as TwinPlanes[]);
      for (let n = 0; n < images; n++) {
        const found = new Map<string, TwinPlanes>();
        plan.inputs.forEach((input, i) => {
          found.set(input.name, inputPlanes(input, values[i]!, n, images, timesteps));
        });
        for (const step of plan.steps) {
          const planes = run(
            step,
            step.from.map((name) => found.get(name)!),
            timesteps,
            plan,
            watch,
          );
          found.set(step.name, planes);
          if (step.op === 'neuron' && step.kind === 'bits')
            fired.set(step.name, (fired.get(step.name) ?? 0) + rateOf(planes) / images);
        }
        plan.outputs.forEach(({ name, overTime }, i) => {
          const planes = found.get(name)!;
          outputs[i]!.push(overTime && planes.length > 1 ? [summed(planes)] : planes);
        });
      }
      if (rates !== undefined) for (const [name, rate] of fired) rates(name, rate);
      return outputs.map(gathered);
    },
    ways: () => new Map(plan.steps.map(({ name }) => [name, { way: 'loops', bytes: 0 }])),
    dispose() {},
  };
}

/** An image's part of a real input as integers, channels first. */
export function inputPlanes(
  { name, shape, kind, scale, most, still }: PlanInput,
  values: Float32Array,
  image: number,
  images: number,
  timesteps: number,
): TwinPlanes {
  const [channels, height, width] = shape;
  const size = sizeOf(shape);
  return Array.from({ length: still ? 1 : timesteps }, (_, t) => {
    const plane = new Int32Array(size);
    const from = (t * images + image) * size;
    for (let pixel = 0; pixel < height * width; pixel++)
      for (let c = 0; c < channels; c++) {
        const value = values[from + pixel * channels + c]!;
        plane[c * height * width + pixel] =
          kind === 'bits' ? Number(value !== 0) : stepsOf(name, value, scale, most);
      }
    return plane;
  });
}

/** value·scale in f32, rounded to the nearest, halves up. @throws beyond what the plan was proved for */
export function stepsOf(name: string, value: number, scale: number, most: number): number {
  const steps = Math.floor(Math.fround(Math.fround(value * Math.fround(scale)) + 0.5));
  check(
    Math.abs(steps) <= most,
    'compile',
    () =>
      `${name} holds ${value}, the integers were proved for numbers from ${-most / scale} to ${most / scale}: give compile a larger inputRange`,
  );
  return steps;
}

function run(
  step: PlanStep,
  inputs: readonly TwinPlanes[],
  timesteps: number,
  plan: IntegerPlan,
  watch: Watch | undefined,
): TwinPlanes {
  if (step.op === 'neuron') {
    const { planes, membranes } = neuron(step, inputs[0]!, timesteps);
    watch?.(step, planes, membranes);
    return planes;
  }
  const [first] = step.from;
  const { shape } = [...plan.inputs, ...plan.steps].find(({ name }) => name === first)!;
  const at = (t: number) => inputs.map((input) => input[input.length === 1 ? 0 : t]!);
  const planes = Array.from({ length: step.still ? 1 : timesteps }, (_, t) => planeOf(step, at(t), shape));
  watch?.(step, planes);
  return planes;
}

/** One plane of a step without memory. @param shape of the first value that it takes */
function planeOf(
  step: Exclude<PlanStep, NeuronStep>,
  taken: readonly Int32Array[],
  shape: PlaneShape,
): Int32Array {
  switch (step.op) {
    case 'conv':
      return conv(step, taken[0]!, shape);
    case 'sum':
      return sum(step, taken);
    case 'count':
    case 'max':
      return pool(step, taken[0]!, shape);
    case 'and':
    case 'iand':
      return gate(step, taken);
  }
}

/** acc[o][y][x] = bias[o] + Σ weight[o][c][i][j]·x[c][y·stride - padding + i·dilation][…], nothing outside. */
function conv(step: ConvStep, x: Int32Array, [channels, height, width]: PlaneShape): Int32Array {
  const [filters, outHeight, outWidth] = step.shape;
  const [kh, kw] = step.window;
  const each = channels / step.groups;
  const out = new Int32Array(sizeOf(step.shape));
  for (let o = 0; o < filters; o++) {
    const first = Math.floor((o * step.groups) / filters) * each;
    for (let y = 0; y < outHeight; y++)
      for (let column = 0; column < outWidth; column++) {
        let acc = step.bias[o]!;
        for (let c = 0; c < each; c++)
          for (let i = 0; i < kh; i++) {
            const row = y * step.stride[0] - step.padding[0] + i * step.dilation[0];
            if (row < 0 || row >= height) continue;
            for (let j = 0; j < kw; j++) {
              const at = column * step.stride[1] - step.padding[1] + j * step.dilation[1];
              if (at < 0 || at >= width) continue;
              acc +=
                step.weight[((o * each + c) * kh + i) * kw + j]! *
                x[((first + c) * height + row) * width + at]!;
            }
          }
        out[(o * outHeight + y) * outWidth + column] = acc;
      }
  }
  return out;
}

function sum({ shape, times, bias }: SumStep, terms: readonly Int32Array[]): Int32Array {
  const area = shape[1] * shape[2];
  return Int32Array.from({ length: sizeOf(shape) }, (_, i) => {
    const c = Math.floor(i / area);
    return terms.reduce((all, term, k) => all + (times[k]?.[c] ?? 1) * term[i]!, bias?.[c] ?? 0);
  });
}

function pool(step: CountStep | MaxStep, x: Int32Array, [, height, width]: PlaneShape): Int32Array {
  const [channels, outHeight, outWidth] = step.shape;
  const out = new Int32Array(sizeOf(step.shape));
  for (let i = 0; i < out.length; i++) {
    const c = Math.floor(i / (outHeight * outWidth)) % channels;
    const y = Math.floor(i / outWidth) % outHeight;
    let total = 0;
    let most: number | undefined;
    for (let a = 0; a < step.window[0]; a++)
      for (let b = 0; b < step.window[1]; b++) {
        const row = y * step.stride[0] - step.padding[0] + a * step.dilation[0];
        const column = (i % outWidth) * step.stride[1] - step.padding[1] + b * step.dilation[1];
        if (row < 0 || row >= height || column < 0 || column >= width) continue;
        const value = x[(c * height + row) * width + column]!;
        total += value;
        most = most === undefined ? value : Math.max(most, value);
      }
    out[i] = step.op === 'count' ? total : (most ?? 0);
  }
  return out;
}

function gate({ op }: GateStep, [a, b]: readonly Int32Array[]): Int32Array {
  return a!.map((value, i) => value & (op === 'and' ? b![i]! : 1 - b![i]!));
}

/** keep·V in units of 2^-15, rounded to the nearest, halves up: i16x8.q15mulr_sat_s where V has 16 bits. */
export function leak(v: number, keep: number): number {
  return keep === 32768 ? v : Math.floor((v * keep + 16384) / 32768);
}

function neuron(
  step: NeuronStep,
  currents: TwinPlanes,
  timesteps: number,
): { planes: TwinPlanes; membranes: TwinPlanes } {
  const { shape, keep, offset, limit, drop, soft } = step;
  const size = sizeOf(shape);
  const area = shape[1] * shape[2];
  const v = new Int32Array(size);
  const membranes: Int32Array[] = [];
  const planes = Array.from({ length: timesteps }, (_, t) => {
    const x = currents[currents.length === 1 ? 0 : t]!;
    const membrane = new Int32Array(size);
    const out = new Int32Array(size);
    for (let i = 0; i < size; i++) {
      const c = Math.floor(i / area);
      const h = x[i]! + offset[c]! + leak(v[i]!, keep);
      const fires = limit !== undefined && h > limit[c]!;
      membrane[i] = h;
      out[i] = limit === undefined ? h : Number(fires);
      v[i] = fires ? (soft ? h - drop[c]! : drop[c]!) : h;
    }
    membranes.push(membrane);
    return out;
  });
  return { planes, membranes };
}

function rateOf(planes: TwinPlanes): number {
  let spikes = 0;
  for (const plane of planes) for (const value of plane) spikes += value;
  return spikes / (planes.length * planes[0]!.length);
}

function summed(planes: TwinPlanes): Int32Array {
  return planes[0]!.map((_, i) => planes.reduce((total, plane) => total + plane[i]!, 0));
}

/** Of images one after another, time first. */
function gathered(images: readonly TwinPlanes[]): Int32Array {
  const [first] = images;
  if (first === undefined) return new Int32Array();
  const size = first[0]!.length;
  const out = new Int32Array(first.length * images.length * size);
  images.forEach((planes, n) => {
    planes.forEach((plane, t) => {
      out.set(plane, (t * images.length + n) * size);
    });
  });
  return out;
}
