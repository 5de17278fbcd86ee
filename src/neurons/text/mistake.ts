// A mistake in equations: where it stands, what was expected. It shows the line with a mark below it, and keeps line
// and column for a page that underlines.

import { check, SpikegradError } from '../../errors';

/** A piece of a text: from `start` up to `end`, both counted in characters. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A mistake in the text of a neuron. */
export class EquationError extends SpikegradError {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Characters that are meant, at least 1. */
  readonly length: number;

  /** @param text the whole text, of which `span` is the piece that is wrong */
  constructor(
    text: string,
    span: Span,
    /** What is wrong, without the place. */
    readonly mistake: string,
  ) {
    check(
      typeof text === 'string' && Number.isInteger(span?.start) && Number.isInteger(span.end),
      'EquationError',
      'takes a text and a span { start, end } of it',
    );
    const before = text.slice(0, span.start).split('\n');
    const line = before.length;
    const column = before[line - 1]!.length + 1;
    const length = Math.max(1, span.end - span.start);
    const whole = text.split('\n')[line - 1] ?? '';
    const mark = '^'.repeat(Math.max(1, Math.min(length, whole.length - column + 1)));
    super(
      'neuron',
      `line ${line}, column ${column}: ${mistake}\n  ${whole}\n  ${' '.repeat(column - 1)}${mark}`,
    );
    this.line = line;
    this.column = column;
    this.length = length;
  }
}
