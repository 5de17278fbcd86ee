// The largest contentful paint of the site's pages on a processor slowed four times, each page opened from its
// folder in a Chromium that has not seen it; the least of three visits, or of as many as are asked
// for. Run after `npm run site`: npm run bench:site [-- VISITS]

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';

const SITE = new URL('../docs/site/dist/', import.meta.url);
const SLOWDOWN = 4;
const PAGES = [
  'index.html',
  'docs/index.html',
  'docs/options.html',
  'docs/course/index.html',
  'docs/course/02-neuron.html',
  'docs/course/11-own.html',
  'docs/measured/index.html',
  'examples/01-autograd.ts.html',
  'api/index.html',
  'api/modules/spikegrad.html',
  'api/classes/spikegrad.Adam.html',
  'playground/index.html',
];

/** Visits of each page. */
const ROUNDS = Number(process.argv[2] ?? 3);

/** Milliseconds from the start of the visit to the paint of the largest text or picture. */
async function largestPaint(browser: Browser, path: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
  await page.goto(new URL(path, SITE).href, { waitUntil: 'load' });
  const time = await page.evaluate(
    () =>
      new Promise<number>((settle) => {
        new PerformanceObserver((list) => {
          const last = list.getEntries().at(-1)!.startTime;
          setTimeout(() => settle(last), 1000); // a larger one may follow
        }).observe({ type: 'largest-contentful-paint', buffered: true });
      }),
  );
  await context.close();
  return time;
}

if (!existsSync(fileURLToPath(SITE))) {
  console.error('bench: there is no docs/site/dist; npm run site makes it');
  process.exit(1);
}
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium' });
for (const path of PAGES) {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push(await largestPaint(browser, path));
  console.log(
    `${path.padEnd(30)} ${Math.min(...times)
      .toFixed(0)
      .padStart(5)} ms`,
  );
}
await browser.close();
