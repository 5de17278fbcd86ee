// A neuron as JSON: what `train --neuron FILE` reads and checkpoints hold.
//
//   { "equations": "h = tau*v + x; …", "parameters": { "tau": { "learn": 0.9, "per": "channel" }, "vth": 1 },
//     "surrogate": { "name": "arctan", "alpha": 2 }, "functions": { "phi": { "name": "mpr", "k": 3 } },
//     "start": { "v": 0 } }
//
// and of differential equations what stands beside them: threshold, reset, refractory, hold, dt, method, detachReset,
// width.

import type { ScalarFunction } from '../../backends/backend';
import type { Tensor } from '../../core/tensor';
import { check, SpikegradError } from '../../errors';
import {
  aNeuronModel,
  type Learnable,
  learnable,
  type NeuronModel,
  type NumberFunction,
  neuron,
} from '../../neurons';
import { madeOf } from '../../neurons/built-in';
import { type DifferentialSettings, differentialSettings } from '../../neurons/differential/settings';
import type { DifferentialSource } from '../../neurons/differential/source';
import * as surrogatesAndOwn from '../../neurons/surrogates';
import {
  anObject,
  checkKind,
  finite,
  flag,
  type Kind,
  kind,
  listOf,
  type OptionsOf,
  oneOf,
  optional,
  optionTable,
  required,
  shown,
  suggestion,
  takesNoMore,
  text,
} from '../../options';
import { mpr } from '../rectifier';
import { Spiking } from './layer';

/** A learnable parameter in a file. */
export interface LearnableInFile {
  /** Where it starts. */
  readonly learn: number;
  readonly per?: 'layer' | 'channel';
  readonly decay?: boolean;
}

/** A surrogate or rectifier in a file: the function that makes it, or that and its constants. */
export type FunctionInFile = string | { readonly name: string; readonly [constant: string]: number | string };

/** A neuron as JSON; of differential equations with what stands beside them. */
export interface NeuronFile extends DifferentialSettings {
  /** The equations, as `neuron()` takes them; in a list, one a line. */
  readonly equations: string | readonly string[];
  readonly parameters?: Readonly<Record<string, number | LearnableInFile>>;
  /** `'arctan'`, or `{ name: 'arctan', alpha: 2 }`. Default the rectangle. */
  readonly surrogate?: FunctionInFile;
  /** Rectifiers that the equations call. */
  readonly functions?: Readonly<Record<string, FunctionInFile>>;
  /** Where states start that do not start at 0. */
  readonly start?: Readonly<Record<string, number>>;
  readonly outputs?: readonly string[];
}

type Maker = (constants: never) => NumberFunction;
const { customSurrogate: _own, ...named } = surrogatesAndOwn;
const surrogates: Readonly<Record<string, Maker>> = named;
const rectifiers: Readonly<Record<string, Maker>> = { mpr };

const aFunction: Kind<FunctionInFile> = kind(
  'a name, or { name, … } with constants',
  (value) => text.holds(value) || (anObject.holds(value) && text.holds(value.name)),
);
const anyObject = <T>(wanted: string): Kind<T> => kind(wanted, (value) => anObject.holds(value));

/** Those that are left out are left to `neuron()`, which knows whether the equations are differential ones. */
const beside = {
  threshold: optional(differentialSettings.threshold.kind),
  reset: optional(differentialSettings.reset.kind),
  refractory: optional(differentialSettings.refractory.kind),
  hold: optional(differentialSettings.hold.kind),
  dt: optional(differentialSettings.dt.kind),
  method: optional(differentialSettings.method.kind),
  detachReset: optional(differentialSettings.detachReset.kind),
  width: optional(differentialSettings.width.kind),
} satisfies OptionsOf<DifferentialSettings>;

export const neuronFile = optionTable({
  equations: required(
    kind<NeuronFile['equations']>(
      'a text or a list of texts',
      (value) => text.holds(value) || listOf(text).holds(value),
    ),
  ),
  parameters: optional(anyObject<NonNullable<NeuronFile['parameters']>>('numbers or { learn }, by name')),
  surrogate: optional(aFunction),
  functions: optional(anyObject<NonNullable<NeuronFile['functions']>>('functions by name')),
  start: optional(anyObject<NonNullable<NeuronFile['start']>>('numbers by name')),
  outputs: optional(listOf(text)),
  ...beside,
} satisfies OptionsOf<NeuronFile>);

export const learnableInFile = optionTable({
  learn: required(finite()),
  per: optional(oneOf(['layer', 'channel'])),
  decay: optional(flag),
} satisfies OptionsOf<LearnableInFile>);

/**
 * A neuron from its JSON form.
 * @throws naming the entry that cannot be, or the place of a mistake in the equations
 */
export function neuronFromJson(json: NeuronFile): NeuronModel;
export function neuronFromJson(json: NeuronFile, ...more: unknown[]): NeuronModel {
  takesNoMore('neuronFromJson', more);
  const where = 'neuronFromJson';
  const {
    equations,
    parameters = {},
    surrogate,
    functions = {},
    start,
    outputs,
    ...differential
  } = neuronFile.read(where, json);
  return neuron(typeof equations === 'string' ? equations : equations.join('\n'), {
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [name, parameterFrom(where, name, value)]),
    ),
    functions: Object.fromEntries(
      Object.entries(functions).map(([name, f]) => [
        name,
        functionFrom(where, `functions.${name}`, rectifiers, f),
      ]),
    ),
    ...(surrogate !== undefined && { surrogate: functionFrom(where, 'surrogate', surrogates, surrogate) }),
    ...(start !== undefined && { start }),
    ...(outputs !== undefined && { outputs }),
    ...(Object.fromEntries(
      Object.entries(differential).filter(([, value]) => value !== undefined),
    ) as DifferentialSettings),
  });
}

function parameterFrom(where: string, name: string, value: number | LearnableInFile): number | Learnable {
  if (finite().holds(value)) return value;
  check(
    anObject.holds(value),
    where,
    () => `parameters.${name} must be a finite number or { learn }, got ${shown(value)}`,
  );
  const { learn, per = 'layer', decay = false } = learnableInFile.read(`${where}: parameters.${name}`, value);
  return learnable(learn, { per, decay });
}

function functionFrom(
  where: string,
  place: string,
  makers: Readonly<Record<string, Maker>>,
  given: FunctionInFile,
): NumberFunction {
  checkKind(where, place, aFunction, given);
  const { name, ...constants } = typeof given === 'string' ? { name: given } : given;
  const names = Object.keys(makers);
  check(
    Object.hasOwn(makers, name),
    where,
    () => `${place} names ${shown(name)}; there are ${names.join(', ')}${suggestion(name, names)}`,
  );
  return makers[name]!(constants as never);
}

/**
 * The JSON form of a neuron, or of a layer's: that one with what the layer has learnt in the place of starts, of
 * parameters that are learnt by channel the mean.
 * @throws for one that is made of functions, or of a surrogate or rectifier of one's own: a file has equations alone
 */
export function neuronToJson(neuron: NeuronModel | Spiking): NeuronFile;
export function neuronToJson(neuron: NeuronModel | Spiking, ...more: unknown[]): NeuronFile {
  takesNoMore('neuronToJson', more);
  const where = 'neuronToJson';
  const model = neuron instanceof Spiking ? neuron.model : neuron;
  checkKind(where, 'neuron', aNeuronModel, model);
  const learnt = neuron instanceof Spiking ? neuron.learned : {};
  const { text: equations, parameters, functions, states, outputs, differential } = model;
  const surrogate = differential?.surrogate ?? model.surrogate;
  check(
    equations !== undefined,
    where,
    'this neuron was given as functions, which a file does not hold: write its equations as text',
  );
  const starts = states.filter(({ start }) => start !== 0).map(({ name, start }) => [name, start]);
  return {
    equations,
    parameters: Object.fromEntries(
      parameters.map(({ name, value, learnable: own }) => [
        name,
        own === undefined ? value : { learn: meanOf(learnt[name]) ?? value, ...own },
      ]),
    ),
    surrogate: functionTo(where, 'surrogate', surrogates, surrogate),
    ...(Object.keys(functions).length > 0 && {
      functions: Object.fromEntries(
        Object.entries(functions).map(([name, f]) => [name, functionTo(where, name, rectifiers, f)]),
      ),
    }),
    ...(starts.length > 0 && { start: Object.fromEntries(starts) }),
    outputs,
    ...(differential !== undefined && differentialTo(differential)),
  };
}

function meanOf(learnt: Tensor | undefined): number | undefined {
  const numbers = learnt && Array.from(learnt.dataSync());
  return numbers && numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}

/** What stands beside differential equations, without what is as it is by default, but with what was found for them. */
function differentialTo(source: DifferentialSource): DifferentialSettings {
  const { threshold, reset, refractory, hold, dt, method, detachReset, width } = source;
  return {
    ...(threshold !== undefined && { threshold }),
    ...(reset !== undefined && { reset }),
    ...(refractory !== 0 && { refractory }),
    ...(hold.length > 0 && refractory !== 0 && { hold }),
    ...(detachReset && { detachReset }),
    dt,
    method,
    ...(threshold !== undefined && { width }),
  };
}

function functionTo(
  where: string,
  place: string,
  makers: Readonly<Record<string, Maker>>,
  f: unknown,
): FunctionInFile {
  const own = madeOf(f as ScalarFunction);
  if (own === undefined || !Object.hasOwn(makers, own.name))
    throw new SpikegradError(
      where,
      `${place} is a function of your own, which a file does not hold; those of the library are ${Object.keys(makers).join(', ')}`,
    );
  return { name: own.name, ...own.parameters };
}
