// What the page asks of the worker that has the compiler and the laws, and what it hears of it. Neurons travel as JSON.

/** Neurons to begin with, and the surrogates that a menu offers. */
export interface Offer {
  readonly zoo: readonly ZooEntry[];
  /** Names, each with its numbers as they are where nothing is said. */
  readonly surrogates: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface ZooEntry {
  readonly name: string;
  readonly title: string;
  readonly own: string;
  /** By how much currents of about 1 are to be multiplied for it to fire. */
  readonly gain: number;
}

/** Texts beside differential equations, which may have mistakes of their own. */
export const besideTexts = ['threshold', 'reset', 'refractory'] as const;
export type BesideText = (typeof besideTexts)[number];

export interface Mistake {
  /** The library's sentence, without the place. */
  readonly words: string;
  /** Where it stands in the equations; absent for what is elsewhere. */
  readonly place?: Place;
  /** The text beside differential equations in which it stands, and where in that text. */
  readonly beside?: { readonly key: BesideText; readonly column: number };
  /** A name that could be a constant. */
  readonly unknown?: string;
}

export interface Place {
  readonly line: number;
  readonly column: number;
  readonly start: number;
  readonly end: number;
}

/** One value over time. */
export interface Trace {
  readonly name: string;
  readonly values: ArrayLike<number>;
  /** Zeros and ones (or minus ones): drawn as bars. */
  readonly isSpikes: boolean;
}

export interface WrittenRun {
  readonly input: ArrayLike<number>;
  readonly traces: readonly Trace[];
  /** Steps in which it fires. */
  readonly events: readonly number[];
  /** What each step of the input changes in the sum of what comes out, by the surrogate. */
  readonly gradient: ArrayLike<number>;
  /** The first value that is no number any more. */
  readonly lost?: { readonly name: string; readonly step: number };
  /** The surrogate: its slope over u, and its name and numbers; absent of a read-out. */
  readonly slope?: { readonly u: readonly number[]; readonly s: readonly number[]; readonly words: string };
  /** What the library makes of it. */
  readonly explained: string;
}

/** What became of one law. */
export type LawAnswer = {
  readonly law: string;
} & (
  | { readonly verdict: 'holds'; readonly words: string }
  | { readonly verdict: 'breaks'; readonly words: string; readonly numbers: readonly string[] }
  | { readonly verdict: 'does not apply'; readonly reason: string }
);

export type Question =
  | { readonly ask: 'offer' }
  | { readonly ask: 'run'; readonly id: number; readonly own: string; readonly input: readonly number[] }
  /** The step of differences that differential equations become. */
  | { readonly ask: 'difference'; readonly own: string }
  | { readonly ask: 'laws'; readonly id: number; readonly own: string };

/** Each names the question that it answers; laws are answered one by one. */
export type Answer =
  | { readonly to: 'offer'; readonly offer: Offer }
  | { readonly to: 'run'; readonly id: number; readonly run: WrittenRun }
  | { readonly to: 'run'; readonly id: number; readonly mistake: Mistake }
  | { readonly to: 'difference'; readonly own: string }
  | { readonly to: 'laws'; readonly id: number; readonly laws: readonly LawAnswer[]; readonly done: boolean };

export type LawNews = Extract<Answer, { to: 'laws' }>;
