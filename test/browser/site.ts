// A server for the built package: dist/ as it is, an empty page, and a module worker, cross-origin isolated or not. A
// page and a worker train by the same script.

import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { buildSync } from 'esbuild';

/** Scripts of this folder that pages load. */
const scripts = new Set(['training', 'conformance', 'resnet', 'bits', 'check', 'batches']);

function bundled(path: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [resolve(path)],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  return outputFiles[0]!.text;
}

const WORKER = `
import * as spikegrad from '/dist/index.js';
import { train } from '/training.js';
onmessage = async ({ data }) => {
  try {
    postMessage({ training: await train(spikegrad, data) });
  } catch (error) {
    postMessage({ error: String(error) });
  }
};
postMessage('loaded');`;

/** The page offers to the tests `onPage(options)` and `inWorker(options)`, which train, and `run(script, name, …)`. */
const PAGE = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>spikegrad</title>
<script type="importmap">{ "imports": { "fast-check": "/fast-check.js" } }</script>
<script type="module">
import * as spikegrad from '/dist/index.js';
import { train } from '/training.js';
window.onPage = (options) => train(spikegrad, options);
window.run = async (script, name, ...args) => (await import(\`/\${script}.js\`))[name](spikegrad, ...args);
window.inWorker = (options) => new Promise((resolve, reject) => {
  const worker = new Worker('/worker.js', { type: 'module' });
  worker.onerror = (event) => reject(new Error(event.message || 'the worker did not load'));
  worker.onmessage = ({ data }) => {
    if (data === 'loaded') worker.postMessage(options);
    else if (data.error === undefined) resolve(data.training);
    else reject(new Error(data.error));
  };
});
window.loaded = true;
</script>`;

export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

export interface SiteOptions {
  /** Whether the pages may share memory with their workers. */
  isolated: boolean;
  /** A content security policy for everything. */
  policy?: string;
}

function content(path: string): { type: string; body: string } | undefined {
  const type = 'text/javascript';
  if (path === '/') return { type: 'text/html', body: PAGE };
  if (path === '/worker.js') return { type, body: WORKER };
  const own = /^\/(\w+)\.js$/.exec(path)?.[1];
  if (own !== undefined && scripts.has(own)) return { type, body: bundled(`test/browser/${own}.ts`) };
  if (path === '/fast-check.js') return { type, body: bundled('node_modules/fast-check/lib/fast-check.js') };
  if (/^\/dist\/[\w-]+\.js$/.test(path)) return { type, body: readFileSync(resolve(`.${path}`), 'utf8') };
  return undefined;
}

export async function startSite({ isolated, policy }: SiteOptions): Promise<Site> {
  const server: Server = createServer((request, response) => {
    const found = content(request.url ?? '/');
    if (isolated) {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    }
    if (policy !== undefined) response.setHeader('Content-Security-Policy', policy);
    response.writeHead(found === undefined ? 404 : 200, { 'Content-Type': found?.type ?? 'text/plain' });
    response.end(found?.body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
