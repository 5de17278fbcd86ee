import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DownloadProgress, downloadArchive } from '../../src/data/download/node';
import {
  listing,
  noise,
  plain,
  progressWatch,
  QUICK,
  SMALL,
  SMALL_FILES,
  sendFile,
  setUp,
} from './download-helpers';

const PART = 'small.tar.gz.part';

/** Leaves the first `length` bytes of the archive as an earlier run would, with the note of where they came from. */
async function leavePart(directory: string, bytes: Buffer, origin?: { url: string; validator: string }) {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, PART), bytes);
  if (origin) await writeFile(join(directory, `${PART}.origin`), `${origin.url}\n${origin.validator}\n`);
}

describe('a download that resumes', () => {
  test('goes on where the server cut the connection', async () => {
    const client = progressWatch();
    const { archive, directory, requests } = await setUp((request, response, count) =>
      sendFile(
        request,
        response,
        SMALL,
        count === 1 ? { stopAt: 100_000, beforeStop: client.reaches(100_000) } : {},
      ),
    );
    await downloadArchive(archive, { directory, ...QUICK, onProgress: client.onProgress });
    expect(requests).toEqual(['/small.tar.gz whole', '/small.tar.gz bytes=100000-']);
    expect(await listing(directory)).toEqual(SMALL_FILES);
  });

  test('does not count tries that brought something new', async () => {
    const client = progressWatch();
    const { archive, directory, requests } = await setUp((request, response, count) => {
      const stopAt = count * 30_000;
      sendFile(request, response, SMALL, { stopAt, beforeStop: client.reaches(stopAt) });
    });
    await downloadArchive(archive, {
      directory,
      retryWaits: [0],
      stallTimeout: 5000,
      onProgress: client.onProgress,
    });
    expect(requests.length).toBe(Math.ceil(SMALL.length / 30_000));
    expect(await listing(directory)).toEqual(SMALL_FILES);
  });

  test('arrives however often and wherever the connection is cut, as long as each try brings something', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: SMALL.length - 1 }), { maxLength: 5 }),
        async (cuts) => {
          const { archive, directory } = await setUp((request, response, count) => {
            const stopAt = [...cuts].sort((x, y) => x - y)[count - 1];
            sendFile(request, response, SMALL, { stopAt, etag: '"one"' });
          });
          await downloadArchive(archive, { directory, stallTimeout: 5000, retryWaits: [0, 0, 0, 0, 0, 0] });
          expect(await listing(directory)).toEqual(SMALL_FILES);
        },
      ),
      { numRuns: 12 },
    );
  });

  test('keeps the part when the signal fires, says so, and the next run asks only for the rest', async () => {
    const { archive, directory, requests } = await setUp((request, response, count) => {
      if (count > 1) sendFile(request, response, SMALL);
      else sendFile(request, response, SMALL, { stopAt: 100_000, beforeStop: new Promise(() => {}) });
    });
    const controller = new AbortController();
    const reason = new Error('enough');
    const onProgress = ({ received }: DownloadProgress) => received >= 100_000 && controller.abort(reason);
    const first = downloadArchive(archive, { directory, ...QUICK, signal: controller.signal, onProgress });
    await expect(first).rejects.toThrow(
      `stopped; 100000 of ${SMALL.length} bytes are kept in ${join(directory, PART)}`,
    );
    await expect(first).rejects.toMatchObject({ name: 'SpikegradError', cause: reason });
    expect((await stat(join(directory, PART))).size).toBe(100_000);

    await downloadArchive(archive, { directory, ...QUICK });
    expect(requests[1]).toBe('/small.tar.gz bytes=100000-');
    expect(await listing(directory)).toEqual(SMALL_FILES);
  });

  test('stops during a wait between two tries', async () => {
    const { archive, directory } = await setUp((_, response) => response.writeHead(503).end());
    const download = downloadArchive(archive, {
      directory,
      stallTimeout: 5000,
      retryWaits: [1_000_000],
      signal: AbortSignal.timeout(100),
    });
    await expect(download).rejects.toThrow('downloadDataset: stopped');
  });

  test('asks for nothing when the signal has fired before the start', async () => {
    const { archive, directory, requests } = await setUp(plain);
    await expect(
      downloadArchive(archive, { directory, ...QUICK, signal: AbortSignal.abort() }),
    ).rejects.toThrow('stopped');
    expect(requests).toEqual([]);
  });

  test('starts over when the server has no ranges and answers 200', async () => {
    const { archive, directory, requests } = await setUp((_, response) => response.end(SMALL));
    await leavePart(directory, noise(70_000, 3));
    await downloadArchive(archive, { directory, ...QUICK });
    expect(requests).toEqual(['/small.tar.gz bytes=70000-']);
    expect(await listing(directory)).toEqual(SMALL_FILES);
  });

  test('starts over when the ETag has changed, through If-Range', async () => {
    const { archive, directory, requests } = await setUp(plain);
    await leavePart(directory, noise(70_000, 3), { url: archive.url, validator: '"zero"' });
    await downloadArchive(archive, { directory, ...QUICK });
    expect(requests).toHaveLength(1);
    expect(await listing(directory)).toEqual(SMALL_FILES);
  });

  test('starts over when the ETag has changed and the server does not know If-Range', async () => {
    const { archive, directory, requests } = await setUp((request, response) => {
      delete request.headers['if-range'];
      plain(request, response, 0);
    });
    await leavePart(directory, noise(70_000, 3), { url: archive.url, validator: '"zero"' });
    await downloadArchive(archive, { directory, ...QUICK });
    expect(requests).toEqual(['/small.tar.gz bytes=70000-', '/small.tar.gz whole']);
    expect(await listing(directory)).toEqual(SMALL_FILES);
  });

  test('goes on with the part of another mirror, whose ETag means nothing here', async () => {
    const { archive, directory, requests } = await setUp(plain);
    const part = SMALL.subarray(0, 70_000);
    await leavePart(directory, part, { url: 'https://other.example/x', validator: '"x"' });
    const seen: number[] = [];
    const onProgress = ({ received }: DownloadProgress) => seen.push(received);
    await downloadArchive(archive, { directory, ...QUICK, onProgress });
    expect(requests).toEqual(['/small.tar.gz bytes=70000-']);
    expect(seen[0]).toBe(70_000);
    expect(await listing(directory)).toEqual(SMALL_FILES);
  });

  test('holds the part to the date of the file where the ETag is weak', async () => {
    const client = progressWatch();
    const date = 'Mon, 08 Jun 2009 00:00:00 GMT';
    const conditions: (string | undefined)[] = [];
    const { archive, directory } = await setUp((request, response, count) => {
      conditions.push(request.headers['if-range']?.toString());
      delete request.headers['if-range'];
      response.setHeader('Last-Modified', date);
      const stop = count === 1 ? { stopAt: 100_000, beforeStop: client.reaches(100_000) } : {};
      sendFile(request, response, SMALL, { etag: 'W/"one"', ...stop });
    });
    await downloadArchive(archive, { directory, ...QUICK, onProgress: client.onProgress });
    expect(conditions).toEqual([undefined, date]);
  });

  test('does not ask again for a part that is complete', async () => {
    const { archive, directory, requests } = await setUp(plain);
    await leavePart(directory, SMALL);
    await downloadArchive(archive, { directory, ...QUICK });
    expect(requests).toEqual([]);
    expect(await listing(directory)).toEqual(SMALL_FILES);
  });

  test('starts over when the part is longer than the file', async () => {
    const { archive, directory, requests } = await setUp(plain);
    await leavePart(directory, noise(SMALL.length + 5, 3));
    await downloadArchive(archive, { directory, ...QUICK });
    expect(requests).toEqual(['/small.tar.gz whole']);
  });

  test.each([
    ['another start', 206, `bytes 0-${SMALL.length - 1}/${SMALL.length}`],
    ['no Content-Range', 206, undefined],
    ['416 without a size', 416, undefined],
  ])('starts over when the answer to a range has %s', async (_, status, contentRange) => {
    const { archive, directory, requests } = await setUp((request, response) => {
      if (request.headers.range === undefined) return sendFile(request, response, SMALL);
      if (contentRange) response.setHeader('Content-Range', contentRange);
      response.writeHead(status).end();
    });
    await leavePart(directory, SMALL.subarray(0, 70_000));
    await downloadArchive(archive, { directory, ...QUICK });
    expect(requests).toEqual(['/small.tar.gz bytes=70000-', '/small.tar.gz whole']);
    expect(await listing(directory)).toEqual(SMALL_FILES);
  });
});
