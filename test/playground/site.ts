// The built playground behind a server, and Chromium at it. Not a test itself.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
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

export interface Visit {
  readonly page: Page;
  /** Console errors and warnings, uncaught exceptions and failed requests so far. */
  readonly complaints: string[];
  close(): Promise<void>;
}

/** @param path what follows the site's address: a query and a hash */
export async function visit(
  browser: Browser,
  site: Site,
  path = '',
  options: BrowserContextOptions = {},
  prepare: (page: Page) => unknown = () => {},
): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
  await prepare(page);
  await page.goto(site.url + path);
  await page.getByRole('tabpanel').locator('> *').first().waitFor();
  return { page, complaints, close: () => context.close() };
}
