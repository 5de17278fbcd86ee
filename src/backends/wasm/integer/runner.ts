// Runs a plan on the engine's threads: real numbers in, a phase after another over all images, integers out. Which way
// layers go is chosen anew once their firing rates are known.

import { check } from '../../../errors';
import type { ConvStep, IntegerPlan, IntegerRunner, PlanOutput, PlanValues, StepWay } from '../../integer';
import { sizeOf } from '../../shape';
import type { Engine } from '../engine';
import type { MadeKernel } from '../threads/kernels';
import { isLayer } from './layout';
import { PlanProgram } from './program';
import { wayOf } from './ways';
import { BLOCK, blocksOf, groupsOf, type Way } from './weights';

/** Images that go through the network together. */
const TOGETHER = 64;
/** Of spikes that go into a layer, before it has run. */
const GUESSED_RATE = 0.2;

export class WasmRunner implements IntegerRunner {
  #program: PlanProgram | undefined;
  /** By neuron, of what ran first. */
  #rates = new Map<string, number>();

  constructor(
    readonly engine: Engine,
    readonly functions: ReadonlyMap<string, MadeKernel>,
    readonly plan: IntegerPlan,
  ) {}

  run(
    values: PlanValues,
    images: number,
    timesteps: number,
    rates?: (name: string, rate: number) => void,
  ): Int32Array[] {
    const { plan, engine } = this;
    engine.scheduler.flush();
    engine.scheduler.finish();
    const outputs = plan.outputs.map((output) => {
      const planes = isSummed(output, plan) || isStill(output, plan) ? 1 : timesteps;
      return new Int32Array(planes * images * sizeOf(valueNamed(plan, output.name).shape));
    });
    const seen = new Map<string, number>();
    for (let from = 0; from < images; from += TOGETHER) {
      const count = Math.min(TOGETHER, images - from);
      const isNew = this.#rates.size === 0;
      const program = this.#programFor(Math.min(TOGETHER, images), timesteps);
      this.#give(program, values, from, count, images);
      const counted = isNew || rates !== undefined ? seen : undefined;
      this.#phases(program, count, counted, count / images);
      this.#checkRange(program);
      this.#take(program, outputs, from, count, images);
      if (isNew) this.#learn(program, seen, count / images);
    }
    if (rates !== undefined) for (const [name, rate] of seen) rates(name, rate);
    return outputs;
  }

  /** The program, made anew where it was for fewer images or another number of steps. */
  #programFor(images: number, timesteps: number): PlanProgram {
    const known = this.#program;
    if (known !== undefined && known.size.images >= images && known.size.timesteps === timesteps)
      return known;
    known?.release();
    this.#program = undefined;
    const size = { images, timesteps };
    const ways = (step: ConvStep) => this.#way(step, images * timesteps);
    this.#program = new PlanProgram(this.engine, this.functions, this.plan, size, ways);
    return this.#program;
  }

  #way(step: ConvStep, planes: number): Way {
    const from = valueNamed(this.plan, step.from[0]!);
    return wayOf(step, from.shape[0], this.#rates.get(from.name) ?? GUESSED_RATE, planes);
  }

  /** Keeps the rates of what ran first; where another way is better, the program is made anew. */
  #learn({ size, weights }: PlanProgram, seen: ReadonlyMap<string, number>, share: number): void {
    for (const [name, rate] of seen) this.#rates.set(name, rate / share);
    const changes = [...weights].some(([name, { way }]) => {
      const step = valueNamed(this.plan, name) as ConvStep;
      return this.#way(step, size.images * size.timesteps) !== way;
    });
    if (!changes) return;
    this.#program?.release();
    this.#program = undefined;
  }

  #give(program: PlanProgram, values: PlanValues, from: number, count: number, images: number): void {
    const { heap } = this.engine;
    this.plan.inputs.forEach((input, i) => {
      const { address, image, step } = program.input(input);
      const size = sizeOf(input.shape);
      const steps = input.still ? 1 : program.size.timesteps;
      const given = values[i]!;
      for (let n = 0; n < count; n++)
        for (let t = 0; t < steps; t++) {
          const at = (t * images + from + n) * size;
          heap.f32(address + n * image + t * step, size).set(given.subarray(at, at + size));
        }
    });
    heap.bytes(program.beyond, 64 * this.engine.scheduler.crew.threads).fill(0);
  }

  #phases(program: PlanProgram, count: number, seen: Map<string, number> | undefined, share: number): void {
    const { crew } = this.engine.scheduler;
    const whole = seen === undefined ? program.whole(count) : undefined;
    if (whole !== undefined && crew.fits(whole)) {
      crew.start(whole);
      crew.finish();
      return;
    }
    for (const { chain, neurons } of program.phases) {
      const made = chain(count);
      if (made.calls.length === 0) continue;
      crew.start([made]);
      crew.finish();
      if (seen === undefined) continue;
      for (const name of neurons)
        seen.set(name, (seen.get(name) ?? 0) + share * this.#rateOf(program, name, count));
    }
  }

  /** Share of the values of a neuron that are spikes. */
  #rateOf(program: PlanProgram, name: string, count: number): number {
    const { address, image } = program.place(name);
    const { timesteps } = program.size;
    const bytes = program.view.planeBytes(name) * timesteps;
    let spikes = 0;
    for (let n = 0; n < count; n++)
      spikes += this.engine.compute('countSpikes', { bits: address + n * image, bytes });
    return spikes / (count * timesteps * sizeOf(program.view.shape(name)));
  }

  #checkRange(program: PlanProgram): void {
    const { heap, scheduler } = this.engine;
    let beyond = 0;
    for (let thread = 0; thread < scheduler.crew.threads; thread++)
      beyond += heap
        .bytes(program.beyond + 64 * thread, 4)
        .reduce((sum, byte, i) => sum + byte * 256 ** i, 0);
    const [input] = this.plan.inputs;
    check(
      beyond === 0,
      'compile',
      () =>
        `${beyond} numbers that go in lie beyond ${input!.most / input!.scale}, for which the integers were proved: give compile a larger inputRange`,
    );
  }

  /** Integers of the images just computed, [T,N,C,H,W]. */
  #take(program: PlanProgram, outputs: Int32Array[], from: number, count: number, images: number): void {
    this.plan.outputs.forEach((output, i) => {
      const out = outputs[i]!;
      const { shape, still } = valueNamed(this.plan, output.name);
      const size = sizeOf(shape);
      const summed = isSummed(output, this.plan);
      const plane = new Int32Array(size);
      for (let n = 0; n < count; n++)
        for (let t = 0; t < (still ? 1 : program.size.timesteps); t++) {
          this.#plane(program, output.name, n, t, plane);
          const at = ((summed ? 0 : t) * images + from + n) * size;
          for (let k = 0; k < size; k++) out[at + k]! += plane[k]!;
        }
    });
  }

  #plane(program: PlanProgram, name: string, image: number, t: number, plane: Int32Array): void {
    const { view } = program;
    const place = program.place(name);
    const { kind, shape } = view.value(name);
    const [channels, height, width] = shape;
    const address = place.address + image * place.image + t * place.step;
    const bytes = this.engine.heap.bytes(address, view.planeBytes(name));
    const area = height * width;
    if (kind === 'bits') {
      const groups = groupsOf(channels);
      for (let c = 0; c < channels; c++)
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++)
            plane[c * area + y * width + x] = (bytes[(y * groups + (c >> 3)) * width + x]! >> (c & 7)) & 1;
      return;
    }
    const per = kind === 'currents' ? 4 : 2;
    const pixel = view.pixelBytes(name) / per;
    const numbers =
      per === 4
        ? new Int32Array(bytes.buffer, bytes.byteOffset, area * pixel)
        : new Int16Array(bytes.buffer, bytes.byteOffset, area * pixel);
    for (let c = 0; c < channels; c++)
      for (let i = 0; i < area; i++) plane[c * area + i] = numbers[i * pixel + c]!;
  }

  ways(): ReadonlyMap<string, StepWay> {
    const found = new Map<string, StepWay>();
    const program = this.#program;
    for (const phase of program?.view.phases ?? []) {
      const steps = isLayer(phase) ? [] : phase.steps.map(({ name }) => name);
      for (const name of steps) found.set(name, { way: 'planes of 32 bits', bytes: 0 });
      if (!isLayer(phase)) continue;
      for (const name of [phase.neuron.name, phase.current.sum])
        if (name !== undefined) found.set(name, { way: 'rows of 16 bits', bytes: 0 });
    }
    for (const [name, { way, bytes }] of program?.weights ?? []) found.set(name, { way: WORDS[way], bytes });
    for (const step of this.plan.steps)
      if (step.op === 'conv' && !program?.weights.has(step.name))
        found.set(step.name, {
          way: 'products',
          bytes: 2 * blocksOf(step.shape[0]) * BLOCK * (step.weight.length / step.shape[0]),
        });
    return found;
  }

  dispose(): void {
    this.#program?.release();
    this.#program = undefined;
  }
}

const WORDS: Readonly<Record<Way, string>> = {
  tables: 'tables of 8 channels, along rows',
  quads: 'lists of 4 channels, along rows',
  events: 'lists of channels, along rows',
  bytes: 'tables of 8 channels, tap by tap',
  halves: 'tables of 4 channels, tap by tap',
};

const valueNamed = (plan: IntegerPlan, name: string) =>
  [...plan.inputs, ...plan.steps].find((one) => one.name === name)!;

const isStill = ({ name }: PlanOutput, plan: IntegerPlan): boolean => valueNamed(plan, name).still;
const isSummed = (output: PlanOutput, plan: IntegerPlan): boolean =>
  output.overTime && !isStill(output, plan);
