import { afterAll, describe, expect, test } from 'vitest';
import { type Attack, attack, type Reader } from './attack';
import { nirReader, readers, tarReader } from './readers';

// 2,000 inputs a reader here; `npm run fuzz` gives 100,000. SPIKEGRAD_FUZZ and SPIKEGRAD_SEED choose others.

const runs = Number(process.env.SPIKEGRAD_FUZZ ?? 2000);
const many = process.env.SPIKEGRAD_FUZZ !== undefined;
const seed = Number(process.env.SPIKEGRAD_SEED ?? (many ? Date.now() % 2 ** 31 : 1));
/** Far above what any reader takes: a reader that hangs ends here. */
const timeout = 60_000 + 20 * runs;

async function survives(reader: Reader): Promise<void> {
  if (many) console.log(`${reader.name}: ${runs} inputs, seed ${seed}`);
  const started = performance.now();
  const onProgress: Attack['onProgress'] = many
    ? (done) => console.log(`${reader.name}: ${done} of ${runs}`)
    : undefined;
  const refused = await attack(reader, { runs, seed, onProgress });
  if (many) {
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.log(`${reader.name}: ${refused} of ${runs} refused, none got through, ${seconds} s`);
  }
  // mutations that change nothing would prove nothing; lines of metrics are left out one by one
  if (reader.name !== 'metrics') expect(refused).toBeGreaterThan(runs / 10);
}

describe('a damaged file gives whole data or an error that says where, and harms nothing', () => {
  test.each(readers)('$name', (reader) => survives(reader), timeout);

  test('NIR', async () => survives(await nirReader()), timeout);

  const tar = tarReader();
  afterAll(async () => (await tar).remove());
  test('tar archives', async () => survives((await tar).reader), timeout);
});
