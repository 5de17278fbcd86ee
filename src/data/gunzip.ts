// Gzip or not, found out from the first two bytes, and undone with the web-standard DecompressionStream (Node and
// browsers). Only gzip: no zip, no tar.

import { SpikegradError } from '../errors';
import { ByteReader, type ByteSource } from './bytes';

/**
 * The bytes of `source`, decompressed where they start with gzip's magic 1f 8b (RFC 1952, section 2.3.1) and as they
 * are otherwise. The source is closed when the consumer stops.
 * @param where the function that error messages name
 * @throws SpikegradError where compressed data is damaged or ends early; errors of `source` pass through as they are
 */
export async function* ungzip(
  source: ByteSource,
  where: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = new ByteReader(source, where);
  let failed = false;
  try {
    const head = (await reader.take(2)).slice();
    if (head[0] === 0x1f && head[1] === 0x8b) {
      yield* decompress(head, reader, where);
    } else {
      for (let chunk: Uint8Array = head; chunk.length > 0; chunk = await reader.takeChunk()) yield chunk;
    }
  } catch (error) {
    failed = true;
    throw error;
  } finally {
    const closing = reader.close();
    await (failed ? closing.catch(() => undefined) : closing);
  }
}

async function* decompress(
  head: Uint8Array,
  reader: ByteReader,
  where: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  let unread: Uint8Array | undefined = head;
  let sourceFailure: { readonly error: unknown } | undefined;
  const compressed = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        try {
          const chunk = unread ?? (await reader.takeChunk());
          unread = undefined;
          // A copy: the stream may keep or transfer the buffer, which belongs to the source.
          if (chunk.length > 0) controller.enqueue(new Uint8Array(chunk));
          else controller.close();
        } catch (error) {
          sourceFailure = { error };
          throw error;
        }
      },
    },
    { highWaterMark: 0 },
  );
  const output = compressed.pipeThrough(new DecompressionStream('gzip')).getReader();
  let produced = 0;
  try {
    for (;;) {
      const step = await output.read();
      if (step.done) return;
      produced += step.value.length;
      yield step.value;
    }
  } catch (error) {
    if (sourceFailure) throw sourceFailure.error;
    const position = `byte ${reader.offset} of the compressed and ${produced} of the decompressed data`;
    throw new SpikegradError(where, `gzip data is damaged or ends early, near ${position}`, { cause: error });
  } finally {
    await output.cancel().catch(() => undefined);
  }
}
