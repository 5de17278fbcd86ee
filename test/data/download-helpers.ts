// What the download suites share: folders that vanish, servers on loopback, and archives made by hand, header by
// header, because a tar library would refuse to write the hostile ones.

import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { Random } from '../../src/core/random';
import type { Archive, ArchiveEntry, DownloadProgress } from '../../src/data/download/node';

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Bytes that do not compress. */
export function noise(length: number, seed: number): Buffer {
  const random = new Random(seed);
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i++) bytes[i] = random.uint32() >>> 24;
  return bytes;
}

/** A fresh folder, removed after the test. */
export async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'spikegrad-download-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Every path under a folder, sorted, with the contents' hash. */
export async function listing(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const lines = found.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    return `${path.slice(folder.length + 1)} ${entry.isFile() ? sha256(await readFile(path)).slice(0, 8) : 'folder'}`;
  });
  return (await Promise.all(lines)).sort();
}

export type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** A server on loopback. `requests` grows by one line a request: path and Range. */
export async function serve(
  handler: Handler,
): Promise<{ url: string; requests: string[]; close: () => Promise<void> }> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.url} ${request.headers.range ?? 'whole'}`);
    handler(request, response, requests.length);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  };
  onTestFinished(close);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, requests, close };
}

/** Answers as a file server does, Range and If-Range included. `stopAt` ends the connection after that many bytes. */
export function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Buffer,
  options: { etag?: string; stopAt?: number; beforeStop?: Promise<void> } = {},
): void {
  const { etag, stopAt = bytes.length, beforeStop } = options;
  const asked = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
  const ifRange = request.headers['if-range'];
  const ranged = asked !== null && (ifRange === undefined || ifRange === etag);
  const start = ranged ? Number(asked[1]) : 0;
  if (etag !== undefined) response.setHeader('ETag', etag);
  if (start >= bytes.length) {
    response.writeHead(416, { 'Content-Range': `bytes */${bytes.length}` }).end();
    return;
  }
  response.setHeader('Content-Length', bytes.length - start);
  if (ranged) response.setHeader('Content-Range', `bytes ${start}-${bytes.length - 1}/${bytes.length}`);
  response.writeHead(ranged ? 206 : 200);
  if (stopAt >= bytes.length) {
    response.end(bytes.subarray(start));
    return;
  }
  response.write(bytes.subarray(start, stopAt), async () => {
    await beforeStop;
    response.socket?.end();
  });
}

/** A member of a hand-made archive; `size` overrides what its header says. */
export interface Member {
  path: string;
  data?: Buffer;
  type?: string;
  link?: string;
  size?: number;
}

/** A ustar archive, gzipped. */
export function makeTarGz(members: readonly Member[], trailer = Buffer.alloc(1024)): Buffer {
  const blocks = members.flatMap(({ path, data = Buffer.alloc(0), type = '0', link = '', size }) => {
    const header = Buffer.alloc(512);
    header.write(path, 0, 100);
    header.write('0000644\0', 100);
    header.write('0000000\0', 108);
    header.write('0000000\0', 116);
    header.write(`${(size ?? data.length).toString(8).padStart(11, '0')}\0`, 124);
    header.write('00000000000\0', 136);
    header.write('        ', 148);
    header.write(type, 156);
    header.write(link, 157, 100);
    header.write('ustar\x0000', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, data, Buffer.alloc((512 - (data.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, trailer]), { level: 1 });
}

/** The record of an archive that is served as `<base>/small.tar.gz`. */
export function recordOf(base: string, bytes: Buffer, entries: readonly ArchiveEntry[]): Archive {
  return { url: `${base}/small.tar.gz`, bytes: bytes.length, sha256: sha256(bytes), entries };
}

/** A small dataset, as CIFAR's archives are built: a folder, two binary files, a text, and a file that nobody wants. */
export const A = noise(150_000, 1);
export const B = noise(50_000, 2);
export const NAMES = Buffer.from('cat\ndog\n\n');
export const SMALL_ENTRIES: readonly ArchiveEntry[] = [
  { path: 'small/a.bin', bytes: A.length },
  { path: 'small/b.bin', bytes: B.length },
  { path: 'small/names.txt', atMost: 4096 },
];
export const SMALL_MEMBERS: readonly Member[] = [
  { path: 'small/', type: '5' },
  { path: 'small/a.bin', data: A },
  { path: 'small/readme.html', data: Buffer.from('<p>hello</p>') },
  { path: './small/b.bin', data: B },
  { path: 'small/names.txt', data: NAMES },
];
export const SMALL = makeTarGz(SMALL_MEMBERS);
export const SMALL_FILES = [
  `a.bin ${sha256(A).slice(0, 8)}`,
  `b.bin ${sha256(B).slice(0, 8)}`,
  `names.txt ${sha256(NAMES).slice(0, 8)}`,
];

/** Options for a run that waits for nothing. */
export const QUICK = { retryWaits: [0, 0, 0], stallTimeout: 5000 };

/** A server of the small archive with a given behaviour, its record, and a folder to fetch it into. */
export async function setUp(handler: Handler) {
  const { url, requests, close } = await serve(handler);
  const directory = join(await freshFolder(), 'data');
  return { url, requests, close, directory, archive: recordOf(url, SMALL, SMALL_ENTRIES) };
}

export const plain: Handler = (request, response) => sendFile(request, response, SMALL, { etag: '"one"' });

/** Lets a server wait until the client has as many bytes on disk; otherwise a cut may lose what is on its way. */
export function progressWatch() {
  const waiting: { bytes: number; resolve: () => void }[] = [];
  return {
    reaches: (bytes: number) => new Promise<void>((resolve) => waiting.push({ bytes, resolve })),
    onProgress: ({ received }: DownloadProgress) => {
      for (const { bytes, resolve } of waiting) if (received >= bytes) resolve();
    },
  };
}
