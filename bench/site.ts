// The largest contentful paint of the site's pages on a processor slowed four times, and the work of the page's thread
// in all, each page opened from its folder in a Chromium that has not seen it; the least of three visits, or of as
// many as are asked for. Run after `npm run site`: npm run bench:site [-- VISITS]

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

/** Milliseconds of a visit. */
interface Visit {
  /** From its start to the paint of the largest text or picture. */
  readonly paint: number;
  /** Processor time of the page's thread until a second and a half after the load, times the slowdown. */
  readonly work: number;
}

async function visit(browser: Browser, path: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
  await page.goto(new URL(path, SITE).href, { waitUntil: 'load' });
  const paint = await page.evaluate(
    () =>
      new Promise<number>((settle) => {
        new PerformanceObserver((list) => {
          const last = list.getEntries().at(-1)!.startTime;
          setTimeout(() => settle(last), 1000); // a larger one may follow
        }).observe({ type: 'largest-contentful-paint', buffered: true });
      }),
  );
  await context.close();
  return { paint, work: await workOf(browser, path) };
}

/** The second of the two, which no other program's load changes, by a visit that is not slowed. */
async function workOf(browser: Browser, path: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const ticks = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1000 * metrics.find(({ name }) => name === 'TaskDuration')!.value;
  };
  const before = await ticks();
  await page.goto(new URL(path, SITE).href, { waitUntil: 'load' });
  await page.waitForTimeout(1500);
  const work = (await ticks()) - before;
  await context.close();
  return SLOWDOWN * work;
}

if (!existsSync(fileURLToPath(SITE))) {
  console.error('bench: there is no docs/site/dist; npm run site makes it');
  process.exit(1);
}
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium' });
const least = (numbers: readonly number[]) =>
  `${Math.min(...numbers)
    .toFixed(0)
    .padStart(6)} ms`;
console.log(`${''.padEnd(34)}    paint      work`);
for (const path of PAGES) {
  const visits: Visit[] = [];
  for (let round = 0; round < ROUNDS; round++) visits.push(await visit(browser, path));
  const [paint, work] = (['paint', 'work'] as const).map((of) => least(visits.map((one) => one[of])));
  console.log(`${path.padEnd(34)}${paint} ${work}`);
}
await browser.close();
