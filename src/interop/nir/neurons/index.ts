// A NIR neuron as a layer: its equations (model.ts) over sequences, with what is its own of each neuron.

import { sizeOf } from '../../../backends/shape';
import type { Tensor } from '../../../core/tensor';
import { check } from '../../../errors';
import type { NeuronModel } from '../../../neurons';
import { broadcastTo, reshape } from '../../../ops/layout';
import { runNeuron } from '../../../snn/equations';
import { channelLast, describeNode, FROM, type NamedNode } from '../attributes';
import type { NirConvention } from '../convention';
import { NirLayer } from '../layer';
import { neuronConstants } from './constants';
import { nirModel } from './model';

export class NirNeuron extends NirLayer {
  readonly model: NeuronModel;
  /** Whether it gives spikes, and not its membrane. */
  readonly fires: boolean;
  readonly #named: NamedNode;
  readonly #constants: ReadonlyMap<string, Tensor>;
  /** Axes of the file's constants, channels last; ones stand for any length. */
  readonly #shape: readonly number[];
  /** Where the membrane begins, where that is not 0. */
  readonly #start: Tensor | undefined;
  #states: Readonly<Record<string, Tensor>> | undefined;

  /** @param dt seconds of a time step */
  constructor(named: NamedNode, dt: number, convention?: NirConvention) {
    super();
    this.#named = named;
    const found = neuronConstants(named, dt, convention);
    const { model, constants } = nirModel(found);
    this.model = model;
    this.fires = found.spike !== undefined;
    this.#shape = channelLast(found.drive).shape;
    this.#constants = new Map([...constants].map(([name, values]) => [name, this.constant(name, values)]));
    this.#start = found.start && this.constant('start', channelLast(found.start));
  }

  protected override forget(): void {
    this.#states = undefined;
  }

  override get restShape(): readonly number[] {
    return this.#shape;
  }

  forward(x: Tensor): Tensor {
    const wanted = this.#shape;
    const inner = x.shape.slice(2);
    check(
      wanted.every((length, i) => length === 1 || length === x.shape.at(i - wanted.length)),
      FROM,
      () => `${describeNode(this.#named)} has parameters [${wanted}] (channels last), it is fed [${inner}]`,
    );
    // every neuron with numbers of its own is a channel of its own
    const isFlat = [...this.#constants.values()].some(({ shape }) => sizeOf(shape.slice(0, -1)) > 1);
    const flat = isFlat ? [sizeOf(inner)] : inner;
    const every = (values: Tensor) =>
      isFlat
        ? reshape(broadcastTo(values, inner), flat)
        : broadcastTo(reshape(values, [values.size]), inner.slice(-1));
    const begun = () =>
      this.#start && { v: reshape(broadcastTo(this.#start, x.shape.slice(1)), [x.shape[1]!, ...flat]) };
    const { outputs, states } = runNeuron(this.model, reshape(x, [...x.shape.slice(0, 2), ...flat]), {
      initial: this.#states ?? begun() ?? {},
      parameters: Object.fromEntries([...this.#constants].map(([name, values]) => [name, every(values)])),
    });
    this.#states = states;
    return reshape(outputs[this.model.outputs[0]!]!, x.shape);
  }
}
