// Trying all laws of a subject: a report where they hold, one error that shows every broken one where they do not.

import fc from 'fast-check';
import { check, SpikegradError } from '../../errors';
import { flag, listOf, type OptionsOf, option, optional, optionTable, text, whole } from '../../options';
import type { Counterexample, LaterLaw, Law, LawOutcome, Trial } from './law';

/** What every check takes. */
export interface LawOptions {
  /** Draws for each law. Default: 100 of neurons, 1000 of functions. */
  runs?: number;
  /** Seed of the draws. Default: anew every time (or fast-check's global one); an error names it. */
  seed?: number;
  /** With `seed` and `law`: go straight to a counterexample, as an error gives it. */
  path?: string;
  /** Try this law alone. Default: all. */
  law?: string;
  /** Laws left out on purpose. Default `[]`. */
  except?: readonly string[];
  /** Whether counterexamples are made as simple as they get; without, a broken law is told at once. Default true. */
  shrink?: boolean;
}

export const lawOptions = optionTable({
  runs: optional(whole({ least: 1 }), '100 of neurons, 1000 of functions'),
  seed: optional(whole(), "anew every time (or fast-check's global one); an error names it"),
  path: optional(text),
  law: optional(text, 'all'),
  except: option(listOf(text), () => []),
  shrink: option(flag, true),
} satisfies OptionsOf<LawOptions>);

/** A law that held. */
export interface HeldLaw {
  readonly law: string;
  /** What it says of this subject. */
  readonly words: string;
  /** Draws that it was tried with. */
  readonly runs: number;
}

/** What held. */
export interface LawReport {
  readonly seed: number;
  readonly held: readonly HeldLaw[];
  /** Laws that were not tried, and why. */
  readonly notChecked: readonly Unchecked[];
}

/** A law that this subject gives no means to try. */
export interface Unchecked {
  readonly law: string;
  readonly reason: string;
}

/** A subject breaks its laws. The message shows each broken law in words, with the simplest counterexample found. */
export class LawBroken extends SpikegradError {
  constructor(
    where: string,
    problem: string,
    /** One for each broken law. */
    readonly counterexamples: readonly Counterexample[],
    /** What held besides. */
    readonly report: LawReport,
  ) {
    super(where, problem);
  }

  get seed(): number {
    return this.report.seed;
  }
}

/** What is tested: the check that tests it, its name in messages, and the options that a replay needs again. */
export interface LawSubject {
  readonly where: string;
  readonly name: string;
  /** How the call is written in front of its options: `checkRectifier(rectifier, `. */
  readonly argument: string;
  readonly given: Readonly<Record<string, unknown>>;
}

const literal = (value: unknown): string =>
  typeof value === 'string'
    ? `'${value}'`
    : Array.isArray(value)
      ? `[${value.map(literal).join(', ')}]`
      : typeof value === 'object' && value !== null
        ? '…'
        : `${value}`;

function callOf({ where, argument, given }: LawSubject, again: Record<string, unknown>): string {
  const entries = Object.entries({ ...given, ...again }).filter(([, value]) => value !== undefined);
  return `${where}(${argument}, { ${entries.map(([key, value]) => `${key}: ${literal(value)}`).join(', ')} })`;
}

function paragraph(subject: LawSubject, { law, words, numbers, path }: Counterexample, seed: number): string {
  return [
    `${law}: ${words}`,
    ...numbers.map((line) => `  ${line}`),
    `  again: ${callOf(subject, { law, seed, path })}`,
  ].join('\n');
}

/** What is tried and what is not. */
interface LawPlan<L> {
  readonly trial: Trial;
  readonly tried: readonly L[];
  readonly notChecked: readonly Unchecked[];
}

function planOf<L extends { readonly name: string }>(
  { where }: LawSubject,
  laws: readonly (L | Unchecked)[],
  { law: only, except = [], path, seed: wanted, runs: wantedRuns, shrink = true }: LawOptions,
  runs: number,
): LawPlan<L> {
  const names = laws.map((entry) => ('law' in entry ? entry.law : entry.name));
  for (const name of only === undefined ? except : [only, ...except])
    check(names.includes(name), where, () => `no law called '${name}'; there are ${names.join(', ')}`);
  check(path === undefined || (only !== undefined && wanted !== undefined), where, 'path needs law and seed');
  const seed = wanted ?? fc.readConfigureGlobal().seed ?? Math.floor(Math.random() * 2 ** 31);
  const trial = { seed, runs: wantedRuns ?? runs, shrink, ...(path !== undefined && { path }) };
  const tried: L[] = [];
  const notChecked: Unchecked[] = [];
  for (const entry of laws) {
    if ('reason' in entry) notChecked.push(entry);
    else if (only !== undefined && entry.name !== only)
      notChecked.push({ law: entry.name, reason: `only '${only}' was asked for` });
    else if (except.includes(entry.name)) notChecked.push({ law: entry.name, reason: 'left out by except' });
    else tried.push(entry);
  }
  return { trial, tried, notChecked };
}

/** @throws LawBroken when one failed */
function conclusion(
  subject: LawSubject,
  { trial: { seed }, tried, notChecked }: LawPlan<Pick<Law, 'name' | 'words'>>,
  outcomes: readonly LawOutcome[],
): LawReport {
  const broken = outcomes.filter((outcome) => 'numbers' in outcome);
  const held = outcomes.flatMap((outcome, i) =>
    'numbers' in outcome ? [] : [{ law: tried[i]!.name, words: tried[i]!.words, runs: outcome.runs }],
  );
  const report = { seed, held, notChecked };
  if (broken.length > 0) {
    const count = `${broken.length} of ${outcomes.length} law${outcomes.length === 1 ? '' : 's'}`;
    const text = broken.map((example) => paragraph(subject, example, seed)).join('\n\n');
    throw new LawBroken(subject.where, `${subject.name} breaks ${count}\n\n${text}`, broken, report);
  }
  return report;
}

/**
 * @param laws in the order of the message; an {@link Unchecked} goes to the report
 * @param runs draws for each law where the options name none
 * @throws LawBroken when one fails
 */
export function holdLaws(
  subject: LawSubject,
  laws: readonly (Law | Unchecked)[],
  options: LawOptions,
  runs: number,
): LawReport {
  const plan = planOf(subject, laws, options, runs);
  return conclusion(
    subject,
    plan,
    plan.tried.map((law) => law.attempt(plan.trial)),
  );
}

/** The same of what answers later: one law after the other. */
export async function holdLaterLaws(
  subject: LawSubject,
  laws: readonly (LaterLaw | Unchecked)[],
  options: LawOptions,
  runs: number,
): Promise<LawReport> {
  const plan = planOf(subject, laws, options, runs);
  const outcomes: LawOutcome[] = [];
  for (const law of plan.tried) outcomes.push(await law.attempt(plan.trial));
  return conclusion(subject, plan, outcomes);
}
