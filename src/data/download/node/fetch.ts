// One file over HTTP into `<part>`, going on where an earlier try stopped. It decides what to retry and what to give
// up; it neither hashes nor unpacks. Beside the part stands `<part>.origin`: the address and the ETag (or date) that
// the part came from, so that a file that changed on the server is not continued with the bytes of another.

import { constants } from 'node:fs';
import { type FileHandle, open, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { check, SpikegradError } from '../../../errors';
import { WHERE } from '../sources';
import { diskError, reasonOf, stopped, throwIfStopped } from './errors';
import { sizeOf } from './hash';

export interface FetchPlan {
  readonly url: string;
  /** The file to fill. */
  readonly part: string;
  /** The size that the whole file must have. */
  readonly bytes: number;
  /** Milliseconds to wait before the first, second, … retry in a row that brought nothing new. */
  readonly retryWaits: readonly number[];
  /** Milliseconds without a byte after which a connection counts as broken. */
  readonly stallTimeout: number;
  readonly signal: AbortSignal | undefined;
  /** Called with the bytes that are on disk so far. */
  readonly onBytes: (received: number) => void;
}

/** A failure worth another try: the connection broke, stalled, or the server is busy. */
class Broken extends Error {}

/** The part does not fit what the server has now: drop it and begin at the first byte. */
class StartOver extends Broken {}

/**
 * Fills `plan.part` to exactly `plan.bytes` bytes. Retries while tries bring something new, then `retryWaits.length`
 * times.
 *
 * @throws SpikegradError if the server refuses, offers another size, stays broken, the disk is full or the signal
 *   fires; what has arrived stays in the part, unless the server sent more than `plan.bytes`
 */
export async function fetchWithResume(plan: FetchPlan): Promise<void> {
  let most = (await sizeOf(plan.part)) ?? 0;
  let failures = 0;
  let startedOver = false;
  for (;;) {
    throwIfStopped(plan.signal, await keptText(plan));
    try {
      await attempt(plan);
      return;
    } catch (error) {
      if (plan.signal?.aborted) throw stopped(plan.signal, await keptText(plan));
      if (!(error instanceof Broken)) throw diskError(error, plan.part, await keptText(plan));
      if (error instanceof StartOver) {
        await dropPart(plan.part);
        if (!startedOver) {
          startedOver = true;
          continue;
        }
      }
      const size = (await sizeOf(plan.part)) ?? 0;
      if (size > most) {
        most = size;
        failures = 0;
      }
      const wait = plan.retryWaits[failures];
      failures++;
      if (wait === undefined) {
        throw new SpikegradError(
          WHERE,
          `${plan.url} failed ${failures} times in a row, last: ${error.message}; ${await keptText(plan)}`,
          { cause: error },
        );
      }
      await sleep(wait, undefined, { signal: plan.signal }).catch(() => undefined);
    }
  }
}

/** Removes a part and the note of its origin. */
export async function dropPart(part: string): Promise<void> {
  await Promise.all([rm(part, { force: true }), rm(originFile(part), { force: true })]);
}

/** What an error says of the bytes that have arrived. */
async function keptText({ part, bytes }: FetchPlan): Promise<string> {
  const size = (await sizeOf(part).catch(() => undefined)) ?? 0;
  return `${size} of ${bytes} bytes are kept in ${part} and the next run goes on from there`;
}

/** One request, and its body into the part. */
async function attempt(plan: FetchPlan): Promise<void> {
  const { url, part, bytes, stallTimeout, signal } = plan;
  const size = (await sizeOf(part)) ?? 0;
  const have = size > bytes ? 0 : size;
  if (have === bytes) return;

  const connection = new AbortController();
  const either = signal ? AbortSignal.any([signal, connection.signal]) : connection.signal;
  const answered = async <T>(work: Promise<T>): Promise<T> => {
    const stalled = () => connection.abort(new Error(`nothing arrived for ${stallTimeout} ms`));
    const timer = setTimeout(stalled, stallTimeout);
    try {
      return await work;
    } catch (error) {
      throw new Broken(reasonOf(error), { cause: error });
    } finally {
      clearTimeout(timer);
    }
  };

  try {
    const origin = have > 0 ? await readOrigin(part, url) : undefined;
    const headers: Record<string, string> = { 'Accept-Encoding': 'identity' };
    if (have > 0) headers.Range = `bytes=${have}-`;
    if (origin !== undefined) headers['If-Range'] = origin;
    const response = await answered(fetch(url, { headers, signal: either }));
    const start = startOfBody(response, have, bytes, origin, url);
    if (start === 0) await writeOrigin(part, url, response.headers);
    check(response.body, WHERE, () => `${url} answers without a body`);
    const reader = response.body.getReader();
    await fillPart(plan, start, async () => (await answered(reader.read())).value);
  } finally {
    connection.abort();
  }
}

/** At which byte of the file the body begins, or an error where the answer cannot be used. */
function startOfBody(
  response: Response,
  have: number,
  bytes: number,
  origin: string | undefined,
  url: string,
): number {
  const { status, headers } = response;
  const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
  const total = status === 200 ? headers.get('content-length') : range?.[2];
  const retry = status >= 500 || status === 408 || status === 425 || status === 429;
  if (retry) throw new Broken(`the server answers ${status} ${response.statusText}`);
  check(
    status === 200 || status === 206 || status === 416,
    WHERE,
    () => `${url} answers ${status} ${response.statusText}; check the address, or give another source`,
  );

  const encoding = headers.get('content-encoding') ?? 'identity';
  check(
    encoding === 'identity' || status === 416,
    WHERE,
    () => `${url} comes with Content-Encoding ${encoding}, which would change its bytes; give another source`,
  );
  check(
    !total || total === '*' || Number(total) === bytes,
    WHERE,
    () => `${url} has ${total} bytes, expected ${bytes}: it is not the published file; give another source`,
  );

  if (status === 200) return 0;
  if (status === 416) throw new StartOver(`the server refuses to go on from byte ${have} (416)`);
  const current = validatorOf(headers);
  if (origin !== undefined && current !== undefined && current !== origin) {
    throw new StartOver('the file changed on the server');
  }
  if (have === 0 || Number(range?.[1] ?? -1) !== have) {
    throw new StartOver(`asked for bytes from ${have}, got Content-Range ${headers.get('content-range')}`);
  }
  return have;
}

/** Writes pieces to the part from byte `start` on, until `next` gives undefined. */
async function fillPart(
  plan: FetchPlan,
  start: number,
  next: () => Promise<Uint8Array | undefined>,
): Promise<void> {
  const { part, bytes, url } = plan;
  let position = start;
  const handle = await open(part, constants.O_RDWR | constants.O_CREAT);
  try {
    if ((await handle.stat()).size > start) await handle.truncate(start);
    plan.onBytes(position);
    for (let piece = await next(); piece !== undefined; piece = await next()) {
      if (position + piece.length > bytes) {
        await dropPart(part);
        throw new SpikegradError(
          WHERE,
          `${url} sends more than the expected ${bytes} bytes: it is not the published file; give another source`,
        );
      }
      await writeAll(handle, piece, position);
      position += piece.length;
      plan.onBytes(position);
    }
    if (position < bytes) throw new Broken(`the connection ended after ${position} of ${bytes} bytes`);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** A write may be short where the disk is nearly full; the next one then gives the error. */
async function writeAll(handle: FileHandle, data: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < data.length; ) {
    written += (await handle.write(data, written, data.length - written, position + written)).bytesWritten;
  }
}

/** What identifies this version of the file. A weak ETag does not promise the same bytes, so the date stands in. */
function validatorOf(headers: Headers): string | undefined {
  const etag = headers.get('etag');
  return (etag?.startsWith('"') ? etag : headers.get('last-modified')) ?? undefined;
}

function originFile(part: string): string {
  return `${part}.origin`;
}

async function writeOrigin(part: string, url: string, headers: Headers): Promise<void> {
  await writeFile(originFile(part), `${url}\n${validatorOf(headers) ?? ''}\n`);
}

/** The validator of the part, if it came from this very address. Another mirror's ETag says nothing about it. */
async function readOrigin(part: string, url: string): Promise<string | undefined> {
  const text = await readFile(originFile(part), 'utf8').catch(() => '');
  const [address, validator] = text.split('\n');
  return address === url && validator ? validator : undefined;
}
