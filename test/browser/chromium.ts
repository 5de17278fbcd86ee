// Chromium without a window, and what a page did in it. Not a test itself.

import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import type { InitOptions } from '../../src/index';
import type { Training } from './training';

const path = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

export const missing = !existsSync(path);
export const note = missing ? ` (skipped: no ${path}; install chromium or set CHROMIUM_PATH)` : '';

export const launch = (): Promise<Browser> => chromium.launch({ executablePath: path });

/** What the page of site.ts offers. */
type PageWindow = Window &
  Record<'onPage' | 'inWorker', (options: InitOptions) => Promise<Training>> & { loaded?: true };

export interface Visit {
  train(where: 'onPage' | 'inWorker', options: InitOptions): Promise<Training>;
  isolated: boolean;
  /** What hardwareConcurrency says there. */
  processors: number;
  /** Console errors and uncaught exceptions so far. */
  complaints: string[];
  /** Paths that the page and its workers asked for. */
  paths: string[];
  close(): Promise<void>;
}

export async function visit(browser: Browser, url: string): Promise<Visit> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const complaints: string[] = [];
  const paths: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  context.on('request', (request) => paths.push(new URL(request.url()).pathname));
  await page.goto(url);
  await page.waitForFunction(() => (window as unknown as PageWindow).loaded);
  const { isolated, processors } = await page.evaluate(() => ({
    isolated: crossOriginIsolated,
    processors: navigator.hardwareConcurrency,
  }));
  return {
    async train(where, options) {
      try {
        return await page.evaluate(([name, settings]) => (window as unknown as PageWindow)[name](settings), [
          where,
          options,
        ] as const);
      } catch (error) {
        // the page's stack names files by address, which the test runner would look for on the disk
        throw new Error(String(error).split('\n')[0]);
      }
    },
    isolated,
    processors,
    complaints,
    paths,
    close: () => context.close(),
  };
}
