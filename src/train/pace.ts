// How fast a run goes and how long it still takes, its tests included. Nothing but the clock is looked at.

/** Images that a run has still to go through. */
export interface Ahead {
  train: number;
  test: number;
}

/**
 * What testing an image takes in steps of training it, as long as no test has been measured: forward without backward.
 */
const TEST_SHARE = 0.35;

/** Seconds by images of one kind of work. */
class Speed {
  #seconds = 0;
  #images = 0;

  add(images: number, seconds: number): void {
    this.#images += images;
    this.#seconds += seconds;
  }

  /** Seconds of an image; undefined before the first. */
  get each(): number | undefined {
    return this.#images === 0 ? undefined : this.#seconds / this.#images;
  }
}

/** The pace of the process that works on a run. */
export class Pace {
  readonly #ahead: Ahead;
  readonly #first = new Speed();
  readonly #training = new Speed();
  readonly #testing = new Speed();
  #mark: number;

  constructor(
    ahead: Ahead,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#ahead = { ...ahead };
    this.#mark = now();
  }

  #passed(): number {
    const before = this.#mark;
    this.#mark = this.now();
    return (this.#mark - before) / 1000;
  }

  /** A step over so many images is done. @returns seconds that it took */
  trained(images: number): number {
    const seconds = this.#passed();
    // the first step compiles and warms up: it counts only as long as it is the only one
    const rate = this.#first.each === undefined ? this.#first : this.#training;
    rate.add(images, seconds);
    this.#ahead.train -= images;
    return seconds;
  }

  /** So many more images have been tested. */
  tested(images: number): void {
    const seconds = this.#passed();
    if (images === 0) return;
    this.#testing.add(images, seconds);
    this.#ahead.test -= images;
  }

  /** Images of training a second, without tests; undefined before the first step. */
  get imagesPerSecond(): number | undefined {
    const each = this.#training.each ?? this.#first.each;
    return each === undefined ? undefined : 1 / each;
  }

  /** Seconds that testing so many images will take, as far as that can be told. */
  testSeconds(images: number): number | undefined {
    const training = this.#training.each ?? this.#first.each;
    const each = this.#testing.each ?? (training === undefined ? undefined : TEST_SHARE * training);
    return each === undefined ? undefined : images * each;
  }

  /** Seconds to the end of the run; undefined before the first step. */
  get left(): number | undefined {
    const each = this.#training.each ?? this.#first.each;
    if (each === undefined) return undefined;
    const { train, test } = this.#ahead;
    return Math.max(0, train) * each + this.testSeconds(Math.max(0, test))!;
  }
}
