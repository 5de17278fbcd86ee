// A tab of Chromium that one reader after another comes to. Each finds the page as a browser does that was never
// there: nothing stored, no query or hash of the one before. A tab of one's own costs three times as much, most of it
// the first look at the code.

import type { Browser, BrowserContextOptions, Page, Request } from 'playwright-core';

/** What is done to a blank page before it is visited; the page keeps it. */
export type Prepare = (page: Page) => unknown;

const DESK = { width: 1366, height: 768 };

export class Tab {
  /** Console errors and warnings, uncaught exceptions and failed requests of the visit. */
  complaints: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly browser: Browser,
    private readonly prepare: Prepare | undefined,
    private readonly isPlain: boolean,
  ) {}

  static async open(browser: Browser, options: BrowserContextOptions, prepare?: Prepare): Promise<Tab> {
    const context = await browser.newContext({ viewport: DESK, ...options });
    const page = await context.newPage();
    await prepare?.(page);
    return new Tab(page, browser, prepare, isPlain(options));
  }

  /** Whether a reader who asks for this may come to this tab. */
  suits(browser: Browser, options: BrowserContextOptions, prepare: Prepare | undefined): boolean {
    const isSame = browser === this.browser && prepare === this.prepare && this.isPlain;
    return isSame && isPlain(options) && !this.page.isClosed();
  }

  async visit(url: string, { viewport, colorScheme }: BrowserContextOptions): Promise<void> {
    const { page } = this;
    this.complaints = [];
    const { complaints } = this;
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('requestfailed', (request) => {
      if (!isEndedWorker(request)) complaints.push(`failed: ${request.url()}`);
    });
    await page.setViewportSize(viewport ?? DESK);
    await page.emulateMedia({ colorScheme: colorScheme ?? 'light' });
    await page.goto(url);
    await page.getByRole('tabpanel').locator('> *').first().waitFor();
  }

  /** Ends the visit, with all that is at work on the page. */
  async leave(): Promise<void> {
    const { page } = this;
    if (page.isClosed()) return;
    const { origin } = new URL(page.url());
    page.removeAllListeners();
    for (const other of page.context().pages()) if (other !== page) await other.close();
    await page.evaluate(() => sessionStorage.clear());
    await page.goto('about:blank');
    await page.mouse.move(0, 0);
    const session = await page.context().newCDPSession(page);
    await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
    await session.detach();
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}

/** The page ends a worker that is still loading when the reader has typed on: that is no failure. */
const isEndedWorker = (request: Request) =>
  request.failure()?.errorText === 'net::ERR_ABORTED' && /\/worker-[\w-]+\.js$/.test(request.url());

/** What a tab can be brought to at any time. */
const isPlain = (options: BrowserContextOptions) =>
  Object.keys(options).every((key) => key === 'viewport' || key === 'colorScheme');
