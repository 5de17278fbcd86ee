// Chromium without a window, and what a page did in it. Not a test itself.

import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import type { InitOptions } from '../../src/index';
import type { Training } from './training';

const path = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

export const missing = !existsSync(path);
export const note = missing ? ` (skipped: no ${path}; install chromium or set CHROMIUM_PATH)` : '';

export const launch = (args: string[] = []): Promise<Browser> =>
  chromium.launch({ executablePath: path, args });

/** What the page of site.ts offers. */
type PageWindow = Window &
  Record<'onPage' | 'inWorker', (options: InitOptions) => Promise<Training>> & {
    run(script: string, name: string, ...args: unknown[]): Promise<unknown>;
    loaded?: true;
  };

export interface Visit {
  train(where: 'onPage' | 'inWorker', options: InitOptions): Promise<Training>;
  /** Calls a function that a script of this folder exports; before the arguments it is given spikegrad. */
  run<R>(script: string, name: string, ...args: unknown[]): Promise<R>;
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
  const evaluate: typeof page.evaluate = async (...call: Parameters<typeof page.evaluate>) => {
    try {
      return await page.evaluate(...call);
    } catch (error) {
      // the page's stack names files by address, which the test runner would look for on the disk
      throw new Error(String(error).split('\n')[0]);
    }
  };
  return {
    train: (where, options) =>
      evaluate(([name, settings]) => (window as unknown as PageWindow)[name](settings), [
        where,
        options,
      ] as const),
    run: <R>(script: string, name: string, ...args: unknown[]) =>
      evaluate(
        ([file, callee, rest]) => (window as unknown as PageWindow).run(file, callee, ...rest) as Promise<R>,
        [script, name, args] as const,
      ),
    isolated,
    processors,
    complaints,
    paths,
    close: () => context.close(),
  };
}
