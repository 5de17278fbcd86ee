// checkBackend of the built package on a page, whose import map has fast-check for it. Bundled on its way to the
// browser.

import type * as Spikegrad from '../../src/index';
import type * as Testing from '../../src/testing';

/** In a variable, so that the page's own copy is loaded, which shares its chunks with the library's. */
const TESTING: string = '/dist/testing.js';

export async function check(
  spikegrad: typeof Spikegrad,
  options: Spikegrad.InitOptions,
  checks: Testing.BackendCheck[] | undefined,
): Promise<Testing.BackendReport> {
  const { checkBackend } = (await import(TESTING)) as typeof Testing;
  return checkBackend(await spikegrad.init(options), { checks, threads: [1, 2], patience: 170 });
}
