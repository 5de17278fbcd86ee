// A plan put together for so many images and time steps: where everything lies, and the calls of each phase.

import type { ConvStep, IntegerPlan, PlanInput } from '../../integer';
import type { Engine } from '../engine';
import type { MadeKernel } from '../threads/kernels';
import { chunksOf, type ProgramCall, type ProgramChain, WHEN } from '../threads/program';
import { constantsOf, type KeptWeights, keepWeights, LayerScratch, lanesTable, layerWords } from './layer';
import { isLayer, type LayerPhase, PlanView, type StepsPhase } from './layout';
import { type LaterPlace, ValuePlaces } from './places';
import { PlanRoom, type ValuePlace } from './room';
import { inputCall, type StepMaking, stepCalls } from './steps';
import { blocksOf, type Way } from './weights';

/** Weights of so many bytes stay in a cache while images pass; of larger layers threads share the channels. */
const STAYS = 3 << 19;
/** Blocks of 16 channels that one of them takes at a time. */
const TOGETHER = 4;

/** Images that a thread takes through the network together, at most. */
const MOST_IN_A_ROW = 16;

/** What a program is put together for. */
export interface ProgramSize {
  readonly images: number;
  readonly timesteps: number;
}

interface MadePhase {
  /** Neurons whose bits it makes. */
  readonly neurons: readonly string[];
  chain(images: number): ProgramChain;
  /** Its calls for `count` images in a row, the first item's from `first` on; undefined: threads share it. */
  calls(first: number, count: number): readonly ProgramCall[] | undefined;
}

export class PlanProgram {
  readonly view: PlanView;
  readonly phases: readonly MadePhase[];
  readonly weights = new Map<string, KeptWeights>();
  readonly beyond: number;
  readonly #room: PlanRoom;
  readonly #places = new Map<string, LaterPlace>();
  readonly #inputs = new Map<string, LaterPlace>();

  constructor(
    readonly engine: Engine,
    readonly functions: ReadonlyMap<string, MadeKernel>,
    plan: IntegerPlan,
    readonly size: ProgramSize,
    ways: (step: ConvStep) => Way,
  ) {
    const { images, timesteps } = size;
    const { threads } = engine.scheduler.crew;
    const view = new PlanView(plan);
    const room = new PlanRoom(engine);
    const places = new ValuePlaces(images, threads);
    this.view = view;
    this.#room = room;
    this.beyond = room.take(64 * threads);
    const making: StepMaking = {
      view,
      room,
      places,
      timesteps,
      lanes: room.keep(lanesTable()),
      beyond: this.beyond,
      place: (name) => this.#places.get(name)!,
      weights: (step) => {
        const weights = keepWeights(room, view, step, ways(step));
        this.weights.set(step.name, weights);
        return weights;
      },
    };
    const later = view.phases.map((phase, i) => {
      places.nextPhase();
      return isLayer(phase) ? this.#layer(making, phase, i) : this.#steps(making, phase, i);
    });
    places.settle(room);
    this.phases = later.map((made) => made());
  }

  #made(making: StepMaking, name: string, phase: number): void {
    const { view, places, timesteps } = making;
    const steps = view.value(name).still ? 1 : timesteps;
    const bytes = view.planeBytes(name);
    const [, last] = view.life(name);
    this.#places.set(
      name,
      view.isScratch(name) ? places.scratch(bytes, steps) : places.value(bytes, steps, [phase, last]),
    );
  }

  #layer(making: StepMaking, { neuron, current }: LayerPhase, phase: number): () => MadePhase {
    const { view, places, room, timesteps, lanes } = making;
    const constants = room.keep(constantsOf(view, { neuron, current }));
    const convs = current.convs.map((name) => view.step(name) as ConvStep);
    const all = convs.map((step) => ({
      step,
      weights: making.weights(step),
      place: making.place(step.from[0]!),
    }));
    // those that walk along rows write what the others add to
    const sources = [...all].sort((a, b) => Number(looksUp(a.weights)) - Number(looksUp(b.weights)));
    const scratch = new LayerScratch(view, places, sources, neuron.shape[2], timesteps);
    const shortcut = current.bits[0] && making.place(current.bits[0].name);
    this.#made(making, neuron.name, phase);
    const out = making.place(neuron.name);
    const bytes = sources.reduce((sum, { weights }) => sum + weights.bytes, 0);
    return () => {
      const words = { timesteps, out, constants, neuron, lanes, sources, scratch, shortcut };
      const d = room.words(layerWords(view, neuron.shape, words));
      const blocks = blocksOf(neuron.shape[0]);
      return {
        neurons: [neuron.name],
        chain: (images) => this.#layerChain(d, images, blocks, bytes),
        calls: (first, count) =>
          this.#isShared(blocks, bytes) ? undefined : [this.#layerCall(d, first, count, blocks)],
      };
    };
  }

  /** Whether a layer is so large that threads share its channels, not the images. */
  #isShared(blocks: number, bytes: number): boolean {
    return bytes > STAYS && blocks >= TOGETHER * this.engine.scheduler.crew.threads;
  }

  /** Of `count` images in a row. */
  #layerCall(d: number, first: number, count: number, blocks: number): ProgramCall {
    const args = [
      ...fixed(d),
      first,
      count,
      0,
      0,
      ...fixed(count),
      ...fixed(0),
      ...fixed(blocks),
      ...ofThread,
    ];
    return { kernel: this.#index('integerLayer'), when: WHEN.item, args };
  }

  #layerChain(d: number, images: number, blocks: number, bytes: number): ProgramChain {
    const kernel = this.#index('integerLayer');
    const { threads } = this.engine.scheduler.crew;
    const byChannels = blocks > 1 && (images < threads || this.#isShared(blocks, bytes));
    if (!byChannels) return chain(images, [this.#layerCall(d, 0, 1, blocks)]);
    const span = Math.min(TOGETHER, Math.ceil(blocks / threads));
    const args = [
      ...[...fixed(d), ...fixed(0), ...fixed(images)],
      ...[0, span, 0, 0, span, span, 0, 0, ...ofThread], // the last ends where there are no more
    ];
    return chain(Math.ceil(blocks / span), [{ kernel, when: WHEN.item, args }]);
  }

  #steps(making: StepMaking, { inputs, steps }: StepsPhase, phase: number): () => MadePhase {
    const { room } = making;
    const calls = inputs.map((input) => {
      const bytes = 4 * input.shape.reduce((product, length) => product * length, 1);
      const real = making.places.value(bytes, input.still ? 1 : making.timesteps, [phase, phase]);
      this.#inputs.set(input.name, real);
      this.#made(making, input.name, phase);
      return inputCall(making, input, real);
    });
    for (const step of steps) {
      this.#made(making, step.name, phase);
      calls.push(...stepCalls(making, step));
    }
    return () => {
      const made = calls.map(({ kernel, words }) => ({
        kernel: this.#index(kernel),
        d: room.words(words()),
      }));
      // an image through all of them before the next: what only they see is scratch
      const callsOf = (first: number, count: number) =>
        Array.from({ length: count }, (_, k) =>
          made.map(({ kernel, d }): ProgramCall => {
            return { kernel, when: WHEN.item, args: [...fixed(d), first + k, count, 0, 0, ...ofThread] };
          }),
        ).flat();
      const neurons = steps
        .filter(({ op, kind }) => op === 'neuron' && kind === 'bits')
        .map(({ name }) => name);
      return { neurons, chain: (images) => chain(images, callsOf(0, 1)), calls: callsOf };
    };
  }

  /**
   * All phases as one: each thread takes some images through the whole network, layer by layer, and waits for nobody.
   * Fewer images than threads stay on one: waiting at every layer costs more than their work.
   * @returns undefined where threads share a layer
   */
  whole(images: number): ProgramChain[] | undefined {
    const { threads } = this.engine.scheduler.crew;
    const isAlone = threads === 1 || images < threads;
    const group = isAlone ? images : Math.min(MOST_IN_A_ROW, Math.ceil(images / threads));
    const groups = Math.floor(images / group);
    const rest = images - groups * group;
    const calls = (first: number, count: number) => this.phases.map((phase) => phase.calls(first, count));
    const all = [calls(0, group), ...(rest === 0 ? [] : [calls(groups * group, rest)])];
    if (all.some((one) => one.includes(undefined))) return undefined;
    return all.map((one, i) =>
      chain(
        i === 0 ? groups : 1,
        one.flatMap((some) => some ?? []),
      ),
    );
  }

  #index(kernel: string): number {
    return this.functions.get(kernel)!.index;
  }

  place(name: string): ValuePlace {
    return this.#places.get(name)!();
  }

  /** Where the real numbers of an input go. */
  input({ name }: PlanInput): ValuePlace {
    return this.#inputs.get(name)!();
  }

  release(): void {
    this.#room.release();
  }
}

const looksUp = ({ way }: KeptWeights): boolean => way === 'bytes' || way === 'halves';

/** Arguments of kernels: base, by item, by chunk, by thread. */
const fixed = (value: number): number[] => [value, 0, 0, 0];
const ofThread = [0, 0, 0, 1];

function chain(items: number, calls: readonly ProgramCall[]): ProgramChain {
  return { items, chunks: chunksOf(items), calls };
}
