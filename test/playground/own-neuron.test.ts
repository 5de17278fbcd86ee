// "Write your own" in the Neuron room of the built playground: typed, mended, tried, taken along and brought back, as a
// reader does it.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test, vi } from 'vitest';
import { commandOf } from '../../examples/playground/src/rooms/neuron/own/carry';
import { FIRST } from '../../examples/playground/src/rooms/neuron/own/first';
import { isOn, roomFor } from '../../examples/playground/src/rooms/neuron/own/range';
import { startFrom, startInWords } from '../../examples/playground/src/rooms/neuron/own/start';
import { fromJson, sound, toJson, withLearnt } from '../../examples/playground/src/rooms/neuron/own/written';
import { init, type NeuronFile, neuronFromJson, neuronToJson, Spiking, type ZooNeuron, zoo } from '../../src';
import { learntNeuron } from '../../src/cli/inspect/learnt';
import { inspectNeuron, neuronInWords } from '../../src/cli/inspect/neuron';
import { neuronNamed } from '../../src/cli/run/neuron';
import { addressOf } from '../../src/cli/run/page-address';
import { missing, note } from '../browser/chromium';
import { serious } from './axe';
import { visits } from './visits';

const STEADY = '?neuron.input=constant&neuron.amplitude=0.5&neuron.T=4&neuron.step=0';

test('a slider stands wherever a constant is, be it large, small or negative', () => {
  for (const value of [0, 1, 0.9, 0.02, -65, 30, 140, 0.333, 1e-3, 12_345]) {
    const range = roomFor(value);
    expect(isOn(value, range), String(value)).toBe(true);
    expect(range.max).toBeGreaterThan(value);
  }
  expect(roomFor(1)).toMatchObject({ min: 0, max: 2 });
});

test('where states start is a line', () => {
  expect(startFrom('v = -65; u=-1.3e1')).toEqual({ v: -65, u: -13 });
  expect(startFrom(' ')).toEqual({});
  for (const wrong of ['v', 'v = x', 'v = 1 2', '2 = v']) expect(startFrom(wrong)).toBeUndefined();
  expect(startInWords({ v: -65, u: -13 })).toBe('v = -65; u = -13');
});

test('what is written goes out without constants that no equation names', () => {
  const written = { ...fromJson(FIRST)!, equations: 'v = x/vth', threshold: 'v > 1', start: { w: 1 } };
  expect(JSON.parse(toJson(sound(written)))).toEqual({
    equations: 'v = x/vth',
    parameters: { vth: 1 },
    surrogate: { name: 'arctan', alpha: 2 },
  });
});

test.each(Object.entries<ZooNeuron<string>>(zoo))(
  '%s goes from the page to the command line, and back, as the same neuron',
  (_name, make) => {
    const file = toJson(fromJson(JSON.stringify(neuronToJson(make())))!);
    const [, quoted] = /--neuron '(.*)'$/s.exec(commandOf(fromJson(file)!))!;
    const page = `http://localhost:4173/${addressOf(JSON.parse(file))}`;
    if (!make.fires)
      return expect(() => neuronNamed(quoted!)).toThrow('the neurons of a network have to fire');
    const there = neuronNamed(quoted!) as NeuronFile;
    expect(neuronNamed(page)).toEqual(there);
    expect(neuronToJson(neuronFromJson(there))).toEqual(neuronToJson(make()));
    expect(toJson(fromJson(new URL(page).searchParams.get('neuron.own')!)!)).toBe(file);
  },
);

test('what was learnt stands in the place of starts, of a layer and of all', async () => {
  await init({ backend: 'cpu', precision: 'f64' });
  const layers = [0.5, 0.75].map((tau, i) => {
    const layer = new Spiking(neuronFromJson(JSON.parse(FIRST)));
    layer.learned.tau!.overwrite([tau]);
    return [`lif${i}`, layer] as const;
  });
  const tauOf = ({ parameters }: NeuronFile) => parameters!.tau;
  expect(tauOf(learntNeuron(layers))).toEqual({ learn: 0.625, per: 'layer', decay: false });
  expect(tauOf(learntNeuron(layers, 'lif1'))).toMatchObject({ learn: 0.75 });
  expect(() => learntNeuron(layers, 'lif2')).toThrow('lif2 is no layer of neurons; did you mean lif0?');
  expect(() => learntNeuron([])).toThrow('this network has no neurons of equations');
  expect(JSON.parse(withLearnt(FIRST, { tau: 0.876543 })).parameters).toEqual({
    tau: { learn: 0.8765 },
    vth: 1,
  });
});

test('an address of the page is a neuron of the command line, and back', () => {
  const neuron = neuronNamed(`http://localhost:4173/${addressOf(JSON.parse(FIRST))}`);
  expect(neuron).toEqual(JSON.parse(FIRST));
  expect(neuronNamed(FIRST)).toEqual(neuron);
  expect(() => neuronNamed('{"equations": "v = "}')).toThrow('line 1, column 5');
  expect(() => neuronNamed('{ no JSON')).toThrow('--neuron: what was given is no JSON');
});

test('inspect prints where the page shows a neuron’s file, and a run’s neuron', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'spikegrad-')), 'neuron.json');
  writeFileSync(path, FIRST);
  const printed: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  try {
    inspectNeuron(path, true);
    inspectNeuron(path, false);
  } finally {
    spy.mockRestore();
  }
  const [json, ...words] = printed;
  const { neuron, page } = JSON.parse(json!) as { neuron: unknown; page: string };
  expect(neuron).toEqual(JSON.parse(FIRST));
  expect(neuronNamed(page)).toEqual(neuron);
  expect(words.join('')).toContain(page);
  expect(words.join('')).toContain('tau is learnt');
  expect(neuronInWords(neuron as NeuronFile).join('\n')).toContain(`  h = tau*v + x\n`);
  expect(neuronInWords('lif')).toEqual([]);
});

describe.skipIf(missing)(`a neuron of one's own${note}`, () => {
  const { arrive } = visits();
  const field = (page: Page) => page.getByRole('textbox', { name: /Equations of a step/ });
  const laws = (page: Page) => page.getByRole('region', { name: 'Laws' });
  const slider = (page: Page, name: string) => page.getByRole('slider', { name, exact: true });

  async function open(page: Page): Promise<void> {
    await page.getByText('Write your own', { exact: true }).click();
    await field(page).waitFor();
  }
  /** Columns of the table of all values, by name. */
  async function values(page: Page): Promise<Record<string, number[]>> {
    const details = page.locator('.value-table');
    if ((await details.getAttribute('open')) === null) await details.locator('summary').click();
    const heads = await page.$$eval('.value-table thead th', (all) => all.map((one) => one.textContent!));
    const rows = await page.$$eval('.value-table tbody tr', (all) =>
      all.map((row) => [...row.querySelectorAll('data')].map((cell) => Number(cell.value))),
    );
    return Object.fromEntries(heads.slice(1).map((name, k) => [name, rows.map((row) => row[k]!)]));
  }

  test('is computed as it is typed, every value of it', async () => {
    const page = await arrive(`${STEADY}#neuron`);
    await open(page);
    await field(page).fill('h = 0.5*v + x\nspikes = spike(h - 0.75)\nv = h*(1 - spikes)\nw = 2*v');
    await expect
      .poll(() => values(page))
      .toMatchObject({
        x: [0.5, 0.5, 0.5, 0.5],
        h: [0.5, 0.75, 0.5, 0.75],
        spikes: [0, 1, 0, 1],
        v: [0.5, 0, 0.5, 0],
        w: [1, 0, 1, 0],
      });
    expect(await page.locator('.trace-panel var').allTextContents()).toEqual([
      'X',
      'h',
      'spikes',
      'v',
      'w',
      '∂',
    ]);
  });

  test('a mistake is underlined, with the sentence that mends it, and what was is kept until it is mended', async () => {
    const page = await arrive(`${STEADY}#neuron`);
    await open(page);
    await expect.poll(async () => Object.keys(await values(page))).toContain('h');
    await field(page).fill('h = tau*v + x\nspikes = spike(h - vht)\nv = h*(1 - spikes)');
    const told = page.getByRole('status').filter({ hasText: 'Line 2' });
    await expect
      .poll(() => told.innerText())
      .toContain('Line 2, column 20: vht is no parameter and nothing assigns it; did you mean vth?');
    expect(await page.locator('.under mark').innerText()).toBe('vht');
    expect(await slider(page, 'vth').count()).toBe(1);
    await page.getByRole('button', { name: 'Make vht a constant' }).click();
    await slider(page, 'vht').fill('0.5');
    await expect.poll(async () => (await values(page)).spikes).toEqual([1, 1, 1, 1]);
    expect(await page.locator('.under mark').count()).toBe(0);
    expect(await slider(page, 'vth').count()).toBe(0);
  });

  test('the laws run beside it, and the one that breaks shows its smallest counterexample', async () => {
    const page = await arrive(`${STEADY}#neuron`);
    await open(page);
    await expect.poll(() => laws(page).innerText(), { timeout: 30_000 }).toMatch(/14 of 14 hold/);
    await field(page).fill('h = tau*tanh(v + x)\nspikes = spike(h - vth)\nv = h*(1 - spikes)');
    await expect.poll(() => laws(page).innerText(), { timeout: 30_000 }).toMatch(/12 of 13 hold/);
    const broken = laws(page).locator('.breaks');
    expect(await broken.innerText()).toContain('some constant current makes it fire');
    expect(await broken.locator('pre').innerText()).toMatch(/no constant current from 2\^-6 to 2\^14/);
    expect(await laws(page).locator('details > ul').count()).toBe(1);
  });

  test('the zoo is a menu, constants are sliders, the learnt ones marked, and all of it is in the address', async () => {
    const page = await arrive('?neuron.input=constant&neuron.amplitude=0.7#neuron');
    await open(page);
    const menu = page.getByRole('combobox', { name: 'Begin with' });
    await expect.poll(() => menu.locator('option').count()).toBeGreaterThan(20);
    await menu.selectOption('izhikevich');
    await expect.poll(async () => (await values(page)).spikes?.some((spike) => spike === 1)).toBe(true);
    await menu.selectOption('plif');
    await expect.poll(() => page.locator('.constant.learnt label').first().innerText()).toBe('w');
    await slider(page, 'w').fill('-0.5');
    await slider(page, 'vth').fill('0.25');
    await expect.poll(() => new URL(page.url()).searchParams.get('neuron.own')).toContain('"vth":0.25');
    let before: Record<string, number[]>;
    do {
      before = await values(page);
      await page.waitForTimeout(300); // so long that what was computed for older numbers is over
    } while (JSON.stringify(before) !== JSON.stringify(await values(page)));
    await page.reload();
    await field(page).waitFor();
    expect(await slider(page, 'vth').inputValue()).toBe('0.25');
    await expect.poll(() => values(page)).toEqual(before);
    const own = new URL(page.url()).searchParams.get('neuron.own')!;
    expect(neuronFromJson(neuronNamed(page.url()) as never)).toMatchObject({
      text: fromJson(own)!.equations,
    });
    const command = await page.getByRole('textbox', { name: 'Command that trains with it' }).inputValue();
    expect(command).toMatch(/^npx spikegrad train --dataset shapes --neuron '\{.*\}'$/);
    expect(neuronNamed(/'(.*)'/s.exec(command)![1]!)).toEqual(JSON.parse(toJson(sound(fromJson(own)!))));
    await page.goBack();
    await expect.poll(() => menu.inputValue()).toBe('izhikevich');
  });

  test('differential equations become a step of differences at a click, and come back', async () => {
    const page = await arrive('?neuron.input=constant&neuron.amplitude=0.7&neuron.T=20#neuron');
    await open(page);
    const menu = page.getByRole('combobox', { name: 'Begin with' });
    await expect.poll(() => menu.locator('option').count()).toBeGreaterThan(20);
    await menu.selectOption('differential');
    await expect.poll(async () => (await values(page)).spikes?.includes(1)).toBe(true);
    expect(await page.getByRole('textbox', { name: 'fires where' }).inputValue()).toBe('v > vth');
    const { spikes } = await values(page);
    await page.getByRole('button', { name: 'Show as a step of differences' }).click();
    await expect.poll(() => field(page).inputValue()).toContain('spikes = spike(');
    await expect.poll(async () => (await values(page)).spikes).toEqual(spikes);
    expect(await slider(page, 'tau').inputValue()).toBe('5');
    await page.getByRole('button', { name: 'Back to the differential equations' }).click();
    expect(await field(page).inputValue()).toBe('dv/dt = (x - v)/tau');
    const threshold = page.getByRole('textbox', { name: 'fires where' });
    await threshold.fill('v > vht');
    const told = page.getByRole('status').filter({ hasText: 'Column 5: vht is no parameter' });
    await expect.poll(() => told.innerText()).toContain('did you mean vth?');
    expect(await threshold.getAttribute('aria-invalid')).toBe('true');
    expect(await page.locator('.under mark').count()).toBe(0);
    await page.getByRole('button', { name: 'Make vht a constant' }).click();
    await expect.poll(() => slider(page, 'vht').count()).toBe(1);
    await threshold.fill('v > vth*0.5');
    await expect.poll(async () => (await values(page)).spikes).not.toEqual(spikes);
    const starts = page.getByRole('textbox', { name: 'starts at' });
    await starts.fill('v = -1');
    await expect.poll(async () => (await values(page)).h?.[0]).toBeLessThan(0);
    await starts.fill('v is -1');
    await page.getByText('Write states and where they start').waitFor();
    await menu.selectOption('izhikevich');
    await expect.poll(() => starts.inputValue()).toBe('v = -65; u = -13');
    await menu.selectOption('li');
    await page.getByText('It gives no spikes').waitFor();
    expect(await page.getByRole('button', { name: 'Let it learn in the Network room' }).count()).toBe(0);
  });

  test('goes on into the Network room and learns there beside a LIF neuron, and comes back', async () => {
    const page = await arrive('?network.layers=1&network.width=4&network.T=4&network.steps=20#neuron');
    await open(page);
    await field(page).fill('h = tau*v + x\nspikes = spike(h - vth)\nv = h - vth*spikes');
    await page.getByRole('button', { name: 'Let it learn in the Network room' }).click();
    const learning = page.getByRole('tabpanel', { name: 'Network' });
    await learning.getByText('step 20', { exact: true }).waitFor();
    expect(await learning.locator('.figures thead th').allInnerTexts()).toEqual(['yours', 'LIF']);
    const row = learning.getByRole('row', { name: /layer 1: tau/ }).locator('data');
    await expect.poll(async () => Number(await row.getAttribute('value'))).not.toBe(0.9);
    expect(await learning.locator('.network-view:visible h2').allInnerTexts()).toEqual([
      'LIF',
      'Your neuron',
    ]);
    await page.waitForURL(/network\.own=.*vth\*spikes/);
    const learnt = Number(await row.getAttribute('value'));
    await page.getByRole('button', { name: 'Edit as it was learnt' }).click();
    await field(page).waitFor();
    await expect
      .poll(async () => Number(await slider(page, 'tau').inputValue()))
      .toBe(Number(learnt.toPrecision(4)));
    await page.goBack();
    await learning.getByText('step 20', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Edit in the Neuron room' }).click();
    expect(await field(page).inputValue()).toContain('v = h - vth*spikes');
  });

  test.each(['light', 'dark'] as const)(
    'axe has no serious finding in the %s page, with a mistake and a broken law',
    async (colorScheme) => {
      const page = await arrive(`${STEADY}#neuron`, { colorScheme });
      await open(page);
      await field(page).fill('h = tau*tanh(v + x)\nspikes = spike(h - vth)\nv = h*(1 - spikes)');
      await laws(page).locator('.breaks').waitFor({ timeout: 30_000 });
      expect(await serious(page)).toEqual([]);
      await field(page).fill('h = tau*v + x\nspikes = spike(h - vht)\nv = h*(1 - spikes)');
      await page.getByRole('button', { name: 'Make vht a constant' }).waitFor();
      expect(await serious(page)).toEqual([]);
    },
  );

  test.each([
    [390, 844],
    [900, 800],
    [1366, 768],
  ])('at %s x %s nothing is wider than the page', async (width, height) => {
    const page = await arrive('#neuron', { viewport: { width, height } });
    await open(page);
    await page.locator('.own-traces .y').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  });
});
