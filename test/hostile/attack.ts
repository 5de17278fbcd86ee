// Attacks one reader with mutated files and holds what every reader must keep: a result or a SpikegradError of
// readable length that says where, no more steps than the input has chunks, memory in proportion, and
// Object.prototype as it was.

import fc from 'fast-check';
import { expect } from 'vitest';
import { SpikegradError } from '../../src/errors';
import { type Mutation, mutated, mutations } from './mutations';

/** A reader and files that it takes. */
export interface Reader {
  readonly name: string;
  /** Valid files, small: mutations start from them. */
  readonly files: readonly Uint8Array[];
  /** @returns how many bytes the result holds */
  read(source: Source): number | Promise<number>;
  /** What every refusal must contain: an offset, a field, an entry. */
  readonly place: RegExp;
  /** Most bytes that a result may hold for an input of `length` bytes. */
  most(length: number): number;
  /** Looked at after each input, such as what lies outside of a folder. */
  after?(): void;
}

/** Hands out a file in two chunks, and counts how often it is asked. */
export class Source implements Iterable<Uint8Array> {
  steps = 0;

  constructor(readonly bytes: Uint8Array) {}

  get text(): string {
    return new TextDecoder().decode(this.bytes);
  }

  [Symbol.iterator](): Iterator<Uint8Array> {
    const half = this.bytes.length >> 1;
    const chunks = [this.bytes.subarray(0, half), this.bytes.subarray(half)];
    return {
      next: () => {
        const value = chunks[this.steps++];
        return value === undefined ? { done: true, value: undefined } : { done: false, value };
      },
    };
  }
}

/** Asking on after the end is allowed, but not for ever. */
const MOST_STEPS = 8;
/** Characters of a message: long names and values are to be shortened. */
const LONGEST = 2000;

const prototype = () => Reflect.ownKeys(Object.prototype).concat(Reflect.ownKeys(Array.prototype)).length;

/** Whether the input was refused. */
async function attempt(reader: Reader, bytes: Uint8Array): Promise<boolean> {
  const source = new Source(bytes);
  let refusal: SpikegradError | undefined;
  try {
    const held = await reader.read(source);
    if (held > reader.most(bytes.length))
      expect.fail(`${bytes.length} bytes became ${held}, over ${reader.most(bytes.length)}`);
  } catch (error) {
    if (!(error instanceof SpikegradError)) throw error;
    refusal = error;
  }
  if (source.steps > MOST_STEPS) expect.fail(`asked ${source.steps} times for two chunks`);
  if (refusal !== undefined) {
    const { message } = refusal;
    if (message.length > LONGEST) expect.fail(`a message of ${message.length} characters`);
    if (!reader.place.test(message)) expect.fail(`a message that does not say where: ${message}`);
  }
  reader.after?.();
  return refusal !== undefined;
}

export interface Attack {
  readonly runs: number;
  readonly seed: number;
  readonly onProgress?: (done: number) => void;
}

/** @returns how many inputs were refused; the others were still, or again, files of the format */
export async function attack(reader: Reader, { runs, seed, onProgress }: Attack): Promise<number> {
  for (const file of reader.files) expect(await attempt(reader, file), 'a valid file is refused').toBe(false);
  const before = prototype();
  let refused = 0;
  let done = 0;
  const inputs = fc.tuple(fc.nat(reader.files.length - 1), mutations);
  await fc.assert(
    fc.asyncProperty(inputs, async ([which, mutation]: [number, Mutation]) => {
      if (await attempt(reader, mutated(reader.files[which]!, mutation))) refused++;
      if (prototype() !== before) expect.fail('Object.prototype has changed');
      if (++done % 10_000 === 0) onProgress?.(done);
    }),
    { numRuns: runs, seed },
  );
  expect(done, 'inputs').toBe(runs);
  return refused;
}
