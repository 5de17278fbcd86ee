// NIR's equations once more, on nested plain arrays, channels first, one time step and one node at a time: what the
// graphs are held against. It shares nothing with the library but the reader.

import type { NirArray, NirGraph, NirNode } from '../../../src/interop/nir';

interface Value {
  shape: number[];
  data: Float64Array;
}

const arrayOf = (node: NirNode, key: string): NirArray => {
  const value = node.attributes.get(key);
  if (value === undefined || typeof value === 'string') throw new Error(`no numbers ${key}`);
  return value;
};
const at = ({ data }: NirArray, i: number) => data[data.length === 1 ? 0 : i]!;
const two = (node: NirNode, key: string): [number, number] => {
  const { data } = arrayOf(node, key);
  return [data[0]!, data.at(-1)!];
};

function affine(node: NirNode, x: Value): Value {
  const { shape, data } = arrayOf(node, 'weight');
  const [out, inputs] = shape as [number, number];
  const y = new Float64Array(out);
  for (let o = 0; o < out; o++) {
    y[o] = node.type === 'Affine' ? arrayOf(node, 'bias').data[o]! : 0;
    for (let i = 0; i < inputs; i++) y[o]! += data[o * inputs + i]! * x.data[i]!;
  }
  return { shape: [out], data: y };
}

/** Every window of every channel: `each` gets its channel, its taps and where it goes. */
function windows(node: NirNode, x: Value, [kh, kw]: [number, number], filters: number) {
  const [, height, width] = x.shape as [number, number, number];
  const [sy, sx] = two(node, 'stride');
  const [py, px] = two(node, 'padding');
  const [dy, dx] = node.attributes.has('dilation') ? two(node, 'dilation') : [1, 1];
  const outHeight = Math.floor((height + 2 * py - dy * (kh - 1) - 1) / sy) + 1;
  const outWidth = Math.floor((width + 2 * px - dx * (kw - 1) - 1) / sx) + 1;
  const y = new Float64Array(filters * outHeight * outWidth);
  const fill = (f: number, tap: (y: number, x: number, ky: number, kx: number) => number) => {
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++) {
        for (let ky = 0; ky < kh; ky++) {
          for (let kx = 0; kx < kw; kx++) {
            const [iy, ix] = [oy * sy - py + dy * ky, ox * sx - px + dx * kx];
            if (iy >= 0 && iy < height && ix >= 0 && ix < width)
              y[(f * outHeight + oy) * outWidth + ox]! += tap(iy, ix, ky, kx);
          }
        }
      }
    }
  };
  return { fill, result: { shape: [filters, outHeight, outWidth], data: y } };
}

function conv2d(node: NirNode, x: Value): Value {
  const weight = arrayOf(node, 'weight');
  const [out, perGroup, kh, kw] = weight.shape as [number, number, number, number];
  const filtersPerGroup = out / arrayOf(node, 'groups').data[0]!;
  const [, height, width] = x.shape as [number, number, number];
  const { fill, result } = windows(node, x, [kh, kw], out);
  const size = result.data.length / out;
  for (let o = 0; o < out; o++) {
    result.data.fill(arrayOf(node, 'bias').data[o]!, o * size, (o + 1) * size);
    const first = Math.floor(o / filtersPerGroup) * perGroup;
    for (let i = 0; i < perGroup; i++)
      fill(
        o,
        (iy, ix, ky, kx) =>
          x.data[((first + i) * height + iy) * width + ix]! *
          weight.data[((o * perGroup + i) * kh + ky) * kw + kx]!,
      );
  }
  return result;
}

/** A line is a row of an image: whatever its attributes say of the one axis, down there is nothing to do. */
function conv1d(node: NirNode, x: Value): Value {
  const row = (key: string, rest: number): NirArray => {
    const [value] = arrayOf(node, key).data;
    return { shape: [2], data: Float64Array.of(rest, value!), integer: true };
  };
  const weight = arrayOf(node, 'weight');
  const attributes = new Map(node.attributes)
    .set('weight', { ...weight, shape: weight.shape.toSpliced(2, 0, 1) })
    .set('stride', row('stride', 1))
    .set('padding', row('padding', 0))
    .set('dilation', row('dilation', 1));
  const y = conv2d({ type: 'Conv2d', attributes }, { ...x, shape: x.shape.toSpliced(1, 0, 1) });
  return { ...y, shape: y.shape.toSpliced(1, 1) };
}

function pool(node: NirNode, x: Value): Value {
  const [channels, height, width] = x.shape as [number, number, number];
  const kernel = two(node, 'kernel_size');
  const { fill, result } = windows(node, x, kernel, channels);
  for (let c = 0; c < channels; c++) fill(c, (iy, ix) => x.data[(c * height + iy) * width + ix]!);
  const scale = node.type === 'AvgPool2d' ? 1 / (kernel[0] * kernel[1]) : 1;
  return { ...result, data: result.data.map((sum) => sum * scale) };
}

/** v and I of each neuron, from step to step. */
class Memory {
  readonly v = new Map<string, Float64Array>();
  readonly current = new Map<string, Float64Array>();
}

function neuron(name: string, node: NirNode, x: Value, dt: number, memory: Memory): Value {
  const v = memory.v.get(name) ?? new Float64Array(x.data.length);
  const current = memory.current.get(name) ?? new Float64Array(x.data.length);
  memory.v.set(name, v);
  memory.current.set(name, current);
  const has = (key: string) => node.attributes.has(key);
  const p = (key: string, i: number) => at(arrayOf(node, key), i);
  const y = x.data.map((input, i) => {
    let drive = input;
    if (has('tau_syn')) {
      current[i]! += (dt / p('tau_syn', i)) * (p('w_in', i) * input - current[i]!);
      drive = current[i]!;
    }
    const tau = has('tau_mem') ? 'tau_mem' : 'tau';
    if (has(tau)) v[i]! += (dt / p(tau, i)) * (p('v_leak', i) - v[i]! + p('r', i) * drive);
    else v[i]! += dt * p('r', i) * drive;
    if (!has('v_threshold')) return v[i]!;
    if (v[i]! <= p('v_threshold', i)) return 0;
    v[i] = has('v_reset') ? p('v_reset', i) : 0;
    return 1;
  });
  return { shape: x.shape, data: y };
}

function run(name: string, node: NirNode, x: Value, dt: number, memory: Memory): Value {
  switch (node.type) {
    case 'Input':
    case 'Output':
      return x;
    case 'Linear':
    case 'Affine':
      return affine(node, x);
    case 'Conv1d':
      return conv1d(node, x);
    case 'Conv2d':
      return conv2d(node, x);
    case 'SumPool2d':
    case 'AvgPool2d':
      return pool(node, x);
    case 'Flatten':
      return { shape: [x.data.length], data: x.data };
  }
  return neuron(name, node, x, dt, memory);
}

/**
 * What every node gives at every step.
 * @param order in which the nodes run within a step; what comes later is seen as it was at the step before
 */
export function reference(
  graph: NirGraph,
  order: readonly string[],
  inputs: readonly Float64Array[],
  inputShape: number[],
  dt: number,
): Map<string, Float64Array[]> {
  const memory = new Memory();
  const record = new Map<string, Float64Array[]>(order.map((name) => [name, []]));
  const last = new Map<string, Value>();
  for (const input of inputs) {
    for (const name of order) {
      const node = graph.nodes.get(name)!;
      const values = graph.edges.filter(([, to]) => to === name).map(([from]) => last.get(from));
      if (node.type === 'Input') values.push({ shape: inputShape, data: input });
      const there = values.filter((value) => value !== undefined);
      const size = there[0]?.data.length ?? arrayOf(node, 'r').data.length;
      const x = {
        shape: there[0]?.shape ?? [size],
        data: Float64Array.from({ length: size }, (_, i) =>
          there.reduce((sum, one) => sum + one.data[i]!, 0),
        ),
      };
      const y = run(name, node, x, dt, memory);
      last.set(name, y);
      record.get(name)!.push(y.data.slice());
    }
  }
  return record;
}
