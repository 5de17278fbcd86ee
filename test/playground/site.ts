// The built playground behind a server. Not a test itself.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { preview } from 'vite';

const built = resolve('examples/playground/dist');

export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

export async function startSite(): Promise<Site> {
  if (!existsSync(resolve(built, 'index.html'))) {
    throw new Error(`no ${built}/index.html: run \`npm run build && npm run playground:build\` first`);
  }
  const server = await preview({
    configFile: resolve('examples/playground/vite.config.ts'),
    preview: { port: 0, host: '127.0.0.1' },
    logLevel: 'silent',
  });
  const { port } = server.httpServer.address() as { port: number };
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}
