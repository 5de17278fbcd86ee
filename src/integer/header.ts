// The plan in a file's metadata, as JSON: read with suspicion. What most steps have is left out of it (USUAL); what a
// step takes, where that is the value before it; and its shape, where that is of what it takes.

import type { PlanInput, PlanStep } from '../backends/integer';
import type { Shape } from '../backends/shape';
import { check, SpikegradError } from '../errors';
import { anObject, type Kind, kind, listOf, oneOf, shown, text, whole } from '../options';
import type { WeightBits } from './scale';

/** What the metadata call such a file. */
export const INTEGER_FORMAT = 'spikegrad integer 1';

/** A step without its arrays. */
type Bare<Step> = Step extends PlanStep
  ? Omit<Step, 'weight' | 'bias' | 'times' | 'offset' | 'limit' | 'drop'>
  : never;
export type StepHeader = Bare<PlanStep> & {
  /** Of a convolution whose weights are equal over tiles of so many taps (those of a pool): they stand there once. */
  readonly tile?: readonly [number, number];
};

/** What need not be said. */
const USUAL: Readonly<Record<PlanStep['op'], Readonly<Record<string, unknown>>>> = {
  conv: {
    ...{ kind: 'currents', still: false, window: [3, 3], stride: [1, 1], padding: [1, 1] },
    ...{ dilation: [1, 1], groups: 1, tile: [1, 1] },
  },
  sum: { kind: 'currents', still: false },
  count: { still: false, dilation: [1, 1] },
  max: { still: false, dilation: [1, 1] },
  and: { kind: 'bits', still: false },
  iand: { kind: 'bits', still: false },
  neuron: { kind: 'bits', still: false, soft: false, narrow: true },
};
/** Whose values have the shape of what they take. */
const KEEPS_SHAPE: ReadonlySet<unknown> = new Set(['sum', 'and', 'iand', 'neuron']);

interface Named {
  readonly name: string;
  readonly shape: unknown;
}

/** Steps without what need not be said. */
export function shortened(inputs: readonly PlanInput[], steps: readonly StepHeader[]): object[] {
  const before: Named[] = [...inputs];
  return steps.map((step) => {
    const usual = usualOf(step.op, step.from, before);
    before.push(step);
    const said = Object.entries(step).filter(
      ([key, value]) => JSON.stringify(usual[key]) !== JSON.stringify(value),
    );
    return Object.fromEntries(said.sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1)));
  });
}

const rank = (key: string): number => (key === 'name' ? 0 : key === 'op' ? 1 : 2);

/** Steps as files have them, whatever they are, with all that is usual. */
function completed(inputs: readonly PlanInput[], steps: readonly unknown[]): StepHeader[] {
  const before: Named[] = [...inputs];
  return steps.map((given) => {
    const step = given as StepHeader;
    const own = { ...usualOf(step.op, step.from, before), ...step };
    before.push(own);
    return own;
  });
}

function usualOf(op: PlanStep['op'], from: unknown, before: readonly Named[]): Record<string, unknown> {
  const usual = Object.hasOwn(USUAL, op) ? USUAL[op] : {};
  const [first] = Array.isArray(from) ? from : [before.at(-1)?.name];
  const source = before.find(({ name }) => name === first);
  return {
    ...usual,
    from: [before.at(-1)?.name],
    // a step that takes what is not there is refused for that
    ...(KEEPS_SHAPE.has(op) && { shape: source?.shape ?? [1, 1, 1] }),
  };
}

/** Whether its currents have a unit that none of what it takes has. */
export const hasOwnUnit = (step: PlanStep): boolean =>
  step.op === 'conv' || (step.op === 'sum' && step.kind === 'currents' && !step.times.includes(undefined));

/** What stands in a file beside its tensors. */
export interface FileHeader {
  readonly weights: WeightBits;
  /** Time steps for which the ranges are proved; null: any. */
  readonly provedSteps: number | null;
  /** T of images; null where sequences go in. */
  readonly timesteps: number | null;
  readonly timeMean: boolean;
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  readonly inputs: readonly PlanInput[];
  readonly steps: readonly StepHeader[];
  readonly outputs: readonly { readonly name: string; readonly overTime: boolean }[];
}

type Fields = Readonly<Record<string, Kind<unknown>>>;

const count = whole({ least: 1, most: 2 ** 24 });
const orNull = <T>(of: Kind<T>) =>
  kind<T | null>(`${of.wanted} or null`, (value) => value === null || of.holds(value));
const truth = kind<boolean>('true or false', (value) => typeof value === 'boolean');
const list = (of: Kind<unknown>, length: number) =>
  kind(
    `${length} of ${of.wanted}`,
    (value) => listOf(of).holds(value) && (value as unknown[]).length === length,
  );
const shape = list(count, 3);
const sides = (least: number) => list(whole({ least, most: 2 ** 16 }), 2);
const positive = kind<number>(
  'a number above 0',
  (value) => typeof value === 'number' && value > 0 && value < 2 ** 40,
);
const names = kind(
  'a list of names',
  (value) => listOf(text).holds(value) && (value as unknown[]).length > 0,
);
const bitsOrSums = oneOf(['bits', 'currents']);

const windows = { window: sides(1), stride: sides(1), padding: sides(0), dilation: sides(1) };
const common = { name: text, from: names, shape, still: truth, op: text };

const STEPS: Readonly<Record<PlanStep['op'], Fields>> = {
  conv: { ...common, kind: oneOf(['currents']), ...windows, groups: count, tile: sides(1) },
  sum: { ...common, kind: oneOf(['numbers', 'currents']) },
  count: { ...common, kind: oneOf(['numbers', 'currents']), ...windows },
  max: { ...common, kind: bitsOrSums, ...windows },
  and: { ...common, kind: oneOf(['bits']) },
  iand: { ...common, kind: oneOf(['bits']) },
  neuron: { ...common, kind: bitsOrSums, keep: whole({ least: 0, most: 32768 }), soft: truth, narrow: truth },
};
const INPUT: Fields = {
  name: text,
  shape,
  kind: oneOf(['bits', 'numbers']),
  scale: positive,
  most: whole({ least: 1, most: 32767 }),
  still: truth,
};
const OUTPUT: Fields = { name: text, overTime: truth };
const aShape = kind(
  'a shape',
  (value) => listOf(count).holds(value) && [1, 3].includes((value as unknown[]).length),
);
const FILE: Fields = {
  weights: kind('16, 8, 6 or 4', (value) => [16, 8, 6, 4].includes(value as number)),
  provedSteps: orNull(count),
  timesteps: orNull(count),
  timeMean: truth,
  inputShape: aShape,
  outputShape: aShape,
  inputs: listOf(anObject),
  steps: listOf(anObject),
  outputs: listOf(anObject),
};

/** @throws naming what is not as it must be */
export function headerIn(where: string, written: string | undefined): FileHeader {
  check(written !== undefined, where, 'metadata "plan" is missing');
  let value: unknown;
  try {
    value = JSON.parse(written);
  } catch (cause) {
    throw new SpikegradError(where, 'metadata "plan" is not JSON', { cause });
  }
  const read = fields(where, 'the plan', value, FILE) as unknown as FileHeader;
  const header = { ...read, steps: completed(read.inputs, read.steps) };
  for (const input of header.inputs) fields(where, `input ${shown(input.name)}`, input, INPUT);
  for (const output of header.outputs) fields(where, `output ${shown(output.name)}`, output, OUTPUT);
  for (const step of header.steps) {
    const own = Object.hasOwn(STEPS, step.op) ? STEPS[step.op] : undefined;
    check(
      own !== undefined,
      where,
      () => `step ${shown(step.name)}: op ${shown(step.op)} is none of ${Object.keys(STEPS).join(', ')}`,
    );
    fields(where, `step ${shown(step.name)}`, step, own);
  }
  check(header.outputs.length > 0 && header.inputs.length > 0, where, 'the plan has no input or no output');
  checkKinds(where, header);
  return header;
}

function fields(where: string, what: string, value: unknown, known: Fields): object {
  check(anObject.holds(value), where, () => `${what} must be an object, got ${shown(value)}`);
  for (const [name, of] of Object.entries(known))
    check(
      of.holds(value[name]),
      where,
      () => `${what}: ${name} must be ${of.wanted}, got ${shown(value[name])}`,
    );
  return value;
}

/** What each step may take, so that no kernel meets what it was not made for. */
function checkKinds(where: string, { inputs, steps }: FileHeader): void {
  const kinds = new Map<string, string>(inputs.map((input) => [input.name, input.kind]));
  const still = new Map<string, boolean>(inputs.map((input) => [input.name, input.still]));
  for (const step of steps) {
    const taken = step.from.map((name) => kinds.get(name) ?? 'nothing');
    const [first] = taken;
    const fits: Readonly<Record<PlanStep['op'], boolean>> = {
      conv: taken.length === 1 && (first === 'bits' || first === 'numbers'),
      sum: step.kind === 'currents' || !taken.includes('currents'),
      count: taken.length === 1 && (first === 'currents') === (step.kind === 'currents'),
      max: taken.length === 1 && first === step.kind,
      and: taken.length === 2 && taken.every((one) => one === 'bits'),
      iand: taken.length === 2 && taken.every((one) => one === 'bits'),
      neuron: taken.length === 1 && first === 'currents' && !step.still,
    };
    check(
      fits[step.op] && !taken.includes('nothing'),
      where,
      () => `step ${shown(step.name)}: ${step.op} cannot take ${taken.join(' and ')} and give ${step.kind}`,
    );
    const all = step.from.every((name) => still.get(name));
    check(
      step.op === 'neuron' || step.still === all,
      where,
      () => `step ${shown(step.name)}: still is ${step.still}, what it takes ${all ? 'is still' : 'is not'}`,
    );
    kinds.set(step.name, step.kind);
    still.set(step.name, step.still);
  }
}
