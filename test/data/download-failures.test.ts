import { existsSync } from 'node:fs';
import { lstat, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type DownloadProgress, downloadArchive } from '../../src/data/download/node';
import {
  freshFolder,
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

describe('a download that fails', () => {
  test('gives up at once at a 404 and names the address', async () => {
    const { archive, directory, requests } = await setUp((_, response) =>
      response.writeHead(404).end('gone'),
    );
    await expect(downloadArchive(archive, { directory, ...QUICK })).rejects.toThrow(
      `downloadDataset: ${archive.url} answers 404 Not Found; check the address`,
    );
    expect(requests).toHaveLength(1);
  });

  test('tries a 500 again and gives up after the last wait', async () => {
    const { archive, directory, requests } = await setUp((_, response) => response.writeHead(500).end());
    await expect(downloadArchive(archive, { directory, ...QUICK })).rejects.toThrow(
      /failed 4 times in a row.* 500/,
    );
    expect(requests).toHaveLength(4);
  });

  test('survives a server that is busy for a moment', async () => {
    const { archive, directory } = await setUp((request, response, count) => {
      if (count < 3) response.writeHead(count === 1 ? 503 : 429).end();
      else plain(request, response, count);
    });
    await downloadArchive(archive, { directory, ...QUICK });
    expect(await listing(directory)).toEqual(SMALL_FILES);
  });

  test('says why nothing can be reached', async () => {
    const { archive, directory, close } = await setUp(plain);
    await close();
    await expect(downloadArchive(archive, { directory, ...QUICK, retryWaits: [] })).rejects.toThrow(
      /failed 1 times in a row, last: .*ECONNREFUSED.*; 0 of \d+ bytes are kept/,
    );
  });

  test('refuses other bytes of the right size, gives both hashes and removes them', async () => {
    const wrong = noise(SMALL.length, 4);
    const { archive, directory } = await setUp((request, response) => sendFile(request, response, wrong));
    await expect(downloadArchive(archive, { directory, ...QUICK })).rejects.toThrow(
      new RegExp(`expected SHA-256 ${archive.sha256}, got [0-9a-f]{64}`),
    );
    expect(await listing(directory)).toEqual([]);
  });

  test.each([
    ['shorter', SMALL.subarray(0, 1000)],
    ['longer', Buffer.concat([SMALL, SMALL])],
  ])('refuses a file that the server says is %s, before it is transferred', async (_, bytes) => {
    const { archive, directory, requests } = await setUp((request, response) =>
      sendFile(request, response, bytes),
    );
    await expect(downloadArchive(archive, { directory, ...QUICK })).rejects.toThrow(
      `${archive.url} has ${bytes.length} bytes, expected ${SMALL.length}`,
    );
    expect(requests).toHaveLength(1);
    expect(await listing(directory)).toEqual([]);
  });

  test('stops a stream that never ends as soon as it is too long, and keeps none of it', async () => {
    const { archive, directory, requests } = await setUp((_, response) => {
      const piece = noise(50_000, 5);
      const more = () => {
        while (!response.destroyed && response.write(piece));
      };
      response.on('drain', more);
      more();
    });
    await expect(downloadArchive(archive, { directory, ...QUICK })).rejects.toThrow(
      `sends more than the expected ${SMALL.length} bytes`,
    );
    expect(requests).toHaveLength(1);
    expect(await listing(directory)).toEqual([]);
  });

  test('notices a file that ends too early without a stated size', async () => {
    const short = SMALL.subarray(0, 90_000);
    const { archive, directory } = await setUp((request, response) => {
      if (request.headers.range) return sendFile(request, response, short);
      response.write(short);
      response.end();
    });
    await expect(downloadArchive(archive, { directory, ...QUICK })).rejects.toThrow(
      `has 90000 bytes, expected ${SMALL.length}`,
    );
  });

  test('gives up on a server that always cuts at the same byte and knows no ranges', async () => {
    const client = progressWatch();
    const { archive, directory, requests } = await setUp((request, response, count) => {
      if (count > 10) return sendFile(request, response, SMALL); // enough of that: lets an endless run end
      delete request.headers.range;
      sendFile(request, response, SMALL, { stopAt: 60_000, beforeStop: client.reaches(60_000) });
    });
    await expect(
      downloadArchive(archive, { directory, ...QUICK, onProgress: client.onProgress }),
    ).rejects.toThrow(/failed 4 times in a row, last: /);
    expect(requests).toHaveLength(4);
  });

  test('breaks a connection that has stalled and resumes it', async () => {
    const { archive, directory, requests } = await setUp((request, response, count) => {
      if (count > 1) sendFile(request, response, SMALL);
      else sendFile(request, response, SMALL, { stopAt: 100_000, beforeStop: new Promise(() => {}) });
    });
    await downloadArchive(archive, { directory, ...QUICK, stallTimeout: 500 });
    expect(requests.length).toBeGreaterThan(1);
    expect(await listing(directory)).toEqual(SMALL_FILES);
  });

  test('names the stall when the server never answers', async () => {
    const { archive, directory } = await setUp(() => {});
    await expect(downloadArchive(archive, { directory, retryWaits: [], stallTimeout: 50 })).rejects.toThrow(
      'nothing arrived for 50 ms',
    );
  });

  test('asks for the bytes as they are and refuses an answer that is compressed on the way', async () => {
    let accepted: string | undefined;
    const { archive, directory } = await setUp((request, response) => {
      accepted = request.headers['accept-encoding']?.toString();
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(SMALL);
    });
    await expect(downloadArchive(archive, { directory, ...QUICK })).rejects.toThrow('Content-Encoding gzip');
    expect(accepted).toBe('identity');
  });

  test.skipIf(!existsSync('/dev/full'))(
    'says that the disk is full and keeps the part (needs /dev/full)',
    async () => {
      const { archive, directory } = await setUp(plain);
      await mkdir(directory);
      await symlink('/dev/full', join(directory, PART));
      await expect(downloadArchive(archive, { directory, ...QUICK })).rejects.toThrow(
        /no space is left on the disk for .*\(ENOSPC\); .* are kept in .*free some space/,
      );
      expect((await lstat(join(directory, PART))).isSymbolicLink()).toBe(true);
    },
  );

  test('says what is wrong with a folder that is a file', async () => {
    const { archive } = await setUp(plain);
    const file = join(await freshFolder(), 'taken');
    await writeFile(file, 'x');
    await expect(downloadArchive(archive, { directory: file, ...QUICK })).rejects.toThrow(
      `downloadDataset: the file system refuses ${file}: a part of its path is a file and no folder`,
    );
  });

  test('lets an error of the progress callback through without another try', async () => {
    const { archive, directory, requests } = await setUp(plain);
    const onProgress = () => {
      throw new RangeError('mine');
    };
    await expect(downloadArchive(archive, { directory, ...QUICK, onProgress })).rejects.toThrow(RangeError);
    expect(requests).toHaveLength(1);
  });

  test('keeps a complete part when the signal fires during verifying or unpacking', async () => {
    const { archive, directory, requests } = await setUp(plain);
    for (const phase of ['verify', 'unpack']) {
      const controller = new AbortController();
      const onProgress = (progress: DownloadProgress) => progress.phase === phase && controller.abort();
      const run = downloadArchive(archive, { directory, ...QUICK, signal: controller.signal, onProgress });
      await expect(run).rejects.toThrow(
        `is kept and the next run ${phase === 'verify' ? 'verifies' : 'unpacks'} it`,
      );
      expect((await listing(directory)).map((line) => line.split(' ')[0])).toEqual([PART, `${PART}.origin`]);
    }
    await downloadArchive(archive, { directory, ...QUICK });
    expect(requests).toHaveLength(1);
  });
});
