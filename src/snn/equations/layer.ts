// A neuron of equations as a layer: it owns the learnable parameters, and where it is stateful the states between two
// calls.

import { formatShape } from '../../backends/shape';
import { full } from '../../core/create';
import type { Tensor } from '../../core/tensor';
import { check } from '../../errors';
import { aNeuronModel, isOfSpikes, isSpike, learnablesOf, type NeuronModel, outputsOf } from '../../neurons';
import type { Flow } from '../../nn/flow';
import { Module } from '../../nn/module';
import { checkKind, flag, type OptionsOf, option, optional, optionTable, whole } from '../../options';
import { Carried } from '../carried';
import { type NeuronRun, runNamed } from './run';

/** What a layer of neurons needs beside the neuron. */
export interface SpikingOptions {
  /** Entries of the last axis of its input. Needed where a parameter is learnable by channel. Default: none. */
  channels?: number;
  /**
   * Whether states are carried from one call to the next until `reset()`, for a recording that arrives in pieces;
   * gradients end at the piece (truncated BPTT). Default false: every call begins where the states start.
   */
  stateful?: boolean;
}

export const spikingOptions = optionTable({
  channels: optional(whole({ least: 1 }), 'none'),
  stateful: option(flag, false),
} satisfies OptionsOf<SpikingOptions>);

/**
 * A layer of neurons given by equations, over sequences [T,...] with the channel last. Its learnable parameters are
 * trained, saved and loaded like weights. What comes out is the first of the neuron's outputs: the spikes of one that
 * fires.
 */
export class Spiking extends Module {
  readonly model: NeuronModel;
  /** Learnable parameters by name, [] or [channels]. */
  readonly learned: Readonly<Record<string, Tensor>>;
  readonly channels: number | undefined;
  #carried: Carried | undefined;

  /** @param model what `neuron()` makes */
  constructor(model: NeuronModel, options: SpikingOptions = {}) {
    super();
    checkKind('Spiking', 'model', aNeuronModel, model);
    const { channels, stateful } = spikingOptions.read('Spiking', options);
    this.model = model;
    this.channels = channels;
    this.learned = Object.fromEntries(
      learnablesOf(model).map(({ name, value, learnable }) => {
        const isChannel = learnable!.per === 'channel';
        check(
          !isChannel || channels !== undefined,
          'Spiking',
          () => `the parameter ${name} is learnable by channel: give { channels }`,
        );
        const start = full(isChannel ? [channels!] : [], value);
        return [name, this.parameter(name, start, 'plain', learnable!.decay)];
      }),
    );
    this.#carried = stateful ? new Carried() : undefined;
    if (Object.getPrototypeOf(new.target) === Module) Object.freeze(this);
  }

  /** Whether states are kept from call to call. Changed, it forgets what is carried. */
  get stateful(): boolean {
    return this.#carried !== undefined;
  }

  set stateful(carries: boolean) {
    checkKind('Spiking', 'stateful', flag, carries);
    if (carries === this.stateful) return;
    this.#carried?.clear();
    this.#carried = carries ? new Carried() : undefined;
  }

  /** Whether the last call went on from the one before. */
  get continues(): boolean {
    return this.#carried?.before !== undefined;
  }

  /** Whether what comes out comes back as input. */
  protected get isRecurrent(): boolean {
    return false;
  }

  /** Where a call with this input starts, of a stateful layer. */
  protected startFor(x: Tensor): Readonly<Record<string, Tensor>> {
    return this.#carried?.startFor(this.constructor.name, x) ?? {};
  }

  /** Where the last call started. */
  protected get startedFrom(): Readonly<Record<string, Tensor>> {
    return this.#carried?.before ?? {};
  }

  forward(x: Tensor): Tensor {
    const { outputs, states } = this.run(x);
    const [first, ...others] = this.model.outputs.map((name) => outputs[name]!);
    for (const other of others) other.dispose();
    if (this.#carried === undefined) for (const state of Object.values(states)) state.dispose();
    else this.#carried.goOn(states);
    return first!;
  }

  /** All outputs and the last states of a sequence, from where a call would start; what is carried stays as it is. */
  run(x: Tensor): NeuronRun {
    return runNamed('Spiking', this.model, x, {
      parameters: this.learned,
      initial: this.startFor(x),
    });
  }

  /**
   * Every assigned value of the last call, by name, [T,...], from where it started.
   * @param x its input
   */
  trace(x: Tensor): Readonly<Record<string, Tensor>> {
    const { outputs, states, trace } = runNamed('Spiking', this.model, x, {
      parameters: this.learned,
      initial: this.startedFrom,
      trace: true,
    });
    for (const tensor of [...Object.values(outputs), ...Object.values(states)]) tensor.dispose();
    return trace!;
  }

  protected override forget(): void {
    this.#carried?.clear();
  }

  override outline(x: Flow): Flow {
    check(
      this.channels === undefined || x.shape === undefined || x.shape.at(-1) === this.channels,
      'Spiking',
      () => `expects ${this.channels} channels in the last axis, it is fed ${formatShape(x.shape!)}`,
    );
    const spikes = isSpike(outputsOf(this.model)[0]!.value);
    return x.layer(
      {
        kind: 'equations',
        equations: this.model.text ?? null,
        outputs: [...this.model.outputs],
        recurrent: this.isRecurrent,
        ofSpikes: isOfSpikes(outputsOf(this.model)[0]!.value),
      },
      { sequence: true, spikes },
    );
  }
}
