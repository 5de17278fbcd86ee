// The five networks as this library builds them, by the numbers that all tools have, and what it reads from their
// files.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Conv2d,
  cubaLif,
  Flatten,
  Lif,
  Linear,
  lifNeuron,
  loadState,
  type Module,
  noGrad,
  Recurrent,
  Residual,
  type SafetensorsEntry,
  SpikegradError,
  Spiking,
  sequential,
  type Tensor,
  tensor,
} from '../../src';
import { permuteArray } from '../../src/interop/layout';
import { fromNir, type NirConvention, readNir, toNir, writeNir } from '../../src/interop/nir';

type Numbers = readonly Numbers[] | number;
export type Raster = readonly (readonly number[])[];
/** Spikes [T,K], or why there are none. */
export type Told = { readonly spikes: Raster } | { readonly error: string };

const KEEPS = 0.9;
const CURRENT_KEEPS = 0.8;

export function shapeOf(numbers: Numbers): number[] {
  return typeof numbers === 'number' ? [] : [numbers.length, ...shapeOf(numbers[0]!)];
}
const flat = (numbers: Numbers) => ([numbers] as unknown[]).flat(Number.POSITIVE_INFINITY) as number[];

/** [T,1,…], channels last. @param given [T,…], channels first */
export function inputOf(given: Numbers): Tensor {
  const [steps, ...axes] = shapeOf(given) as [number, ...number[]];
  const file = { data: Float64Array.from(flat(given)), shape: [steps, 1, ...axes] };
  const places = axes.slice(1).map((_, axis) => axis + 3);
  const { data, shape } = permuteArray(file, [0, 1, ...places, 2]);
  return tensor(Float64Array.from(data), shape);
}

const lif = (tau = KEEPS) => new Lif({ tau, vth: 1 });

/** Layers, and whose tensors each of them takes. */
function layersOf(name: string): { network: Module; tensors: Readonly<Record<string, string>> } {
  const dense = (first: () => Module, last: () => Module) =>
    sequential(new Linear(6, 8), first(), new Linear(8, 5), last());
  const ends = { '0': 'fc1', '2': 'fc2' };
  const cuba = () => new Spiking(cubaLif({ alpha: CURRENT_KEEPS, beta: KEEPS, vth: 1 }));
  if (name === 'dense') return { network: dense(lif, lif), tensors: ends };
  if (name === 'cuba') return { network: dense(cuba, cuba), tensors: ends };
  if (name === 'recurrent')
    return {
      network: dense(() => new Recurrent(lifNeuron({ tau: KEEPS, vth: 1 }), 8), lif),
      tensors: { ...ends, '1.feedback': 'recurrent' },
    };
  if (name === 'residual')
    return {
      network: sequential(
        new Linear(6, 8),
        lif(),
        new Residual(new Linear(8, 8)),
        lif(),
        new Linear(8, 5),
        lif(),
      ),
      tensors: { '0': 'fc1', '2.body': 'inner', '4': 'fc2' },
    };
  const conv = new Conv2d(2, 4, { stride: 2, padding: 1, bias: true });
  return {
    network: sequential(conv, lif(1), new Flatten(3), new Linear(36, 5), lif(1)),
    tensors: { '0': 'conv', '3': 'fc' },
  };
}

/** Inputs of a linear layer behind [4,3,3], counted channels last as ours, from channels first. */
function turned({ data, shape }: { data: number[]; shape: number[] }): number[] {
  const [outputs, inputs] = shape as [number, number];
  return Array.from({ length: outputs * inputs }, (_, i) => {
    const [o, at] = [Math.floor(i / inputs), i % inputs];
    return data[o * inputs + (at % 4) * 9 + Math.floor(at / 4)]!;
  });
}

function networkOf(name: string, weights: Readonly<Record<string, Numbers>>): Module {
  const { network, tensors } = layersOf(name);
  const entries = new Map<string, SafetensorsEntry>();
  for (const [layer, theirs] of Object.entries(tensors))
    for (const key of ['weight', 'bias']) {
      const given = weights[`${theirs}.${key}`];
      if (given === undefined) continue;
      const numbers = { data: flat(given), shape: shapeOf(given) };
      const data = theirs === 'fc' && key === 'weight' ? turned(numbers) : numbers.data;
      entries.set(`${layer}.${key}`, { dtype: 'F64', shape: numbers.shape, data: Float64Array.from(data) });
    }
  loadState(network, entries);
  return network.evaluate();
}

function rasterOf(y: Tensor): Raster {
  const [steps] = y.shape as [number];
  const each = y.size / steps;
  const data = Array.from(y.dataSync());
  return Array.from({ length: steps }, (_, t) => data.slice(t * each, (t + 1) * each));
}

/** Writes spikegrad-NAME.nir. @returns the spikes of the network itself */
export async function writeOurs(
  folder: string,
  name: string,
  weights: Readonly<Record<string, Numbers>>,
  given: Numbers,
): Promise<Raster> {
  const network = networkOf(name, weights);
  const x = inputOf(given);
  const graph = await toNir(network, { inputShape: x.shape.slice(2) });
  writeFileSync(join(folder, `spikegrad-${name}.nir`), await writeNir(graph));
  return rasterOf(noGrad(() => network.call(x)));
}

/** What a file gives here. */
export async function readOurs(
  path: string,
  given: Numbers,
  options: { readonly dt?: number; readonly convention?: NirConvention },
): Promise<Told> {
  try {
    const network = fromNir(await readNir(readFileSync(path)), options);
    return { spikes: rasterOf(noGrad(() => network.call(inputOf(given)))) };
  } catch (error) {
    if (error instanceof SpikegradError) return { error: error.message };
    throw error;
  }
}

export const filesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.nir'))
    .map((file) => file.slice(0, -'.nir'.length))
    .sort();
