// A neuron of equations over tensors: all T steps in one operator, forward and backward through time. What is
// computed is the backend's business (neurons/ has the equations, their derivatives and their code); here are shapes,
// checks and the tape.

import type { Operand, ScanOperands } from '../../backends/backend';
import { formatShape, type Shape, sameShape } from '../../backends/shape';
import { full } from '../../core/create';
import { aTensor } from '../../core/kinds';
import { scope } from '../../core/scope';
import { noGrad, record } from '../../core/tape';
import { checkTensor, fromHandle, type Tensor } from '../../core/tensor';
import { check, SpikegradError } from '../../errors';
import { aNeuronModel, learnablesOf, type NeuronModel } from '../../neurons';
import { commonBackend } from '../../ops/operator';
import {
  anObject,
  checkKind,
  flag,
  type Kind,
  kind,
  type OptionsOf,
  option,
  optionTable,
  shown,
  suggestion,
} from '../../options';

type Tensors = Readonly<Record<string, Tensor>>;

/** Where {@link runNeuron} starts, and what it tells. */
export interface RunNeuronOptions {
  /** States before the first step by name, [...]; those that are left out start where the neuron says. Default `{}`. */
  initial?: Tensors;
  /**
   * Learnable parameters by name, [] or [channels]; those that are left out have the value they start with. Default
   * `{}`.
   */
  parameters?: Tensors;
  /** Whether every assigned value of every step comes along, without history. Default false. */
  trace?: boolean;
}

const tensorsByName: Kind<Tensors> = kind(
  'tensors by name',
  (value) => anObject.holds(value) && Object.values(value).every(aTensor.holds),
);

const none = (): Tensors => ({});

export const runNeuronOptions = optionTable({
  initial: option(tensorsByName, none),
  parameters: option(tensorsByName, none),
  trace: option(flag, false),
} satisfies OptionsOf<RunNeuronOptions>);

/** What a neuron gave over a sequence. */
export interface NeuronRun {
  /** [T,...], zeros and ones. Asking a read-out for them is an error. */
  readonly spikes: Tensor;
  /** Everything that the neuron's `outputs` name, [T,...], each differentiable; spikes among them. */
  readonly outputs: Tensors;
  /** States after the last step, [...], differentiable. */
  readonly states: Tensors;
  /** Every assigned value, [T,...], where it was asked for. */
  readonly trace?: Tensors;
}

/**
 * Runs a neuron of equations over all time steps.
 * @param model what `neuron()` makes
 * @param x input [T,...], the channel last
 * @throws for shapes that do not fit, and names that the neuron does not have
 */
export function runNeuron(model: NeuronModel, x: Tensor, options: RunNeuronOptions = {}): NeuronRun {
  return runNamed('runNeuron', model, x, options);
}

/** The same for a layer, in whose name it complains. */
export function runNamed(where: string, model: NeuronModel, x: Tensor, options: RunNeuronOptions): NeuronRun {
  checkKind(where, 'model', aNeuronModel, model);
  checkTensor(where, x);
  const { initial, parameters, trace } = runNeuronOptions.read(where, options);
  const { shape } = x;
  check(
    shape.length >= 1 && shape[0]! >= 1,
    where,
    () => `x must be [T,...] with at least one time step, got ${formatShape(shape)}`,
  );
  checkNames(where, 'initial', initial, model.states, 'states');
  checkNames(where, 'parameters', parameters, learnablesOf(model), 'learnable parameters');
  for (const [name, state] of Object.entries(initial))
    checkShape(where, `initial ${name}`, state, shape.slice(1), 'x without time');
  const channels = shape.length > 1 ? shape.at(-1)! : 1;
  for (const { name, learnable } of learnablesOf(model)) {
    const given = ownOf(parameters, name);
    const isChannel = learnable!.per === 'channel';
    const wanted = isChannel ? [channels] : [];
    const words = isChannel ? 'one for each channel, the last axis of x' : 'one for the layer';
    if (given !== undefined) checkShape(where, `parameter ${name}`, given, wanted, words);
  }
  const run = scan(where, model, x, initial, parameters);
  const traced = trace ? { trace: traceOf(where, model, x, initial, parameters) } : {};
  const outputs = byName(model.outputs, run.outputs);
  const names = model.states.map(({ name }) => name);
  return withSpikes(where, model, { outputs, states: byName(names, run.last), ...traced });
}

/** A run with its spikes, or with an error in their place where it has none. */
export function withSpikes(where: string, model: NeuronModel, run: Omit<NeuronRun, 'spikes'>): NeuronRun {
  return Object.defineProperty(run, 'spikes', {
    enumerable: 'spikes' in run.outputs,
    get: () => run.outputs.spikes ?? refuseSpikes(where, model),
  }) as NeuronRun;
}

function refuseSpikes(where: string, model: NeuronModel): never {
  throw new SpikegradError(
    where,
    `this neuron gives no spikes, it gives ${model.outputs.join(', ')}: take outputs.${model.outputs[0]}`,
  );
}

/** A state may be called toString. */
const ownOf = (tensors: Tensors, name: string): Tensor | undefined =>
  Object.hasOwn(tensors, name) ? tensors[name] : undefined;

const byName = (names: readonly string[], tensors: readonly Tensor[]): Record<string, Tensor> =>
  Object.fromEntries(names.map((name, i) => [name, tensors[i]!]));

function checkNames(
  where: string,
  option: string,
  given: Tensors,
  known: readonly { readonly name: string }[],
  words: string,
): void {
  const names = known.map(({ name }) => name);
  for (const name of Object.keys(given))
    check(
      names.includes(name),
      where,
      () =>
        `${option} names ${shown(name)}; its ${words} are ${names.join(', ') || 'none'}${suggestion(name, names)}`,
    );
}

function checkShape(where: string, what: string, tensor: Tensor, wanted: Shape, words: string): void {
  check(
    sameShape(tensor.shape, wanted),
    where,
    () => `${what} is ${formatShape(tensor.shape)}, it must be ${formatShape(wanted)}, ${words}`,
  );
}

/** Learnable parameters as tensors, those that were not given as constants. */
function parametersOf(model: NeuronModel, x: Tensor, given: Tensors): Tensor[] {
  const channels = x.shape.length > 1 ? x.shape.at(-1)! : 1;
  return learnablesOf(model).map(
    ({ name, value, learnable }) =>
      ownOf(given, name) ??
      full(learnable!.per === 'channel' ? [channels] : [], value, { backend: x.backend }),
  );
}

/**
 * Every output and last state, on the tape; arguments are known to fit.
 * @param initial states by name
 * @param given learnable parameters by name
 */
export function scan(where: string, model: NeuronModel, x: Tensor, initial: Tensors, given: Tensors) {
  const run = () => {
    const parameters = parametersOf(model, x, given);
    const states = model.states.map(({ name }) => ownOf(initial, name));
    const inputs = [x, ...parameters, ...states.filter((state) => state !== undefined)];
    const backend = commonBackend(where, inputs);
    const { shape } = x;
    const inner = shape.slice(1);
    const result = backend.scan(model, { x, parameters, initial: states });
    const outputs = result.outputs.map((handle) => fromHandle(backend, handle, shape));
    const last = result.last.map((handle) => fromHandle(backend, handle, inner));
    record(where, inputs, [...outputs, ...last], inputs, (gradients, saved) => {
      const rest = saved.slice(1 + parameters.length).values();
      const operands: ScanOperands = {
        x: saved[0]!,
        parameters: saved.slice(1, 1 + parameters.length),
        initial: states.map((state) => (state === undefined ? undefined : rest.next().value)),
      };
      const list: (Operand | undefined)[] = gradients.map((gradient) => gradient ?? undefined);
      const back = backend.scanGradient(model, operands, {
        outputs: list.slice(0, outputs.length),
        last: list.slice(outputs.length),
      });
      return [
        fromHandle(backend, back.x, shape),
        ...back.parameters.map((handle, k) => fromHandle(backend, handle, parameters[k]!.shape)),
        ...back.initial
          .filter((handle) => handle !== undefined)
          .map((handle) => fromHandle(backend, handle, inner)),
      ];
    });
    return { outputs, last };
  };
  // nothing else is made where all learnable parameters are given
  return model.parameters.every(({ name, learnable }) => learnable === undefined || given[name] !== undefined)
    ? run()
    : scope(run);
}

const traced = new WeakMap<NeuronModel, NeuronModel>();

/** The run once more, of the same neuron with every assigned value coming out. */
function traceOf(
  where: string,
  model: NeuronModel,
  x: Tensor,
  initial: Tensors,
  parameters: Tensors,
): Tensors {
  const names = model.assigned.map(({ name }) => name);
  const all = traced.get(model) ?? Object.freeze({ ...model, outputs: names });
  traced.set(model, all);
  return noGrad(() => {
    const { outputs, last } = scan(where, all, x, initial, parameters);
    for (const state of last) state.dispose();
    return byName(names, outputs);
  });
}
