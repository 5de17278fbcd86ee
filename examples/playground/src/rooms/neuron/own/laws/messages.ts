// What the page asks of the laws and what it hears of them.

/** A neuron to be checked, as JSON. A later question takes the place of an earlier one. */
export interface LawQuestion {
  readonly id: number;
  readonly neuron: string;
}

/** What became of one law. */
export type LawAnswer = {
  readonly law: string;
} & (
  | { readonly verdict: 'holds'; readonly words: string }
  | { readonly verdict: 'breaks'; readonly words: string; readonly numbers: readonly string[] }
  | { readonly verdict: 'does not apply'; readonly reason: string }
);

/** So far: the laws that have been tried, in their order. */
export interface LawNews {
  readonly id: number;
  readonly answers: readonly LawAnswer[];
  readonly done: boolean;
}
