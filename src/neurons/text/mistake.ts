// A mistake in equations: where it stands, what was expected. It shows the line with a mark below it, and keeps line
// and column for a page that underlines.

import { check, SpikegradError } from '../../errors';

/** A piece of a text: from `start` up to `end`, both counted in characters. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A mistake in the text of a neuron, a surrogate or a rectifier. */
export class EquationError extends SpikegradError {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Characters that are meant, at least 1. */
  readonly length: number;
  readonly #text: string;
  readonly #span: Span;

  /** @param text the whole text, of which `span` is the piece that is wrong */
  constructor(
    text: string,
    span: Span,
    /** What is wrong, without the place. */
    readonly mistake: string,
    where = 'neuron',
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
    const { shown, mark } = marked((text.split('\n')[line - 1] ?? '').replace(/\r$/, ''), column - 1, length);
    super(where, `line ${line}, column ${column}: ${mistake}\n  ${shown}\n  ${mark}`);
    this.line = line;
    this.column = column;
    this.length = length;
    this.#text = text;
    this.#span = span;
  }

  /** The same in the name of another function. */
  in(where: string): EquationError {
    return new EquationError(this.#text, this.#span, this.mistake, where);
  }
}

/** Characters of a line that a message shows. */
const WIDTH = 100;

/** The line, or what of a long one lies around the mistake, and the mark to stand below it. */
function marked(line: string, at: number, length: number): { shown: string; mark: string } {
  const from = at < WIDTH - 10 ? 0 : at - WIDTH / 2;
  // tabs and the like take one column, as they are counted
  const piece = line.slice(from, from + WIDTH).replace(/\p{Cc}/gu, ' ');
  const [before, after] = [from > 0 ? '…' : '', from + WIDTH < line.length ? '…' : ''];
  const under = Math.max(1, Math.min(length, piece.length - (at - from)));
  const mark = ' '.repeat(before.length + at - from) + '^'.repeat(under);
  return { shown: before + piece + after, mark };
}
