// A Redis server of a test's own, on a free port of loopback, keeping nothing on the disk.

import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';

const found = spawnSync('redis-server', ['--version']).status === 0;

/** Whether tests with a server must be skipped; the note goes into their title. */
export const redisServer = {
  missing: !found,
  note: found ? '' : ' (skipped: no redis-server; Debian has it as redis-server)',
};

/** A port of loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((ready) => server.once('listening', ready));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

export interface TestRedis {
  readonly port: number;
  readonly url: string;
  stop(): Promise<void>;
}

/** @param words more of its options */
export async function startRedis(...words: string[]): Promise<TestRedis> {
  const port = await freePort();
  const place = ['--bind', '127.0.0.1', '--port', String(port), '--dir', tmpdir()];
  const server = spawn('redis-server', [...place, '--save', '', '--appendonly', 'no', ...words]);
  const ended = new Promise<void>((settle) => server.once('close', () => settle()));
  await new Promise<void>((ready, fail) => {
    let said = '';
    server.stdout.on('data', (chunk) => {
      said += chunk;
      if (said.includes('Ready to accept connections')) ready();
    });
    void ended.then(() => fail(new Error(`redis-server did not start: ${said}`)));
  });
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      server.kill('SIGKILL');
      await ended;
    },
  };
}
