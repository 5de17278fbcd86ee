// What tests of the built page share: one site and one Chromium of a kind for all files of a process, one visit at a time,
// which must end without a complaint of the browser's. Not a test itself.

import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterEach, beforeAll, expect } from 'vitest';
import { launch } from '../browser/chromium';
import { type Site, startSite, type Visit, visit } from './site';

export interface Visits {
  readonly site: Site;
  /** Opens a page; the one before, if any, is closed. {@link visit} tells of the arguments. */
  arrive(path?: string, options?: BrowserContextOptions, prepare?: (page: Page) => unknown): Promise<Page>;
  /** What the browser complained of on the open page. Emptied, it is forgiven. */
  readonly complaints: string[];
}

/** By their flags; they end with the process, which playwright sees to. */
const browsers = new Map<string, Promise<Browser>>();
let sites: Promise<Site> | undefined;

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
  let open: Visit | undefined;
  beforeAll(async () => {
    sites ??= startSite();
    [browser, site] = await Promise.all([browserWith(flags), sites]);
  }, patience);
  afterEach(async () => {
    const complaints = open?.complaints ?? [];
    await open?.close();
    open = undefined;
    expect(complaints).toEqual([]);
  });
  return {
    get site() {
      return site;
    },
    get complaints() {
      return open?.complaints ?? [];
    },
    async arrive(path, options, prepare) {
      const former = open;
      open = undefined;
      await former?.close();
      expect(former?.complaints ?? []).toEqual([]);
      open = await visit(browser, site, path, options, prepare);
      return open.page;
    },
  };
}
