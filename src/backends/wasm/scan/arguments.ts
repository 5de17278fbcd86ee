// A sweep's arguments by the names of its function's parameters. Names are made once for each neuron, since a network
// calls its neurons again and again: thousands of new strings an image would cost more than small layers do.

import type { StepGraph } from '../../../neurons/wasm';
import type { Address } from '../argument';
import type { Planes } from '../engine';

/** `x pitch`, by x. */
const pitches = new Map<string, string>();

function pitchOf(name: string): string {
  const known = pitches.get(name) ?? `${name} pitch`;
  pitches.set(name, known);
  return known;
}

export class Arguments {
  readonly #addresses = new Map<string, Address>();

  get(name: string): Address {
    return this.#addresses.get(name)!;
  }

  put(name: string, address: Address): void {
    this.#addresses.set(name, address);
  }

  /** Planes, and how far apart they are. */
  putPlanes(name: string, { plane, pitch }: Planes): void {
    this.#addresses.set(name, plane).set(pitchOf(name), pitch);
  }
}

/** What the arguments of a neuron are called, by state, output or parameter. */
export type ArgumentNames = ReturnType<typeof argumentNames>;

export function argumentNames({ states, outputs, parameters }: StepGraph) {
  const of = (list: readonly { readonly name: string }[], prefix: string) =>
    list.map(({ name }) => `${prefix} ${name}`);
  return {
    initial: of(states, 'initial'),
    final: of(states, 'final'),
    initialGradient: of(states, 'gradient initial'),
    finalGradient: of(states, 'gradient final'),
    output: of(outputs, 'output'),
    gradient: of(outputs, 'gradient'),
    secondGradient: of(outputs, 'second gradient'),
    parameter: parameters.map(({ leaf }) => leaf.name),
    sum: of(parameters, 'sum'),
  };
}
