// The choice between backends by measurement, with a clock that the test turns.

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../src/backends/backend';
import { cpuBackend } from '../../src/backends/cpu';
import { type Calibration, calibrate, remembered, type Workload } from '../../src/calibrate';
import { activeBackend, setActiveBackend } from '../../src/core/engine';
import { trainingWorkload } from '../../src/train';
import { calibrationFolder } from '../../src/train/node/calibration-folder';

const named = (name: string): Backend => ({ ...cpuBackend('f32'), name });

/** Rounds that take the milliseconds listed for the backend that is active; a listed error is thrown. */
function scripted(rounds: Record<string, (number | Error)[]>) {
  let clock = 0;
  const disposed: string[] = [];
  const workload: Workload = {
    key: 'scripted',
    prepare() {
      const { name } = activeBackend('test');
      const script = [...rounds[name]!];
      return {
        async run() {
          const next = script.shift();
          if (next instanceof Error) throw next;
          clock += next ?? 0;
        },
        dispose: () => disposed.push(name),
      };
    },
  };
  return { workload, now: () => clock, disposed };
}

test('a device that does not answer is out of the running', async () => {
  const never: Workload = {
    key: 'never',
    prepare: () => ({
      run: () => (activeBackend('test').synchronous ? Promise.resolve() : new Promise(() => undefined)),
      dispose: () => undefined,
    }),
  };
  const silent: Backend = { ...named('silent'), synchronous: false };
  const found = await calibrate([named('a'), silent], never, undefined, 0.05);
  expect(found).toMatchObject({ fastest: 'a', failures: { silent: 'silent: no answer within 0.05 s' } });
});

describe('calibration', () => {
  const [a, b] = [named('a'), named('b')];

  test('takes the backend with the shortest round, whatever the first one took', async () => {
    const { workload, now, disposed } = scripted({ a: [1, 30, 20, 25], b: [5000, 40, 19, 90] });
    expect(await calibrate([a, b], workload, now)).toEqual({
      fastest: 'b',
      milliseconds: { a: 20, b: 19 },
    });
    expect(disposed).toEqual(['a', 'b']);
  });

  test('does not repeat long rounds', async () => {
    const { workload, now } = scripted({ a: [1, 4000, new Error('a second long round')], b: [1, 2, 2, 2] });
    expect((await calibrate([a, b], workload, now)).milliseconds).toEqual({ a: 4000, b: 2 });
  });

  test('leaves out a backend that fails, and fails with the last', async () => {
    const lost = new Error('device lost');
    const one = scripted({ a: [1, 9, 9, 9], b: [1, lost] });
    expect((await calibrate([a, b], one.workload, one.now)).fastest).toBe('a');
    expect(one.disposed).toEqual(['a', 'b']);
    const none = scripted({ a: [lost], b: [lost] });
    await expect(calibrate([a, b], none.workload, none.now)).rejects.toBe(lost);
  });

  test('puts the former backend back', async () => {
    setActiveBackend(a);
    const { workload, now } = scripted({ a: [1, 1, 1, 1], b: [1, 1, 1, 1] });
    await calibrate([b, a, b], workload, now);
    expect(activeBackend('test')).toBe(a);
  });

  test('a training step of the run runs on whatever backend is active, and frees what it made', async () => {
    const settings = {
      arch: 'resnet20-small',
      width: 1,
      timesteps: 1,
      mpr: 3,
      dynamics: 'leak',
      classes: 3,
      channels: 1,
      height: 8,
      imageWidth: 8,
    } as const;
    const found = await calibrate([a, b], trainingWorkload(settings, 2));
    expect(Object.keys(found.milliseconds)).toEqual(['a', 'b']);
    expect(trainingWorkload(settings, 2).key).not.toBe(trainingWorkload({ ...settings, width: 2 }, 2).key);
  });
});

describe('what was measured', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'spikegrad-calibration-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const measured: Calibration = { fastest: 'gpu', milliseconds: { wasm: 12.5, gpu: 3 } };
  const never = () => Promise.reject(new Error('measured again'));

  test('is measured once for each key and found again by the next process', async () => {
    const store = calibrationFolder(join(folder, 'once'));
    expect(await remembered(store, 'this work', async () => measured)).toEqual(measured);
    expect(await remembered(calibrationFolder(join(folder, 'once')), 'this work', never)).toMatchObject(
      measured,
    );
    await expect(remembered(store, 'other work', never)).rejects.toThrow('measured again');
  });

  test('is measured anew where its file is damaged or the folder cannot be written', async () => {
    const store = calibrationFolder(join(folder, 'damaged'));
    await remembered(store, 'work', async () => measured);
    const [file] = readdirSync(join(folder, 'damaged'));
    for (const junk of ['', '{"fastest": 3}', 'null']) {
      writeFileSync(join(folder, 'damaged', file!), junk);
      expect((await remembered(store, 'work', async () => measured)).fastest).toBe('gpu');
    }
    writeFileSync(join(folder, 'file'), '');
    expect(await remembered(calibrationFolder(join(folder, 'file')), 'work', async () => measured)).toBe(
      measured,
    );
  });
});
