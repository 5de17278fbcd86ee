// Draws of any arbitrary, shrunk in a way of our own.

import fc from 'fast-check';

export interface Shrinking<T> {
  /** Values that are simpler than one that failed, the simplest first. */
  readonly simpler: (value: T) => IterableIterator<T>;
  /** Those of them that the arbitrary may give. */
  readonly allowed: (value: T) => boolean;
  /** Whether a value that came from elsewhere can be shrunk too. Default: none can. */
  readonly knows?: (value: unknown) => value is T;
}

class Shrunk<T> extends fc.Arbitrary<T> {
  constructor(
    readonly drawn: fc.Arbitrary<T>,
    readonly shrinking: Shrinking<T>,
  ) {
    super();
  }

  generate(random: fc.Random, bias: number | undefined): fc.Value<T> {
    return new fc.Value(this.drawn.generate(random, bias).value, undefined);
  }

  canShrinkWithoutContext(value: unknown): value is T {
    return this.shrinking.knows?.(value) ?? false;
  }

  shrink(value: T): fc.Stream<fc.Value<T>> {
    const { simpler, allowed } = this.shrinking;
    return fc
      .stream(simpler(value))
      .filter(allowed)
      .map((candidate) => new fc.Value(candidate, undefined));
  }
}

/** The same draws, shrunk as told. */
export function shrunk<T>(drawn: fc.Arbitrary<T>, shrinking: Shrinking<T>): fc.Arbitrary<T> {
  return new Shrunk(drawn, shrinking);
}
