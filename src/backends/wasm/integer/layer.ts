// What kernels/integer/layer.ts is told of a neuron with its current, or of a convolution of bits whose sums others
// take.

import type { ConvStep, NeuronStep } from '../../integer';
import type { LayerPhase, PlanView } from './layout';
import type { LaterPlace, ValuePlaces } from './places';
import { type PlanRoom, wordsOf } from './room';
import {
  BLOCK,
  blocksOf,
  groupsOf,
  listTable,
  pickedWeights,
  rowWeights,
  unitsOfByte,
  type Way,
} from './weights';

const WAYS: Readonly<Record<Way, number>> = { bytes: 0, halves: 1, tables: 2, quads: 3, events: 3 };
/** Words in front of the sources, and of each. */
const HEAD = 24;
const SOURCE = 24;

/** A convolution's weights in memory, as one way of walking wants them. */
export interface KeptWeights {
  readonly way: Way;
  readonly bytes: number;
  readonly address: number;
  readonly blockBytes: number;
  readonly starts: number;
  readonly table: number;
}

export interface Padding {
  readonly height: number;
  readonly width: number;
}

/** The size with zeros around, of which every window lies within. */
export function paddedSize(step: ConvStep, height: number, width: number): Padding {
  const reach = (axis: 0 | 1) =>
    (step.shape[axis + 1]! - 1) * step.stride[axis] + (step.window[axis] - 1) * step.dilation[axis] + 1;
  return {
    height: Math.max(height + 2 * step.padding[0], reach(0)),
    width: Math.max(width + 2 * step.padding[1], reach(1)),
  };
}

export function keepWeights(room: PlanRoom, view: PlanView, step: ConvStep, way: Way): KeptWeights {
  const [channels, height, width] = view.shape(step.from[0]!);
  if (way === 'bytes' || way === 'halves') {
    const { weights, entries, starts } = pickedWeights(
      step,
      channels,
      paddedSize(step, height, width).width,
      way,
    );
    const first = room.keep(entries);
    return {
      way,
      bytes: weights.byteLength + entries.byteLength,
      address: room.keep(weights),
      blockBytes: 0,
      starts: room.words(starts.map((start) => first + 8 * start)),
      table: 0,
    };
  }
  const { weights, blockBytes } = rowWeights(step, channels, way);
  const table = way === 'tables' ? 0 : room.keep(listTable(way));
  return { way, bytes: weights.byteLength, address: room.keep(weights), blockBytes, starts: 0, table };
}

/** Constants of 16 channels: offset, limit, one, drop, keep. */
export function constantsOf(view: PlanView, { neuron, current }: LayerPhase): Int16Array {
  const [channels] = neuron.shape;
  const constants = new Int16Array(blocksOf(channels) * 5 * BLOCK);
  const convs = current.convs.map((name) => view.step(name) as ConvStep);
  const sum = current.sum === undefined ? undefined : view.step(current.sum);
  const own = sum?.op === 'sum' ? sum : undefined;
  const [added] = current.bits;
  const one = added === undefined ? undefined : own!.times[added.term];
  for (let c = 0; c < blocksOf(channels) * BLOCK; c++) {
    const at = Math.floor(c / BLOCK) * 5 * BLOCK + (c % BLOCK);
    const isThere = c < channels;
    const bias = convs.reduce((all, { bias }) => all + (bias[c] ?? 0), own?.bias?.[c] ?? 0);
    constants[at] = isThere ? bias + neuron.offset[c]! : 0;
    constants[at + BLOCK] = isThere ? neuron.limit![c]! : 32767;
    constants[at + 2 * BLOCK] = isThere && added !== undefined ? (one?.[c] ?? 1) : 0;
    constants[at + 3 * BLOCK] = isThere ? neuron.drop[c]! : 0;
    constants[at + 4 * BLOCK] = neuron.keep; // of no use where it is 2^15: leakOf
  }
  return constants;
}

export const resetOf = ({ soft, drop }: NeuronStep): number =>
  soft ? 2 : drop.every((one) => one === 0) ? 0 : 1;

/** How kernels/integer/fire.ts computes what is left of V. */
function leakOf({ keep, limit, drop, soft }: NeuronStep): number {
  if (keep === 32768) return 1;
  // V is what did not fire, or what a reset leaves of at most 32767
  const mostV = drop.map((one, c) => Math.max(limit![c]!, soft ? 32767 - one : one));
  return keep === 8192 && mostV.every((most) => most <= 32767 - 2) ? 2 : 0;
}

/** A source of sums. */
export interface LayerSource {
  readonly step: ConvStep;
  readonly weights: KeptWeights;
  readonly place: LaterPlace;
}

/** Scratch of a layer: a row of currents and one of potentials, then what each source prepares. */
export class LayerScratch {
  readonly #offsets: number[] = [];
  readonly place: LaterPlace;

  constructor(
    view: PlanView,
    places: ValuePlaces,
    sources: readonly LayerSource[],
    width: number,
    timesteps: number,
  ) {
    let bytes = 64 + 2 * 32 * (width + 4);
    for (const { step, weights } of sources) {
      this.#offsets.push(bytes);
      const [channels, height, own] = view.shape(step.from[0]!);
      const groups = groupsOf(channels);
      if (weights.table !== 0) {
        // of every pixel the rows of three lines at most, and a store that reaches beyond the last
        const entries = 3 * groups * (weights.way === 'quads' ? 2 : 8);
        bytes += height * timesteps * ((own + 1) * 4 + own * entries * 2) + 128;
      } else if (weights.way !== 'tables') {
        const padded = paddedSize(step, height, own);
        bytes += timesteps * padded.height * padded.width * groups + 64;
      }
      bytes = Math.ceil(bytes / 64) * 64;
    }
    this.place = places.scratch(bytes);
  }

  offset(source: number): number {
    return this.#offsets[source]!;
  }
}

function sourceWords(view: PlanView, { step, weights, place }: LayerSource, offset: number): number[] {
  const [channels, height, width] = view.shape(step.from[0]!);
  const groups = groupsOf(channels);
  const padded = paddedSize(step, height, width);
  const isList = weights.table !== 0;
  const words = [
    ...[WAYS[weights.way], ...wordsOf(place()), height, width, groups],
    ...[weights.address, weights.blockBytes, weights.starts],
    ...[step.stride[0], step.stride[1], step.padding[0], step.padding[1], padded.height, padded.width],
    ...[offset, padded.height * padded.width * groups],
    ...[isList ? unitsOfByte(weights.way as 'quads' | 'events') : 0, weights.table, offset],
  ];
  return [...words, ...new Array<number>(SOURCE - words.length).fill(0)];
}

/** What a layer's kernel is told that all kinds of it have. */
export interface LayerWords {
  readonly timesteps: number;
  readonly out: LaterPlace;
  readonly constants: number;
  readonly neuron?: NeuronStep;
  readonly lanes: number;
  readonly shortcut?: LaterPlace;
  readonly sources: readonly LayerSource[];
  readonly scratch: LayerScratch;
}

export function layerWords(view: PlanView, shape: readonly number[], layer: LayerWords): number[] {
  const { timesteps, out, constants, neuron, lanes, shortcut, sources, scratch } = layer;
  const [channels, height, width] = shape as [number, number, number];
  const { address, thread } = scratch.place();
  const head = [
    ...[timesteps, height, width, blocksOf(channels)],
    ...[...wordsOf(out()), groupsOf(channels)],
    ...[constants, ...(neuron === undefined ? [0, 0] : [leakOf(neuron), resetOf(neuron)])],
    ...[lanes, Number(shortcut !== undefined)],
    ...(shortcut === undefined ? [0, 0, 0, 0] : wordsOf(shortcut())),
    ...[sources.length, address, thread],
  ];
  return [
    ...head,
    ...new Array<number>(HEAD - head.length).fill(0),
    ...sources.flatMap((source, i) => sourceWords(view, source, scratch.offset(i))),
  ];
}

/** [256][8] of 16 bits: -1 where a bit of the byte is set. */
export function lanesTable(): Int16Array {
  return Int16Array.from({ length: 2048 }, (_, i) => -(((i >> 3) >> (i & 7)) & 1));
}
