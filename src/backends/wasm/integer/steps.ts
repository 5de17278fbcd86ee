// What the general kernels of integers are told of each step: kernels/integer/{numbers,currents,bits}.ts say which word
// means what.

import type {
  ConvStep,
  CountStep,
  GateStep,
  MaxStep,
  NeuronStep,
  PlanInput,
  PlanStep,
  SumStep,
} from '../../integer';
import { type KeptWeights, LayerScratch, layerWords, paddedSize } from './layer';
import type { PlanView } from './layout';
import type { LaterPlace, ValuePlaces } from './places';
import { floatWord, type PlanRoom, wordsOf } from './room';
import { BLOCK, blocksOf, groupsOf, pairWeights } from './weights';

/** A kernel, and its words once everything has its place. */
export interface StepCall {
  readonly kernel: string;
  readonly words: () => number[];
}

/** What steps are put together with. */
export interface StepMaking {
  readonly view: PlanView;
  readonly room: PlanRoom;
  readonly places: ValuePlaces;
  readonly timesteps: number;
  readonly lanes: number;
  /** Where each thread counts what is beyond its input's range, 64 bytes apart. */
  readonly beyond: number;
  place(name: string): LaterPlace;
  weights(step: ConvStep): KeptWeights;
}

const stepsOf = ({ timesteps }: StepMaking, { still }: { readonly still: boolean }): number =>
  still ? 1 : timesteps;

/** By channel, as many as there are in whole blocks. */
function padded(values: Int32Array, fill = 0): Int32Array {
  const all = new Int32Array(blocksOf(values.length) * BLOCK).fill(fill);
  all.set(values);
  return all;
}

/** @param real where the numbers of all images lie, [N][T][H][W][C] */
export function inputCall(making: StepMaking, input: PlanInput, real: LaterPlace): StepCall {
  const [channels, height, width] = input.shape;
  const [T, out] = [stepsOf(making, input), making.place(input.name)];
  if (input.kind === 'bits')
    return {
      kernel: 'integerPack',
      words: () => [T, height, width, channels, ...wordsOf(real()), ...wordsOf(out()), groupsOf(channels)],
    };
  const { scale, most } = input;
  return {
    kernel: 'integerRound',
    words: () => [
      ...[T, height, width, channels, ...wordsOf(real()), ...wordsOf(out())],
      ...[making.view.pixelBytes(input.name), floatWord(scale), floatWord(most), making.beyond],
    ],
  };
}

export function stepCalls(making: StepMaking, step: PlanStep): StepCall[] {
  switch (step.op) {
    case 'conv':
      return making.view.value(step.from[0]!).kind === 'bits'
        ? [pickedCall(making, step)]
        : productCalls(making, step);
    case 'sum':
      return sumCalls(making, step);
    case 'count':
    case 'max':
      return [windowCall(making, step)];
    case 'neuron':
      return [neuronCall(making, step)];
    default:
      return [gateCall(making, step)];
  }
}

function pickedCall(making: StepMaking, step: ConvStep): StepCall {
  const { view, places, room, lanes } = making;
  const timesteps = stepsOf(making, step);
  const sources = [{ step, weights: making.weights(step), place: making.place(step.from[0]!) }];
  const scratch = new LayerScratch(view, places, sources, step.shape[2], timesteps);
  const constants = room.keep(padded(step.bias));
  const out = making.place(step.name);
  return {
    kernel: 'integerPicked',
    words: () => layerWords(view, step.shape, { timesteps, out, constants, lanes, sources, scratch }),
  };
}

function productCalls(making: StepMaking, step: ConvStep): StepCall[] {
  const { view, places, room } = making;
  const from = step.from[0]!;
  const [channels, height, width] = view.shape(from);
  const pixel = view.pixelBytes(from);
  const size = paddedSize(step, height, width);
  const { weights: pairs, offsets, starts } = pairWeights(step, channels, size.width, pixel);
  const first = room.keep(offsets);
  const weights = room.keep(pairs);
  const begins = room.words(starts.map((start) => first + 4 * start));
  const bias = room.keep(padded(step.bias));
  const T = stepsOf(making, step);
  const bytes = size.height * size.width * pixel;
  const copy = places.scratch(bytes + 16 * pixel, T);
  const [x, out] = [making.place(from), making.place(step.name)];
  const [outHeight, outWidth] = step.shape.slice(1) as [number, number];
  const line = size.width * pixel;
  return [
    {
      kernel: 'integerPad',
      words: () => [
        ...[T, height, width * pixel, 0, ...wordsOf(x()), ...wordsOf(copy())],
        ...[step.padding[0] * line, step.padding[1] * pixel, line, bytes],
      ],
    },
    {
      kernel: 'integerProducts',
      words: () => [
        ...[T, outHeight, outWidth, blocksOf(step.shape[0]), ...wordsOf(copy()), ...wordsOf(out())],
        ...[weights, begins, bias, step.stride[0] * line, step.stride[1] * pixel],
      ],
    },
  ];
}

const KINDS = { bits: 0, numbers: 1, currents: 2 } as const;

function sumCalls(making: StepMaking, step: SumStep): StepCall[] {
  const { view, room } = making;
  const [channels, height, width] = step.shape;
  const out = making.place(step.name);
  const T = stepsOf(making, step);
  return step.from.map((name, term) => {
    const { kind } = view.value(name);
    const x = making.place(name);
    const own = step.times[term];
    const times = own === undefined ? 0 : room.keep(padded(own));
    const bias = term > 0 || step.bias === undefined ? 0 : room.keep(padded(step.bias));
    const pitch = kind === 'bits' ? groupsOf(channels) : view.pixelBytes(name);
    return {
      kernel: 'integerAdd',
      words: () => [
        ...[T, height, width, blocksOf(channels), ...wordsOf(x()), ...wordsOf(out())],
        ...[KINDS[kind], pitch, times, bias, Number(term > 0), Number(step.kind === 'numbers')],
      ],
    };
  });
}

function windowCall(making: StepMaking, step: CountStep | MaxStep): StepCall {
  const { view } = making;
  const from = step.from[0]!;
  const { kind } = view.value(from);
  const [channels, height, width] = view.shape(from);
  const [, outHeight, outWidth] = step.shape;
  const [x, out] = [making.place(from), making.place(step.name)];
  const T = stepsOf(making, step);
  const { window, stride, padding, dilation } = step;
  const places = () => [...wordsOf(x()), ...wordsOf(out()), height, width];
  const grid = [...window, ...stride, ...padding];
  if (kind === 'currents')
    return {
      kernel: 'integerWindows',
      words: () => [
        ...[T, outHeight, outWidth, blocksOf(channels), ...places(), ...grid, ...dilation],
        Number(step.op === 'max'),
      ],
    };
  if (step.op === 'max')
    return {
      kernel: 'integerAny',
      words: () => [T, outHeight, outWidth, groupsOf(channels), ...places(), ...grid, ...dilation],
    };
  const groups = kind === 'bits' ? groupsOf(channels) : 0;
  return {
    kernel: 'integerCount',
    words: () => [T, outHeight, outWidth, blocksOf(channels) * BLOCK, ...places(), groups, ...grid],
  };
}

function neuronCall(making: StepMaking, step: NeuronStep): StepCall {
  const { room, timesteps } = making;
  const [channels, height, width] = step.shape;
  const [x, out] = [making.place(step.from[0]!), making.place(step.name)];
  const offset = room.keep(padded(step.offset));
  const limit = step.limit === undefined ? 0 : room.keep(padded(step.limit, 2 ** 31 - 1));
  const drop = room.keep(padded(step.drop));
  return {
    kernel: 'integerFire',
    words: () => [
      ...[timesteps, height, width, blocksOf(channels), ...wordsOf(x()), ...wordsOf(out())],
      ...[offset, limit, drop, step.keep, Number(step.soft), Number(step.limit !== undefined)],
    ],
  };
}

function gateCall(making: StepMaking, step: GateStep): StepCall {
  const [a, b, out] = [making.place(step.from[0]!), making.place(step.from[1]!), making.place(step.name)];
  const bytes = making.view.planeBytes(step.name);
  return {
    kernel: 'integerGate',
    words: () => [
      ...[stepsOf(making, step), bytes, Number(step.op === 'iand'), 0],
      ...[...wordsOf(a()), ...wordsOf(out()), ...wordsOf(b())],
    ],
  };
}
