// What to say of a name that means nothing in equations: what other tools mean by it, or which name is near.

import { nearest } from '../../options';

/** Names that other tools give to what a neuron here does not have. */
const absent: Readonly<Record<string, string>> = {
  xi: 'noise is no part of a neuron: add it to the input',
  rand: 'noise is no part of a neuron: add it to the input',
  randn: 'noise is no part of a neuron: add it to the input',
  t: 'time is no part of a neuron: give what changes with it as the input',
  dt: 'a step has no length of its own: give dt as a parameter',
  I: 'the input is called x',
  i: 'the input is called x',
  input: 'the input is called x',
  cur: 'the input is called x',
  e: 'e^a is written exp(a)',
};
/** Functions likewise. */
const absentFunctions: Readonly<Record<string, string>> = {
  rand: absent.rand!,
  randn: absent.rand!,
  heaviside: 'what fires is spike(…)',
  surrogate: 'what fires is spike(…)',
};
/** A second input, as other tools number or name them. */
const INPUT = /^[xXiI]_?(\d+|e|i|exc|inh|ext|syn|inj|app|stim|bias|dc)$/;

/** @param names those that there are */
export function adviceOnFunction(name: string, names: readonly string[]): string {
  if (Object.hasOwn(absentFunctions, name)) return `; ${absentFunctions[name]}`;
  const near = name.length > 1 ? nearest(name, names) : undefined;
  return near === undefined ? '' : `; did you mean ${near}?`;
}

/** @param names those that there are */
export function adviceOn(name: string, names: readonly string[]): string {
  if (Object.hasOwn(absent, name)) return `; ${absent[name]}`;
  if (INPUT.test(name)) return '; a neuron has one input, x: what comes from several is added up before';
  const near =
    name.length > 1
      ? nearest(name, names)
      : names.find((other) => other.toLowerCase() === name.toLowerCase());
  return near === undefined
    ? '; if it is a constant, give it in parameters; a neuron has one input, x'
    : `; did you mean ${near}?`;
}
