// What a neuron of the zoo is: equations as text, their constants, where they come from and which laws they promise.
// Each file beside this one describes one or a few; zooNeuron() makes of a description the function that users call.

import {
  finite,
  flag,
  type Kind,
  kind,
  type Option,
  oneOf,
  option,
  optional,
  optionTable,
} from '../../options';
import type { NumberFunction } from '../graph/expression';
import { Learnable, learnable } from '../learnable';
import type { NeuronModel } from '../model';
import { neuron } from '../neuron';
import { aSlope } from '../options';

/** What equations may promise; test/neurons/zoo.test.ts holds each neuron to its own. */
export type ZooLaw =
  /** Neurons do not see each other. */
  | 'batch'
  /** A sequence may be run in pieces. */
  | 'splitting'
  /** Backward is what differences of the smooth neuron say. */
  | 'gradient'
  /** Without input nothing fires and every state stays where it starts. */
  | 'silence'
  /** Without input a state that does not fire goes back to where it starts. */
  | 'decay'
  /** After a spike v is the same, whatever it was. */
  | 'reset'
  /** A spike takes the same from v, whatever it was. */
  | 'subtraction'
  /** After a spike the neuron is silent for some steps, in which it does not see its input. */
  | 'refractory';

/** What every neuron that fires promises. */
export const ALWAYS: readonly ZooLaw[] = ['batch', 'splitting', 'gradient'];

/** A constant of a neuron's equations. */
export interface ZooConstant {
  /** What it is when it is left out. */
  readonly value: number;
  /** What it is, in words. */
  readonly words: string;
  /** Whether `learns` makes it learnable. */
  readonly learns?: boolean;
  /** Which numbers it may be. Default: all that are finite. */
  readonly kind?: Kind<number>;
  /** What the equations hold in its place, such as a logit. Default: itself. */
  readonly inEquations?: { readonly name: string; readonly from: (value: number) => number };
}

/**
 * What the function of a neuron of the zoo takes: its constants, each a number or what `learnable()` makes, and these.
 */
export type ZooSettings<C extends string = never> = {
  readonly [K in C]?: string extends C ? unknown : number | Learnable;
} & {
  /** What stands in for the derivative of the step. */
  readonly surrogate?: NumberFunction;
  /** Whether the gradient ignores the reset; of neurons whose gradient sees it. */
  readonly detachReset?: boolean;
  /** Whether the constants that are marked as learnable are learnt. */
  readonly learns?: boolean;
  /** Of the constants that are learnt: one for the `layer`, or one a `channel`. */
  readonly per?: 'layer' | 'channel';
};

/** A neuron of the zoo: called, it gives a model for `new Spiking(model)`. */
export interface ZooNeuron<C extends string = never> {
  (settings?: ZooSettings<C>): NeuronModel;
  /** What it is, in a few words. */
  readonly title: string;
  /** Where it comes from. */
  readonly source: string;
  /** One step of it, as `neuron()` takes it. */
  readonly equations: string;
  readonly constants: Readonly<Record<string, ZooConstant>>;
  /** Whether it gives spikes; a read-out gives its membrane. */
  readonly fires: boolean;
  /** What its equations promise. */
  readonly laws: readonly ZooLaw[];
  /** Settings that show what may be set. */
  readonly example: ZooSettings<string>;
}

/** What a file of the zoo says. */
interface Description<C extends string> {
  /** What its function is called. */
  readonly name: string;
  readonly title: string;
  readonly source: string;
  /** The step; a spike in braces, `{spikes}`, is one that resets, which `detachReset` cuts off. */
  readonly equations: string;
  readonly constants: Readonly<Record<C, ZooConstant>>;
  /** Left out: it gives no spikes. Made when it is needed. */
  readonly surrogate?: () => NumberFunction;
  /** Where states start that do not start at 0. */
  readonly start?: Readonly<Record<string, number>>;
  /** Whether the constants marked as learnable are learnt unless one says otherwise. Default false. */
  readonly learns?: boolean;
  readonly laws: readonly ZooLaw[];
  readonly example: NoInfer<ZooSettings<C>>;
}

/** A share of something that is left after a step. */
export const share: Kind<number> = /* @__PURE__ */ finite({ least: 0, most: 1 });
export const positive: Kind<number> = /* @__PURE__ */ finite({ above: 0 });
/** Strictly between 0 and 1, so that it has a logit. */
export const inside: Kind<number> = /* @__PURE__ */ finite({ above: 0, below: 1 });
/** The number that σ makes p of. */
export const logit = (p: number): number => Math.log(p / (1 - p));

const orLearnable = ({ kind: of = finite() }: ZooConstant): Kind<number | Learnable> =>
  kind(
    `${of.wanted} or what learnable() makes`,
    (value) => of.holds(value) || (value instanceof Learnable && of.holds(value.value)),
  );

/** The table of what a neuron's function takes. */
function tableOf({ constants, equations, surrogate, learns = false }: Omit<Description<string>, 'example'>) {
  const own = Object.entries(constants).map(([name, constant]): [string, Option<unknown, unknown>] => [
    name,
    option(orLearnable(constant), constant.value),
  ]);
  return optionTable({
    ...Object.fromEntries(own),
    ...(surrogate !== undefined && { surrogate: optional(aSlope) }),
    ...(equations.includes('{') && { detachReset: option(flag, false) }),
    learns: option(flag, learns),
    per: option(oneOf(['layer', 'channel']), 'layer'),
  });
}

/** The equations with what stands in braces detached, or as it is. */
const withResets = (equations: string, detached: boolean): string =>
  equations.trim().replaceAll(/\{(\w+)\}/g, detached ? 'detach($1)' : '$1');

/** The function of a neuron, with what is known of it. */
/* @__NO_SIDE_EFFECTS__ */
export function zooNeuron<C extends string>(description: Description<C>): ZooNeuron<C> {
  const { name: where, title, source, equations, surrogate, start, laws, example } = description;
  const constants: Readonly<Record<string, ZooConstant>> = description.constants;
  const make = (settings?: ZooSettings<C>): NeuronModel => {
    const given = tableOf(description).read(where, settings) as Readonly<Record<string, unknown>>;
    const { learns, per, detachReset, surrogate: slope } = given as ZooSettings;
    const parameters = Object.entries(constants).map(([name, constant]) => {
      const { name: called, from } = constant.inEquations ?? { name, from: (value: number) => value };
      const value = given[name] as number | Learnable;
      if (value instanceof Learnable) {
        const { per: own, decay } = value;
        return [called, learnable(from(value.value), { per: own, decay })] as const;
      }
      return [called, learns && constant.learns ? learnable(from(value), { per }) : from(value)] as const;
    });
    return neuron(withResets(equations, detachReset ?? false), {
      parameters: Object.fromEntries(parameters),
      ...(surrogate !== undefined && { surrogate: slope ?? surrogate() }),
      ...(start !== undefined && { start }),
    });
  };
  const known = {
    title,
    source,
    equations: withResets(equations, false),
    constants,
    fires: surrogate !== undefined,
    laws,
    example: example as ZooSettings<string>,
  };
  return Object.freeze(Object.assign(Object.defineProperty(make, 'name', { value: where }), known));
}
