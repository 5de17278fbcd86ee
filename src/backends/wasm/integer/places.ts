// Where values lie: those that outlive a phase in pieces that are given on from value to value, others in scratch of
// each thread. Addresses are known once everything has been asked for.

import type { PlanRoom, ValuePlace } from './room';

interface SharedPiece {
  /** Bytes from image to image, whichever value lies in it: images are at different steps at a time. */
  image: number;
  /** The phase from which on it is free. */
  free: number;
  address: number;
}

const wholeLines = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/** A place whose address is known later. */
export type LaterPlace = () => ValuePlace;

export class ValuePlaces {
  readonly #pieces: SharedPiece[] = [];
  #scratch = 0;
  #most = 0;
  #scratchAddress = 0;

  constructor(
    readonly images: number,
    readonly threads: number,
  ) {}

  /** For all images, from a phase to the end of another. */
  value(planeBytes: number, steps: number, [first, last]: readonly [number, number]): LaterPlace {
    const image = wholeLines(planeBytes * steps);
    let piece = this.#pieces
      .filter((one) => one.free <= first)
      .sort((a, b) => Math.abs(a.image - image) - Math.abs(b.image - image))[0];
    if (piece === undefined) {
      piece = { image: 0, free: 0, address: 0 };
      this.#pieces.push(piece);
    }
    piece.image = Math.max(piece.image, image);
    piece.free = Math.max(first, last) + 1;
    const own = piece;
    return () => ({ address: own.address, image: own.image, step: steps === 1 ? 0 : planeBytes, thread: 0 });
  }

  /** Scratch is another phase's from here on. */
  nextPhase(): void {
    this.#scratch = 0;
  }

  /** Of each thread. */
  scratch(planeBytes: number, steps = 1): LaterPlace {
    const offset = this.#scratch;
    this.#scratch += wholeLines(planeBytes * steps + 64);
    this.#most = Math.max(this.#most, this.#scratch);
    return () => ({
      address: this.#scratchAddress + offset,
      image: 0,
      step: steps === 1 ? 0 : planeBytes,
      thread: this.#most,
    });
  }

  /** Takes the memory. */
  settle(room: PlanRoom): void {
    for (const piece of this.#pieces) piece.address = room.take(piece.image * this.images);
    this.#scratchAddress = room.take(this.#most * this.threads);
  }
}
