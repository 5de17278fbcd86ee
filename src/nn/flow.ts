// A value on its way through a network, known by its shape alone. Modules send it on as their forward sends tensors,
// and each layer that it passes is written down.

import { formatShape, type Shape, sameShape } from '../backends/shape';
import type { Tensor } from '../core/tensor';
import { check, SpikegradError } from '../errors';
import { INPUT, type LayerDescription, type LayerKind } from './description';
import type { Module } from './module';

/** What is known of a value. */
export interface FlowValue {
  /** Of one image at one time step, channels last: [H,W,C] or [N]. Undefined where it is not known. */
  readonly shape?: Shape;
  /** Whether it has a time axis. */
  readonly sequence: boolean;
  /** T, where it is known. */
  readonly timesteps?: number;
  /** Whether it is zeros and ones. */
  readonly spikes: boolean;
}

/** What a layer makes of a value. What is left out is as before, but for spikes: they are lost. */
export interface LayerResult extends Partial<FlowValue> {
  /** Dense multiply-accumulates of one image at one time step; undefined where they are not known. Left out: none. */
  readonly operations?: number | undefined;
}

/** What is done to values that become one, for messages. */
const JOINED = { sum: 'added up', and: 'multiplied', iand: 'multiplied' } as const;

const typeOf = (module: Module): string => module.constructor.name || 'unnamed class';

/** Whether `forward` was written anew below the class that says how a value flows, which then says nothing of it. */
function isUntold(module: Module): boolean {
  for (let part: object = module; part !== null; part = Object.getPrototypeOf(part) as object) {
    if (Object.hasOwn(part, 'outline')) return false;
    if (Object.hasOwn(part, 'forward')) return true;
  }
  return true;
}

/** The places that were passed, and where the outline stands. */
export class FlowBook {
  readonly layers: LayerDescription[] = [];
  readonly #places = new Set([INPUT]);
  readonly #counted = new Set<Tensor>();
  readonly #names: ReadonlyMap<Module, string>;
  readonly #told = new WeakSet<object>();
  #module: Module;
  #path = '';
  /** Whether a layer takes time steps of what none was made for: then it is sequences that go in. */
  #takesSequences = false;

  /** @param where the function that messages name */
  constructor(
    readonly where: string,
    network: Module,
  ) {
    this.#module = network;
    this.#names = new Map([...network.modules()].map(([path, module]) => [module, path]));
  }

  /** The current module's own outline. */
  outline(x: Flow): Flow {
    const module = this.#module;
    try {
      return isUntold(module) ? this.unknown(x) : module.outline(x);
    } catch (error) {
      if (!(error instanceof SpikegradError) || this.#told.has(error)) throw error;
      const place = this.#path === '' ? typeOf(module) : `layer ${this.#path} (${typeOf(module)})`;
      const told = new SpikegradError(this.where, `${place}: ${error.problem}`, { cause: error });
      this.#told.add(told);
      throw told;
    }
  }

  /** The outline of a module below the current one. */
  enter(module: Module, name: string | undefined, x: Flow): Flow {
    const [outer, path] = [this.#module, this.#path];
    const own = name ?? [...outer.modules()].find(([, below]) => below === module)?.[0];
    check(
      own !== undefined && own !== '',
      this.where,
      () =>
        `${typeOf(outer)} sends values through a ${typeOf(module)} that is none of its layers; register it: this.child('name', layer)`,
    );
    this.#module = module;
    this.#path = path === '' ? own : `${path}.${own}`;
    const y = this.outline(x);
    this.#module = outer;
    this.#path = path;
    return y;
  }

  /** A layer that does not say what it computes, and those below it. */
  unknown(x: Flow): Flow {
    const module = this.#module;
    const own = [...module.state()].filter(([name]) => !name.includes('.')).map(([, entry]) => entry);
    const parameters = own.filter(({ trainable }) => trainable).map(({ tensor }) => tensor);
    const y = this.#add({ kind: 'custom' }, [x], { sequence: x.sequence, spikes: false }, parameters);
    const nowhere = new Flow(this, [], { sequence: x.sequence, spikes: false });
    for (const [name, child] of module.modules())
      if (name !== '' && !name.includes('.')) this.enter(child, name, nowhere);
    return y;
  }

  layer(kind: LayerKind, x: Flow, result: LayerResult): Flow {
    const operations = 'operations' in result ? result.operations : 0;
    const { shape, sequence, timesteps } = { ...x.value, ...result };
    const value = { shape, sequence, timesteps, spikes: result.spikes ?? false };
    if (sequence && !x.sequence && kind.kind !== 'repeat') this.#takesSequences = true;
    return this.#add(kind, [x], value, this.#module.parameters(), operations);
  }

  /** Two or more values become one, number by number. */
  join(how: 'sum' | 'and' | 'iand', parts: readonly Flow[]): Flow {
    const [first, ...others] = parts as [Flow, ...Flow[]];
    for (const { value } of others) {
      const { shape } = first.value;
      check(
        shape === undefined || value.shape === undefined || sameShape(shape, value.shape),
        this.where,
        () => `values of ${formatShape(shape!)} and ${formatShape(value.shape!)} are ${JOINED[how]}`,
      );
      check(
        first.value.sequence === value.sequence || this.#takesSequences,
        this.where,
        () => `a sequence and a value without time axis are ${JOINED[how]}`,
      );
    }
    const shape = parts.find(({ value }) => value.shape !== undefined)?.value.shape;
    const spikes = how !== 'sum' && parts.every(({ value }) => value.spikes);
    const { value } = parts.find((part) => part.sequence) ?? first;
    return this.#add({ kind: how }, parts, { ...value, shape, spikes }, [], 0);
  }

  #add(
    kind: LayerKind,
    inputs: readonly Flow[],
    value: FlowValue,
    parameters: readonly Tensor[],
    operations?: number,
  ): Flow {
    const joins = Object.hasOwn(JOINED, kind.kind);
    const name = kind.kind;
    const path = this.#place(joins ? (this.#path === '' ? name : `${this.#path}.${name}`) : this.#path);
    const fresh = parameters.filter((tensor) => !this.#counted.has(tensor));
    for (const tensor of fresh) this.#counted.add(tensor);
    const { shape: inputShape, spikes: spikesIn } = inputs[0]!.value;
    const { shape: outputShape, timesteps, spikes: spikesOut } = value;
    this.layers.push({
      ...kind,
      path,
      layer: joins ? path : this.#names.get(this.#module)!,
      type: joins ? '' : typeOf(this.#module),
      from: inputs.flatMap(({ from }) => from),
      ...(inputShape !== undefined && { inputShape }),
      ...(outputShape !== undefined && { outputShape }),
      ...(timesteps !== undefined && { timesteps }),
      parameters: fresh.reduce((sum, tensor) => sum + tensor.size, 0),
      ...(operations !== undefined && { operations: operations * (inputs[0]!.value.timesteps ?? 1) }),
      spikesIn,
      spikesOut,
    });
    return new Flow(this, [path], value);
  }

  /** A name that no other place has. */
  #place(path: string): string {
    let name = path;
    for (let use = 2; this.#places.has(name); use++) name = `${path}#${use}`;
    this.#places.add(name);
    return name;
  }
}

/**
 * A value on its way through a network, for `outline` of a module: what `forward` does with tensors, done with shapes.
 */
export class Flow {
  readonly #book: FlowBook;

  /** Made by `describe()`. @param from the places whose values it is */
  constructor(
    book: FlowBook,
    readonly from: readonly string[],
    readonly value: FlowValue,
  ) {
    this.#book = book;
  }

  /** Of one image at one time step, channels last; undefined where it is not known. */
  get shape(): Shape | undefined {
    return this.value.shape;
  }

  /** Whether it has a time axis: a sequence [T,N,...], no image [N,...]. */
  get sequence(): boolean {
    return this.value.sequence;
  }

  /** Whether it is zeros and ones. */
  get spikes(): boolean {
    return this.value.spikes;
  }

  /**
   * What comes out of a layer that the module has registered, as `layer.call(x)` in its forward.
   * @param name of the place, where the layer has several; default: the layer's name
   */
  through(layer: Module, name?: string): Flow {
    return this.#book.enter(layer, name, this);
  }

  /** The sum of both, as `add(x, y)`. */
  plus(other: Flow): Flow {
    return this.#book.join('sum', [this, other]);
  }

  /** The product of both, `mul(x, y)`: an AND of spikes; or with `iand` x·(1 - y), x where y does not spike. */
  times(other: Flow, how: 'and' | 'iand' = 'and'): Flow {
    return this.#book.join(how, [this, other]);
  }

  /** What comes out of the module itself, which is a layer of a kind that exports know. */
  layer(kind: LayerKind, result: LayerResult): Flow {
    return this.#book.layer(kind, this, result);
  }

  /** What comes out of a module that computes something else. */
  unknown(): Flow {
    return this.#book.unknown(this);
  }
}
