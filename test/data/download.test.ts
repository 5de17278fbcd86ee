import { existsSync } from 'node:fs';
import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as tar from 'tar';
import { describe, expect, test } from 'vitest';
import {
  ARCHIVES,
  type DownloadProgress,
  downloadArchive,
  downloadDataset,
} from '../../src/data/download/node';
import {
  A,
  B,
  freshFolder,
  listing,
  makeTarGz,
  noise,
  plain,
  QUICK,
  recordOf,
  SMALL,
  SMALL_ENTRIES,
  SMALL_FILES,
  SMALL_MEMBERS,
  sendFile,
  serve,
  setUp,
} from './download-helpers';

describe('a download that goes well', () => {
  test('brings the wanted files without the folder of the archive and leaves nothing else', async () => {
    const { archive, directory, requests } = await setUp(plain);
    const { files } = await downloadArchive(archive, { directory, ...QUICK });
    expect(files).toEqual(['a.bin', 'b.bin', 'names.txt'].map((name) => join(directory, name)));
    expect(await listing(directory)).toEqual(SMALL_FILES);
    expect(requests).toEqual(['/small.tar.gz whole']);
  });

  test('removes what an earlier one left that was killed with all files in their places', async () => {
    const { archive, directory } = await setUp(plain);
    await downloadArchive(archive, { directory, ...QUICK });
    for (const name of ['small.tar.gz.part', 'small.tar.gz.part.origin'])
      await writeFile(join(directory, name), 'x');
    await mkdir(join(directory, 'small.tar.gz.unpacking'));
    await writeFile(join(directory, 'small.tar.gz.unpacking/a.bin'), 'x');
    await downloadArchive(archive, { directory, ...QUICK });
    expect(await listing(directory)).toEqual(SMALL_FILES);
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
