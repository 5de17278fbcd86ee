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
  const { readable, writable } = new DecompressionStream('gzip');
  const output = readable.getReader();
  let sourceFailure: { readonly error: unknown } | undefined;
  // Nobody waits for the feeding: when it fails `output` fails too, and when the consumer stops it has no purpose.
  void feed(head, reader, writable.getWriter(), (error) => {
    sourceFailure = { error };
  });
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

/**
 * Each write is waited for, so that little is read ahead of the consumer. (Node's `pipeThrough` would read 16,384
 * chunks ahead: it takes a limit in bytes for one in chunks.) Never rejects.
 */
async function feed(
  head: Uint8Array,
  reader: ByteReader,
  writer: WritableStreamDefaultWriter<BufferSource>,
  onSourceFailure: (error: unknown) => void,
): Promise<void> {
  // The same failure again, which the readable side reports.
  writer.closed.catch(() => undefined);
  try {
    for (let chunk: Uint8Array = head; chunk.length > 0; ) {
      // A copy: the stream may keep or transfer the buffer, which belongs to the source.
      await writer.write(new Uint8Array(chunk));
      chunk = await reader.takeChunk().catch((error) => {
        onSourceFailure(error);
        throw error;
      });
    }
    await writer.close();
  } catch (error) {
    await writer.abort(error).catch(() => undefined);
  }
}
