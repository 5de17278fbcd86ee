import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteReader, type ByteSource, GrowingBytes, withReader } from '../../src/data/bytes';
import { Counted, chunkSizes, cut, randomBytes } from './sources';

describe('ByteReader', () => {
  test('hands out the same bytes in pieces of any size, however they were cut', async () => {
    const bytes = randomBytes(500, 2);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(90), { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        async (sizes, wanted, asynchronous) => {
          const chunks = cut(bytes, sizes);
          const reader = new ByteReader(asynchronous ? new Counted(chunks) : chunks, 'test');
          const seen: number[] = [];
          for (let i = 0; ; i++) {
            const size = wanted[i % wanted.length]!;
            const piece = await reader.take(size);
            seen.push(...piece);
            expect(reader.offset).toBe(seen.length);
            if (piece.length < size) break;
          }
          expect(seen).toEqual([...bytes]);
        },
      ),
    );
  });

  test('takeChunk gives what lies ready, passes over empty chunks and is empty only at the end', async () => {
    const chunks = [Uint8Array.of(1, 2, 3), new Uint8Array(0), Uint8Array.of(4)];
    const reader = new ByteReader(chunks, 'test');
    expect([...(await reader.take(1))]).toEqual([1]);
    expect([...(await reader.takeChunk())]).toEqual([2, 3]);
    expect([...(await reader.takeChunk())]).toEqual([4]);
    expect([...(await reader.takeChunk())]).toEqual([]);
    expect(reader.offset).toBe(4);
  });

  test('a piece of a Node Buffer is a plain Uint8Array, so that slice copies it', async () => {
    const chunk = Buffer.from([0, 1, 2, 3]).subarray(1);
    const copy = (await new ByteReader([chunk], 'test').take(2)).slice();
    chunk.fill(9);
    expect(copy).toEqual(Uint8Array.of(1, 2));
  });

  test('a piece of 4 GiB that a source of 3 bytes cannot give is those 3 bytes', async () => {
    expect((await new ByteReader([Uint8Array.of(1, 2, 3)], 'test').take(2 ** 32)).length).toBe(3);
  });

  test.each([
    ['text instead of bytes', ['abc'], 'test: expects chunks of type Uint8Array, got string'],
    ['wider integers', [new Uint16Array(2)], 'test: expects chunks of type Uint8Array, got object'],
    ['no iterable', 7, 'test: expects bytes, or an (async) iterable of chunks of them, got 7'],
    ['nothing', undefined, 'test: expects bytes, or an (async) iterable of chunks of them, got undefined'],
  ])('refuses %s', async (_, source, message) => {
    const reading = withReader(source as unknown as ByteSource, 'test', (reader) => reader.take(1));
    await expect(reading).rejects.toThrow(message);
  });
});

describe('withReader', () => {
  const chunks = [Uint8Array.of(1), Uint8Array.of(2)];

  test('closes a source that was not read to its end, once', async () => {
    const source = new Counted(chunks);
    await withReader(source, 'test', (reader) => reader.take(1));
    expect([source.nexts, source.returns]).toEqual([1, 1]);
  });

  test('does not close a source that ended or failed by itself', async () => {
    const ended = new Counted(chunks);
    await withReader(ended, 'test', (reader) => reader.take(9));
    expect([ended.nexts, ended.returns]).toEqual([3, 0]);
    const failed = new Counted(chunks, new Error('line lost'));
    await expect(withReader(failed, 'test', (reader) => reader.take(9))).rejects.toThrow('line lost');
    expect(failed.returns).toBe(0);
  });

  test('closes the source where the body throws, and the error of the body wins', async () => {
    const source: ByteSource = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: Uint8Array.of(1) }),
        return: () => Promise.reject(new Error('of closing')),
      }),
    };
    const throwing = withReader(source, 'test', async () => {
      throw new Error('of the body');
    });
    await expect(throwing).rejects.toThrow('of the body');
    await expect(withReader(source, 'test', (reader) => reader.take(1))).rejects.toThrow('of closing');
  });
});

describe('GrowingBytes', () => {
  test('holds what was appended, in an array of exactly that size', () => {
    fc.assert(
      fc.property(chunkSizes, (sizes) => {
        const bytes = new GrowingBytes('test');
        const expected: Uint8Array[] = [];
        for (const [i, size] of sizes.entries()) {
          const part = new Uint8Array(size).fill(i + 1);
          expected.push(part);
          if (i % 2) bytes.append(part);
          else bytes.extend(size).set(part);
        }
        const all = bytes.finish();
        expect(bytes.length).toBe(all.length);
        expect(all.buffer.byteLength).toBe(all.length);
        expect(Buffer.compare(all, Buffer.concat(expected))).toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  test('says so where the memory does not suffice', () => {
    expect(() => new GrowingBytes('readAll').extend(2 ** 52)).toThrow(
      `readAll: cannot hold ${2 ** 52} bytes in memory; read fewer records (limit), or in parts`,
    );
  });
});
