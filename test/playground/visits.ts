// What tests of the built page share: one site, and one Chromium of a kind with one tab, for all files of a process.
// One visit at a time, which must end without a complaint of the browser's. Not a test itself.

import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterEach, beforeAll, expect } from 'vitest';
import { launch } from '../browser/chromium';
import { type Site, startSite } from './site';
import { type Prepare, Tab } from './tab';

export interface Visits {
  readonly site: Site;
  /**
   * A visit to the page; the one before, if any, is over.
   * @param path what follows the site's address: a query and a hash
   */
  arrive(path?: string, options?: BrowserContextOptions, prepare?: Prepare): Promise<Page>;
  /** What the browser complained of on the open page. Emptied, it is forgiven. */
  readonly complaints: string[];
}

/** By their flags; they end with the process, which playwright sees to. */
const browsers = new Map<string, Promise<Browser>>();
let sites: Promise<Site> | undefined;
/** The last one, for whom it suits. */
let tab: Tab | undefined;

function browserWith(flags: string[]): Promise<Browser> {
  const key = flags.join(' ');
  const found = browsers.get(key) ?? launch(flags);
  browsers.set(key, found);
  return found;
}

/**
 * For the tests of a `describe`.
 * @param flags of Chromium
 * @param patience milliseconds that its start may take
 */
export function visits(flags: string[] = [], patience?: number): Visits {
  let browser: Browser;
  let site: Site;
  let isOpen = false;
  beforeAll(async () => {
    sites ??= startSite();
    [browser, site] = await Promise.all([browserWith(flags), sites]);
  }, patience);
  async function end(): Promise<void> {
    if (!isOpen) return;
    isOpen = false;
    const { complaints } = tab!;
    await tab!.leave();
    expect(complaints).toEqual([]);
  }
  afterEach(end);
  return {
    get site() {
      return site;
    },
    get complaints() {
      return tab!.complaints;
    },
    async arrive(path = '', options = {}, prepare = undefined) {
      await end();
      if (!tab?.suits(browser, options, prepare)) {
        await tab?.close();
        tab = await Tab.open(browser, options, prepare);
      }
      isOpen = true;
      await tab.visit(site.url + path, options);
      return tab.page;
    },
  };
}
