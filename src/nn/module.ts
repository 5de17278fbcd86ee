// The base of layers and networks: a tree of named parameters (trained) and buffers (kept along, such as running
// statistics). Names joined by dots are those of the files on disk.

import { checkTensor, Tensor } from '../core/tensor';
import { check } from '../errors';
import { callback, called, checkKind, kind, oneOf, takesNoMore, text } from '../options';
import type { NetworkDescription } from './description';
import { type DescribeOptions, describeNetwork } from './description/describe';
import type { Flow } from './flow';

/**
 * How a tensor's axes are to be turned for files: conv [kh,kw,cin,cout] to OIHW, pointwise [1,1,cin,cout] to [O,I,1],
 * which is PyTorch's `Conv1d`, linear [in,out] to [out,in].
 */
export type StateLayout = (typeof LAYOUTS)[number];
const LAYOUTS = ['plain', 'conv', 'pointwise', 'linear'] as const;

/** A parameter or buffer of a module. */
export interface StateEntry {
  readonly tensor: Tensor;
  readonly layout: StateLayout;
  /** Parameters are trained, buffers are not. */
  readonly trainable: boolean;
  /** Whether weight decay is meant for it, where the layer says; else its axes decide (`parameterGroups`). */
  readonly decay?: boolean | undefined;
}

/** Called after a layer's forward with what went in and came out. */
export type ForwardHook = (input: Tensor, output: Tensor) => void;

/**
 * The base of layers and networks: a tree of named parameters (trained) and buffers (kept along). Those of the library
 * freeze themselves once they are made, since nothing would read a property that is set later (`lif.tau = 0.9`), and
 * parameters would not follow (`linear.weight = w`). They ask for the base of `new.target`: classes that extend them go
 * on, and a class that named itself would be renamed by bundlers.
 */
export abstract class Module {
  #training = true;
  readonly #state = new Map<string, StateEntry>();
  readonly #children = new Map<string, Module>();
  readonly #hooks = new Set<ForwardHook>();

  /** What the layer computes. Written by subclasses; users call {@link Module.call}, which also runs the hooks. */
  abstract forward(x: Tensor): Tensor;

  call(x: Tensor): Tensor;
  call(x: Tensor, ...more: unknown[]): Tensor {
    if (!(x instanceof Tensor)) checkTensor(this.constructor.name, x);
    if (more.length > 0) takesNoMore(`${this.constructor.name}.call`, more);
    const y = this.forward(x);
    for (const hook of this.#hooks) hook(x, y);
    return y;
  }

  /**
   * What the module is made of, as data: its layers in the order in which a value meets them, with shapes and
   * operations where an input shape is given, parameters, neurons with their options, what is zeros and ones, and
   * which norms go into the weights before them.
   * @throws naming the layer, where the shapes do not fit
   */
  describe(options: DescribeOptions = {}): NetworkDescription {
    return describeNetwork('describe', this, options);
  }

  /**
   * For {@link Module.describe}, and with it the exports: how a value goes through this module, written as `forward`
   * is, but with `x.through(this.layer)` in the place of `this.layer.call(x)` and `x.plus(y)` in that of `add(x, y)`.
   * A module with a forward of its own that does not write it is a `custom` layer, which cannot be exported.
   */
  outline(x: Flow): Flow {
    return x.unknown();
  }

  /** True between `train()` and `evaluate()`; new modules are in training. */
  get training(): boolean {
    return this.#training;
  }

  /** Batch statistics and dropout as in training, for this module and all below. */
  train(): this {
    return this.#setTraining(true);
  }

  /** Running statistics, no dropout, for this module and all below. */
  evaluate(): this {
    return this.#setTraining(false);
  }

  #setTraining(training: boolean): this {
    for (const [, module] of this.modules()) module.#training = training;
    return this;
  }

  /**
   * Forgets what is carried from one call to the next, such as V of `new Lif({ stateful: true })`, in this module and
   * all below: before the next recording. What PyTorch's libraries call `reset_net` (SpikingJelly) or `utils.reset`
   * (snnTorch).
   */
  reset(): this {
    for (const [, module] of this.modules()) module.forget();
    return this;
  }

  /** Frees what this layer itself carries from call to call. Written by subclasses that carry something. */
  protected forget(): void {}

  /** Looks at every forward pass of this layer until the returned function is called. */
  onForward(hook: ForwardHook): () => void {
    checkKind('onForward', 'hook', callback('a function (input, output)'), hook);
    this.#hooks.add(hook);
    return () => this.#hooks.delete(hook);
  }

  /**
   * Registers a trained tensor under a name. For constructors of subclasses.
   * @param decay whether weight decay is meant for it; default: not said
   */
  protected parameter(name: string, tensor: Tensor, layout: StateLayout = 'plain', decay?: boolean): Tensor {
    checkTensor('Module', tensor, `parameter ${name}`);
    checkKind('Module', 'layout', oneOf(LAYOUTS), layout);
    tensor.requiresGrad = true;
    return this.#register(name, { tensor, layout, trainable: true, decay });
  }

  /** Registers a tensor that is saved but not trained. */
  protected buffer(name: string, tensor: Tensor): Tensor {
    checkTensor('Module', tensor, `buffer ${name}`);
    return this.#register(name, { tensor, layout: 'plain', trainable: false });
  }

  /** Registers a layer under a name; under a second one it is the same layer. */
  protected child<M extends Module>(name: string, module: M): M {
    checkKind('Module', 'name', text, name);
    checkModule('Module', module, `child ${name}`);
    check(
      [...module.#paths('')].every(([, below]) => below !== this),
      'Module',
      () => `child "${name}" holds the module that it is to be a child of`,
    );
    check(
      !this.#children.has(name) && !name.includes('.'),
      'Module',
      () => `child name "${name}" is taken or has a dot`,
    );
    this.#children.set(name, module);
    return module;
  }

  #register(name: string, entry: StateEntry): Tensor {
    checkKind('Module', 'name', text, name);
    check(
      !this.#state.has(name) && !name.includes('.'),
      'Module',
      () => `state name "${name}" is taken or has a dot`,
    );
    this.#state.set(name, entry);
    return entry.tensor.keep();
  }

  /**
   * This module and all below, each with its dotted name ('' for this one), in order of registration. A layer that was
   * registered more than once is one layer, under its first name.
   */
  *modules(prefix = ''): Generator<[string, Module]> {
    const seen = new Set<Module>();
    for (const [path, module] of this.#paths(prefix)) {
      if (seen.has(module)) continue;
      seen.add(module);
      yield [path, module];
    }
  }

  /** Every path to this module and all below. */
  *#paths(prefix: string): Generator<[string, Module]> {
    yield [prefix, this];
    for (const [name, module] of this.#children)
      yield* module.#paths(prefix === '' ? name : `${prefix}.${name}`);
  }

  /**
   * All parameters and buffers by dotted name. What is shared, be it a layer used twice or a tensor of two layers, is
   * there once, under its first name.
   */
  state(): Map<string, StateEntry> {
    const seen = new Set<Tensor>();
    return new Map(
      [...this.stateByEveryName()].filter(([, { tensor }]) => !seen.has(tensor) && seen.add(tensor)),
    );
  }

  /** The same with each name that a shared parameter or buffer goes by, as PyTorch's `state_dict` has them. */
  stateByEveryName(): Map<string, StateEntry> {
    const all = new Map<string, StateEntry>();
    for (const [path, module] of this.#paths('')) {
      for (const [name, entry] of module.#state) all.set(path === '' ? name : `${path}.${name}`, entry);
    }
    return all;
  }

  /** The trained tensors, each once, in order of registration. */
  parameters(): Tensor[] {
    return [...this.state().values()].filter((entry) => entry.trainable).map((entry) => entry.tensor);
  }

  /** Number of trained numbers. */
  parameterCount(): number {
    return this.parameters().reduce((sum, tensor) => sum + tensor.size, 0);
  }

  /** Frees all parameters, buffers and gradients, and what is carried from call to call. */
  dispose(): void {
    this.reset();
    for (const { tensor } of this.state().values()) {
      tensor.grad?.dispose();
      tensor.dispose();
    }
  }
}

/** A layer or network, for tables of options. Pure, so that a page without layers has none of this file. */
export const aModule = /* @__PURE__ */ kind<Module>(
  'a Module (a layer or network)',
  (value) => value instanceof Module,
  (value) => {
    if (Array.isArray(value)) return 'join layers by sequential(a, b)';
    if (typeof (value as Module | null)?.call === 'function' && typeof value === 'object')
      return 'it was made by another copy of this library';
    return called(value);
  },
);

/** @throws unless the value is a layer or network */
export function checkModule(where: string, value: unknown, name = 'network'): asserts value is Module {
  checkKind(where, name, aModule, value);
}
