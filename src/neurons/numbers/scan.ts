// A neuron over T steps in plain loops, forward and backward through time, f32 or f64: block by block of neurons,
// each over all its steps. Backward runs forward once more and keeps the states of every step, of which all else
// follows.

import { derive } from '../graph/derive';
import { learnablesOf, type NeuronModel } from '../model';
import { BLOCK, type Floats, Loops } from './loops';

/** T steps of `size` numbers each, whose last axis has `channels` entries. */
export interface Sequence {
  readonly steps: number;
  readonly size: number;
  readonly channels: number;
}

type Given = readonly (Floats | undefined)[];

/** Both directions of one neuron; parameters come in the order of the model's learnable ones. */
export interface NumberScan {
  /** @param initial of each state, [size]; undefined: where the state starts */
  forward(
    x: Floats,
    sequence: Sequence,
    parameters: readonly Floats[],
    initial: Given,
  ): { readonly outputs: Floats[]; readonly last: Floats[] };
  /**
   * @param gOutput of each output, [T·size]; undefined is zero
   * @param gLast of each last state, [size]; undefined is zero
   */
  backward(
    x: Floats,
    sequence: Sequence,
    parameters: readonly Floats[],
    initial: Given,
    gOutput: Given,
    gLast: Given,
  ): { readonly x: Floats; readonly initial: Floats[]; readonly parameters: Floats[] };
}

const known = { f32: new WeakMap<NeuronModel, NumberScan>(), f64: new WeakMap<NeuronModel, NumberScan>() };

/** The loops of a neuron, made once. */
export function numberScan(model: NeuronModel, precision: 'f32' | 'f64'): NumberScan {
  const found = known[precision].get(model) ?? makeScan(model, precision);
  known[precision].set(model, found);
  return found;
}

function makeScan(model: NeuronModel, precision: 'f32' | 'f64'): NumberScan {
  const Store = precision === 'f64' ? Float64Array : Float32Array;
  const derived = derive(model, precision === 'f32');
  const { states } = model;
  const parameters = learnablesOf(model);
  const [O, S] = [derived.outputs.length, states.length];
  const forwardStep = new Loops([...derived.outputs, ...derived.next], Store);
  const chargeStep = new Loops(derived.next, Store);
  const backStep = new Loops([derived.dx, ...derived.dState, ...derived.dParameter], Store);
  const zeros = new Store(BLOCK);

  const isByChannel = parameters.some(({ learnable }) => learnable!.per === 'channel');

  /** Blocks of neurons that lie in one row of channels, where that matters. */
  function* blocks(sequence: Sequence): Generator<readonly [at: number, n: number, channel: number]> {
    const { size } = sequence;
    const channels = isByChannel ? sequence.channels : size;
    for (let at = 0, n = 0; at < size; at += n) {
      n = Math.min(BLOCK, size - at, channels - (at % channels));
      yield [at, n, at % channels];
    }
  }

  function bindParameters(programs: readonly Loops[], given: readonly Floats[], channel: number): void {
    for (const [k, { learnable, leaf }] of parameters.entries())
      for (const program of programs)
        if (learnable!.per === 'channel') program.bind(leaf.name, given[k]!, channel);
        else program.bind(leaf.name, new Store(BLOCK).fill(given[k]![0]!));
  }

  const planes = (): Floats[] => states.map(() => new Store(BLOCK));
  // states, or their gradients, and those of the next step: made once, since small runs are many
  const [now, next] = [planes(), planes()];
  const part = new Store(BLOCK);
  function begin(
    into: readonly Floats[],
    given: Given,
    start: (k: number) => number,
    at: number,
    n: number,
  ): void {
    for (const [k, plane] of into.entries()) {
      const from = given[k];
      if (from === undefined) plane.fill(start(k), 0, n);
      else plane.set(from.subarray(at, at + n));
    }
  }
  const starts = (k: number): number => states[k]!.start;

  return {
    forward(x, sequence, given, initial) {
      const { steps, size } = sequence;
      const outputs = derived.outputs.map(() => new Store(steps * size));
      const last = states.map(() => new Store(size));
      for (const [k, { leaf }] of states.entries()) forwardStep.bind(leaf.name, now[k]!);
      for (const [at, n, channel] of blocks(sequence)) {
        bindParameters([forwardStep], given, channel);
        begin(now, initial, starts, at, n);
        for (let t = 0; t < steps; t++) {
          forwardStep.bind('x', x, t * size + at);
          forwardStep.run(n);
          for (const [k, output] of outputs.entries()) forwardStep.take(k, output, t * size + at, n);
          step(forwardStep, O, n);
        }
        for (const [k, plane] of now.entries()) last[k]!.set(plane.subarray(0, n), at);
      }
      return { outputs, last };
    },

    backward(x, sequence, given, initial, gOutput, gLast) {
      const { steps, size } = sequence;
      const dx = new Store(steps * size);
      const dInitial = states.map(() => new Store(size));
      // sums of many terms, in doubles
      const sums = parameters.map((_, k) => new Float64Array(given[k]!.length));
      const kept = Array.from({ length: steps }, planes);
      for (const [k, g] of derived.gNext.entries()) backStep.bind(g.name, now[k]!);
      for (const [at, n, channel] of blocks(sequence)) {
        bindParameters([chargeStep, backStep], given, channel);
        if (steps > 0) begin(kept[0]!, initial, starts, at, n);
        for (let t = 0; t + 1 < steps; t++) {
          bindStates(chargeStep, kept[t]!);
          chargeStep.bind('x', x, t * size + at);
          chargeStep.run(n);
          for (const [k, plane] of kept[t + 1]!.entries()) chargeStep.take(k, plane, 0, n);
        }
        begin(now, gLast, () => 0, at, n);
        for (let t = steps - 1; t >= 0; t--) {
          bindStates(backStep, kept[t]!);
          backStep.bind('x', x, t * size + at);
          for (const [k, g] of derived.gOutput.entries()) {
            const from = gOutput[k];
            backStep.bind(g.name, from ?? zeros, from === undefined ? 0 : t * size + at);
          }
          backStep.run(n);
          backStep.take(0, dx, t * size + at, n);
          for (const [k, { learnable }] of parameters.entries()) {
            backStep.take(1 + S + k, part, 0, n);
            const into = sums[k]!;
            const isChannel = learnable!.per === 'channel';
            for (let i = 0; i < n; i++) into[isChannel ? channel + i : 0]! += part[i]!;
          }
          step(backStep, 1, n);
        }
        for (const [k, plane] of now.entries()) dInitial[k]!.set(plane.subarray(0, n), at);
      }
      return { x: dx, initial: dInitial, parameters: sums.map((sum) => Store.from(sum)) };
    },
  };

  function bindStates(program: Loops, planes: readonly Floats[]): void {
    for (const [k, { leaf }] of states.entries()) program.bind(leaf.name, planes[k]!);
  }

  /** The roots from `first` on take the states' place: all are computed before any is stored. */
  function step(program: Loops, first: number, n: number): void {
    for (let k = 0; k < S; k++) program.take(first + k, next[k]!, 0, n);
    for (let k = 0; k < S; k++) {
      const [to, from] = [now[k]!, next[k]!];
      for (let i = 0; i < n; i++) to[i] = from[i]!;
    }
  }
}
