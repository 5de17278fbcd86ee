// The built library in the same Chromium as the page: V8's tanh differs in its last digit from one version to the
// next, so that numbers of Node and of a page can be equal to the last bit only in one of them. Not a test itself.

import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { JSHandle, Page } from 'playwright-core';
import type * as Spikegrad from '../../src/index';

const FOLDER = '/built-package/';

/** Makes dist/ importable in the page. Before the page is opened. */
export async function offerLibrary(page: Page): Promise<void> {
  await page.route(`**${FOLDER}*.js`, async (route) => {
    const body = await readFile(resolve('dist', basename(new URL(route.request().url()).pathname)), 'utf8');
    await route.fulfill({ contentType: 'text/javascript', body });
  });
}

export interface Settings {
  readonly dynamics: 'leak' | 'paper';
  readonly tau: number;
  readonly vth: number;
  readonly vReset: number;
  readonly reset: 'hard' | 'soft';
  /** Absent for no rectifier. */
  readonly mpr?: { readonly k: number; readonly centre: number };
  readonly window: number;
}

export interface Computed {
  /** X, H, Ĥ, O, V and ∂O/∂H of each time step. */
  readonly rows: number[][];
  /** Mean |H - O| and |Ĥ - O|. */
  readonly before: number;
  readonly after: number;
}

/** What a neuron does with an input current, by lifTrace and the backward pass of lif. */
export async function compute(page: Page, input: readonly number[], settings: Settings): Promise<Computed> {
  // as text: the test runner would put its own import in place of the browser's
  const library: JSHandle<typeof Spikegrad> = await page.evaluateHandle(`import('${FOLDER}index.js')`);
  return page.evaluate(
    async ({ current, options: { mpr: rectifier, window, ...rest }, spikegrad }) => {
      const { createBackend, lif, lifTrace, mpr, rectangular, sum, tensor } = spikegrad;
      const backend = await createBackend({ backend: 'cpu', precision: 'f64' });
      const options = {
        ...rest,
        rectifier: rectifier === undefined ? null : mpr(rectifier),
        surrogate: rectangular({ window }),
      };
      const { charged, rectified, spikes, carried } = lifTrace(
        tensor(current, undefined, { backend }),
        options,
      );
      const membrane = tensor([Array.from(charged.dataSync())], undefined, { backend, requiresGrad: true });
      sum(lif(membrane, { ...options, dynamics: 'leak' })).backward();
      const [h, phi, o, v, slope] = [charged, rectified, spikes, carried, membrane.grad!].map((part) => [
        ...part.dataSync(),
      ]) as [number[], number[], number[], number[], number[]];
      const distance = (list: number[]) =>
        list.reduce((total, value, t) => total + Math.abs(value - o[t]!), 0) / list.length;
      return {
        rows: current.map((x, t) => [x, h[t]!, phi[t]!, o[t]!, v[t]!, slope[t]!]),
        before: distance(h),
        after: distance(phi),
      };
    },
    { current: input, options: settings, spikegrad: library },
  );
}
