import { existsSync } from 'node:fs';
import { lstat, mkdir, readFile, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import * as tar from 'tar';
import { describe, expect, test } from 'vitest';
import { ARCHIVES, type DownloadProgress, downloadArchive, downloadDataset } from '../../src/data/download';
import {
  A,
  B,
  freshFolder,
  type Handler,
  listing,
  makeTarGz,
  noise,
  recordOf,
  SMALL,
  SMALL_ENTRIES,
  SMALL_FILES,
  SMALL_MEMBERS,
  sendFile,
  serve,
} from './download-helpers';

const QUICK = { retryWaits: [0, 0, 0], stallTimeout: 5000 };
const PART = 'small.tar.gz.part';

/** A server of the small archive with a given behaviour, its record, and a folder to fetch it into. */
async function setUp(handler: Handler) {
  const { url, requests, close } = await serve(handler);
  const directory = join(await freshFolder(), 'data');
  return { url, requests, close, directory, archive: recordOf(url, SMALL, SMALL_ENTRIES) };
}

const plain: Handler = (request, response) => sendFile(request, response, SMALL, { etag: '"one"' });

/** Leaves the first `length` bytes of the archive as an earlier run would, with the note of where they came from. */
async function leavePart(directory: string, bytes: Buffer, origin?: { url: string; validator: string }) {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, PART), bytes);
  if (origin) await writeFile(join(directory, `${PART}.origin`), `${origin.url}\n${origin.validator}\n`);
}

describe('a download that goes well', () => {
  test('brings the wanted files without the folder of the archive and leaves nothing else', async () => {
    const { archive, directory, requests } = await setUp(plain);
    const { files } = await downloadArchive(archive, { directory, ...QUICK });
    expect(files).toEqual(['a.bin', 'b.bin', 'names.txt'].map((name) => join(directory, name)));
    expect(await listing(directory)).toEqual(SMALL_FILES);
    expect(requests).toEqual(['/small.tar.gz whole']);
  });

  test('unpacks an archive that the tar package itself has written', async () => {
    const folder = await freshFolder();
    await mkdir(join(folder, 'small'));
    await writeFile(join(folder, 'small/a.bin'), A);
    await writeFile(join(folder, 'small/b.bin'), B);
    await writeFile(join(folder, 'small/names.txt'), 'x');
    await tar.create({ gzip: true, cwd: folder, file: join(folder, 'made.tar.gz') }, ['small']);
    const made = await readFile(join(folder, 'made.tar.gz'));
    const { url } = await serve((request, response) => sendFile(request, response, made));
    const { files } = await downloadArchive(recordOf(url, made, SMALL_ENTRIES), {
      directory: join(folder, 'data'),
      ...QUICK,
    });
    expect((await readFile(files[1] ?? '')).equals(B)).toBe(true);
  });

  test('reports each phase in order, never falling, up to the size of the archive', async () => {
    const { archive, directory } = await setUp(plain);
    const seen: DownloadProgress[] = [];
    await downloadArchive(archive, { directory, ...QUICK, onProgress: (progress) => seen.push(progress) });
    expect(seen.map(({ phase }) => phase).filter((phase, i, all) => phase !== all[i - 1])).toEqual([
      'download',
      'verify',
      'unpack',
    ]);
    for (const phase of ['download', 'verify', 'unpack']) {
      const received = seen
        .filter((progress) => progress.phase === phase)
        .map((progress) => progress.received);
      expect(received).toEqual([...received].sort((x, y) => x - y));
      expect(received.at(-1)).toBe(SMALL.length);
    }
    expect(seen.every(({ file, total }) => file === 'small.tar.gz' && total === SMALL.length)).toBe(true);
  });

  test('asks the network for nothing when the files are there already', async () => {
    const { archive, directory, requests } = await setUp(plain);
    const first = await downloadArchive(archive, { directory, ...QUICK });
    const second = await downloadArchive(archive, { directory, ...QUICK });
    expect(second).toEqual(first);
    expect(requests).toHaveLength(1);
  });

  test('fetches again when a file has been cut short', async () => {
    const { archive, directory, requests } = await setUp(plain);
    await downloadArchive(archive, { directory, ...QUICK });
    await truncate(join(directory, 'b.bin'), 10);
    await downloadArchive(archive, { directory, ...QUICK });
    expect(await listing(directory)).toEqual(SMALL_FILES);
    expect(requests).toHaveLength(2);
  });

  test('takes a right archive that was put into the folder by hand, and leaves it there', async () => {
    const { archive, directory, requests } = await setUp(plain);
    await mkdir(directory);
    await writeFile(join(directory, 'small.tar.gz'), SMALL);
    await downloadArchive(archive, { directory, ...QUICK });
    expect(requests).toEqual([]);
    expect(await listing(directory)).toHaveLength(SMALL_FILES.length + 1);
  });

  test('does not take an archive put there by hand whose bytes are wrong', async () => {
    const { archive, directory, requests } = await setUp(plain);
    await mkdir(directory);
    await writeFile(join(directory, 'small.tar.gz'), noise(SMALL.length, 9));
    await downloadArchive(archive, { directory, ...QUICK });
    expect(requests).toHaveLength(1);
  });

  test('follows a redirect, also when it resumes', async () => {
    const { archive, directory, requests } = await setUp((request, response, count) => {
      if (request.url === '/small.tar.gz') response.writeHead(302, { Location: '/elsewhere' }).end();
      else sendFile(request, response, SMALL, { stopAt: count < 3 ? 100_000 : SMALL.length });
    });
    await downloadArchive(archive, { directory, ...QUICK });
    expect(requests.filter((line) => line.startsWith('/elsewhere')).length).toBeGreaterThan(1);
    expect(await listing(directory)).toEqual(SMALL_FILES);
  });
});

describe('a download that resumes', () => {
  test('goes on where the server cut the connection', async () => {
    let arrived = () => {};
    const half = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const { archive, directory, requests } = await setUp((request, response, count) =>
      sendFile(request, response, SMALL, count === 1 ? { stopAt: 100_000, beforeStop: half } : {}),
    );
    const onProgress = ({ received }: DownloadProgress) => received >= 100_000 && arrived();
    await downloadArchive(archive, { directory, ...QUICK, onProgress });
    expect(requests).toEqual(['/small.tar.gz whole', '/small.tar.gz bytes=100000-']);
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
    await leavePart(directory, SMALL.subarray(0, 70_000), {
      url: 'https://other.example/x',
      validator: '"x"',
    });
    await downloadArchive(archive, { directory, ...QUICK });
    expect(requests).toEqual(['/small.tar.gz bytes=70000-']);
    expect(await listing(directory)).toEqual(SMALL_FILES);
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
    const { archive, directory, requests } = await setUp((_, response) => {
      response.writeHead(200, { 'Content-Length': SMALL.length });
      response.write(SMALL.subarray(0, 60_000), () => response.socket?.end());
    });
    await expect(downloadArchive(archive, { directory, ...QUICK })).rejects.toThrow(/in a row, last: /);
    expect(requests.length).toBeLessThan(30);
  });

  test('breaks a connection that has stalled and resumes it', async () => {
    const { archive, directory, requests } = await setUp((request, response, count) => {
      if (count > 1) sendFile(request, response, SMALL);
      else sendFile(request, response, SMALL, { stopAt: 100_000, beforeStop: new Promise(() => {}) });
    });
    await downloadArchive(archive, { directory, ...QUICK, stallTimeout: 200 });
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
      `downloadDataset: the file system refuses ${file}: EEXIST`,
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
      if (phase === 'unpack') await expect(run).rejects.toThrow('the archive is kept');
      else await expect(run).rejects.toThrow('stopped');
      expect((await listing(directory)).map((line) => line.split(' ')[0])).toEqual([PART, `${PART}.origin`]);
    }
    await downloadArchive(archive, { directory, ...QUICK });
    expect(requests).toHaveLength(1);
  });
});

describe('downloadDataset', () => {
  const shared = resolve(process.env.SPIKEGRAD_SHARED ?? '../shared', 'data/mnist');
  const wantedFiles = ARCHIVES.cifar10.flatMap(({ entries = [] }) => entries);

  test.each(['cifar10', 'cifar100'] as const)(
    'takes %s as it stands when the sizes are right',
    async (name) => {
      const { url, requests } = await serve(plain);
      const directory = await freshFolder();
      for (const entry of ARCHIVES[name].flatMap(({ entries = [] }) => entries)) {
        const path = join(directory, entry.path.split('/')[1] ?? '');
        await writeFile(path, 'x');
        if ('bytes' in entry) await truncate(path, entry.bytes);
      }
      const { files } = await downloadDataset(name, { directory, source: url });
      expect(files.every(existsSync)).toBe(true);
      expect(requests).toEqual([]);
    },
  );

  test('wants the six batches of CIFAR-10, 10,000 records each', () => {
    const sizes = wantedFiles.map((entry) => ('bytes' in entry ? entry.bytes : 0));
    expect(sizes.filter((size) => size === 10_000 * 3073)).toHaveLength(6);
  });

  test.each([
    ['', '/cifar-10-binary.tar.gz'],
    ['/', '/cifar-10-binary.tar.gz'],
    ['/mirror', '/mirror/cifar-10-binary.tar.gz'],
    ['/mirror/?key=1', '/mirror/cifar-10-binary.tar.gz?key=1'],
    ['/my/copy.tar.gz', '/my/copy.tar.gz'],
  ])('asks a source that ends in "%s" for %s, and holds it to the official size', async (source, path) => {
    const { url, requests } = await serve(plain);
    const directory = await freshFolder();
    await expect(downloadDataset('cifar10', { directory, source: url + source, ...QUICK })).rejects.toThrow(
      `has ${SMALL.length} bytes, expected 170052171`,
    );
    expect(requests).toEqual([`${path} whole`]);
  });

  test('refuses a dataset that it does not know', async () => {
    const name: string = 'imagenet';
    await expect(downloadDataset(name as 'mnist', { directory: 'never' })).rejects.toThrow(
      'no dataset "imagenet", choose one of cifar10, cifar100, mnist',
    );
  });

  test.each(['not an address', 'file:///etc', 'ftp://127.0.0.1/'])(
    'refuses the source "%s"',
    async (source) => {
      await expect(downloadDataset('mnist', { directory: 'never', source })).rejects.toThrow(
        'must begin with https://',
      );
    },
  );

  test('refuses one file as the source of the four files of MNIST', async () => {
    const source = 'http://127.0.0.1:9/train-images-idx3-ubyte.gz';
    await expect(downloadDataset('mnist', { directory: 'never', source })).rejects.toThrow(
      'must be the folder',
    );
  });

  test.skipIf(!existsSync(shared))(`brings the four real files of MNIST (needs ${shared})`, async () => {
    const { url, requests } = await serve(async (request, response) => {
      sendFile(request, response, await readFile(join(shared, (request.url ?? '').replace('/mnist/', ''))));
    });
    const directory = await freshFolder();
    const { files } = await downloadDataset('mnist', { directory, source: `${url}/mnist`, ...QUICK });
    expect(await listing(directory)).toEqual(await listing(shared));
    expect(files.map((file) => file.slice(directory.length + 1))).toEqual([
      'train-images-idx3-ubyte.gz',
      'train-labels-idx1-ubyte.gz',
      't10k-images-idx3-ubyte.gz',
      't10k-labels-idx1-ubyte.gz',
    ]);
    await downloadDataset('mnist', { directory, source: url });
    expect(requests).toHaveLength(4);
  });
});

test('an archive of a dataset expands to no more than its files and 16 MiB, unless its record says so', async () => {
  const zeros = makeTarGz([...SMALL_MEMBERS, { path: 'small/zeros', data: Buffer.alloc(17 * 2 ** 20) }]);
  const { url } = await serve((request, response) => sendFile(request, response, zeros));
  const record = recordOf(url, zeros, SMALL_ENTRIES);
  const directory = await freshFolder();
  await expect(downloadArchive(record, { directory, ...QUICK })).rejects.toThrow(
    /zeros" is 17825792 bytes, more than/,
  );
  await downloadArchive({ ...record, unpackedLimit: 18 * 2 ** 20 }, { directory, ...QUICK });
  expect(await listing(directory)).toEqual(SMALL_FILES);
});
