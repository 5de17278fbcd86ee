import { afterAll, describe, expect, test } from 'vitest';
import { type Attack, attack, type Reader } from './attack';
import { readers } from './readers';
import { eventsReader, nirReader } from './readers/hdf5';
import { tarReader } from './readers/tar';
import { recordReader } from './record';

// 2,000 inputs a reader here; `npm run fuzz` gives 100,000. SPIKEGRAD_FUZZ and SPIKEGRAD_SEED choose others.

const runs = Number(process.env.SPIKEGRAD_FUZZ ?? 2000);
const many = process.env.SPIKEGRAD_FUZZ !== undefined;
const seed = Number(process.env.SPIKEGRAD_SEED ?? (many ? Date.now() % 2 ** 31 : 1));
/** From so many inputs on, the outcome goes to bench/results/fuzz.json. */
const RECORDED = 100_000;
/** Far above what any reader takes, also on a busy machine: a reader that hangs ends here. */
const timeout = 60_000 + 100 * runs;

async function survives(reader: Reader, more: () => object = () => ({})): Promise<void> {
  if (many) console.log(`${reader.name}: ${runs} inputs, seed ${seed}`);
  const started = performance.now();
  const onProgress: Attack['onProgress'] = many
    ? (done) => console.log(`${reader.name}: ${done} of ${runs}`)
    : undefined;
  const refused = await attack(reader, { runs, seed, onProgress });
  const seconds = Math.round((performance.now() - started) / 1000);
  if (many) console.log(`${reader.name}: ${refused} of ${runs} refused, none got through, ${seconds} s`);
  // mutations that change nothing would prove nothing; lines of metrics are left out one by one
  if (reader.name !== 'metrics') expect(refused).toBeGreaterThan(runs / 10);
  if (runs >= RECORDED) recordReader(reader.name, { inputs: runs, refused, ...more(), seconds, seed });
}

describe('a damaged file gives whole data or an error that says where, and harms nothing', () => {
  test.each(readers)('$name', (reader) => survives(reader), timeout);

  test.each([
    ['NIR', nirReader],
    ['events in HDF5', eventsReader],
  ])(
    '%s',
    async (_, start) => {
      const { reader, traps, remove } = await start();
      await survives(reader, () => ({ traps: traps() })).finally(remove);
    },
    timeout,
  );

  const tar = tarReader();
  afterAll(async () => (await tar).remove());
  test('tar archives', async () => survives((await tar).reader), timeout);
});
