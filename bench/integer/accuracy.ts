// `npm run integer:accuracy`: a trained network in f32 beside itself in integers, on test images of CIFAR-10:
// accuracy, predictions that change, and how far the firing rates of its layers move. Equal accuracy hides other
// firing ("Quantization of SNNs beyond accuracy", arXiv 2604.14487), so all three are told.
//
//   --model FILE      a model file, again for more; default: the trained one of the shared folder
//   --images N        default 10,000
//   --threads N       default 2
//   --dry             print, write nothing; else bench/results/integer.{md,json}

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import {
  batches,
  buildNetwork,
  compile,
  decodeCheckpoint,
  init,
  type Module,
  noGrad,
  probe,
  restoreModel,
  scope,
  tensor,
} from '../../src/index';
import { loadDataset } from '../../src/node';
import { machine, record } from '../record';
import { SHARED, TRAINED } from './trained';

const { values } = parseArgs({
  options: {
    model: { type: 'string', multiple: true },
    images: { type: 'string', default: '10000' },
    threads: { type: 'string', default: '2' },
    dry: { type: 'boolean', default: false },
  },
});
const BITS = [16, 8, 6, 4] as const;
const BATCH = 100;

/** By layer, of each batch. */
type Rates = Map<string, number[]>;

interface Outcome {
  readonly predictions: number[];
  readonly rates: Rates;
}

type Batches = readonly {
  readonly images: Float32Array;
  readonly shape: readonly number[];
  readonly labels: ArrayLike<number>;
}[];

async function run(
  network: Module,
  all: Batches,
  ratesOf: (x: ReturnType<typeof tensor>) => Promise<ReadonlyMap<string, number>>,
): Promise<Outcome> {
  const predictions: number[] = [];
  const rates: Rates = new Map();
  for (const { images, shape } of all) {
    const x = tensor(images, [...shape]);
    const logits = noGrad(() => scope(() => network.call(x)));
    const scores = await logits.data();
    const classes = logits.shape[1]!;
    for (let from = 0; from < scores.length; from += classes) {
      const row = scores.subarray(from, from + classes);
      predictions.push(row.indexOf(Math.max(...row)));
    }
    for (const [name, rate] of await ratesOf(x)) rates.set(name, [...(rates.get(name) ?? []), rate]);
    logits.dispose();
    x.dispose();
  }
  return { predictions, rates };
}

/** A share with its 95 % interval (Wilson). */
function share(count: number, of: number) {
  const [p, z] = [count / of, 1.96];
  const middle = (p + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of))) / (1 + (z * z) / of);
  return { value: p, low: middle - half, high: middle + half };
}

/** A mean with its 95 % interval. */
function meanOf(numbers: readonly number[]) {
  const value = numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  const variance =
    numbers.reduce((sum, one) => sum + (one - value) ** 2, 0) / Math.max(1, numbers.length - 1);
  const half = 1.96 * Math.sqrt(variance / numbers.length);
  return { value, low: value - half, high: value + half };
}

async function compareOn(file: string, all: Batches) {
  const checkpoint = decodeCheckpoint(readFileSync(file));
  const network = buildNetwork(checkpoint.settings);
  restoreModel(network, checkpoint);
  network.evaluate();
  const labels = all.flatMap((batch) => Array.from(batch.labels));
  const looking = probe(network, { membranes: false });
  const real = await run(network, all, async () => {
    const { layers } = await looking.report();
    looking.reset();
    return new Map(layers.map(({ name, rate }) => [name.replaceAll('.', '_'), rate]));
  });
  looking.detach();
  const right = (predictions: readonly number[]) =>
    share(predictions.filter((one, i) => one === labels[i]).length, labels.length);
  const rows = [];
  for (const weights of BITS) {
    const fast = await compile(network, { weights, inputShape: [32, 32, 3] });
    const found = await run(fast, all, async (x) => fast.firingRates(x));
    const lost = found.predictions.filter(
      (one, i) => real.predictions[i] === labels[i] && one !== labels[i],
    ).length;
    const won = found.predictions.filter(
      (one, i) => real.predictions[i] !== labels[i] && one === labels[i],
    ).length;
    const half = (1.96 * Math.sqrt(lost + won)) / labels.length;
    rows.push({
      weights,
      sameBits: fast.report().sameBits,
      accuracy: right(found.predictions),
      // of pairs: only images that one of them has right tell anything
      difference: {
        value: (won - lost) / labels.length,
        low: (won - lost) / labels.length - half,
        high: (won - lost) / labels.length + half,
      },
      changed: share(found.predictions.filter((one, i) => one !== real.predictions[i]).length, labels.length),
      rates: [...found.rates].map(([name, all]) => ({
        name,
        real: meanOf(real.rates.get(name)!).value,
        distance: meanOf(all.map((rate, i) => rate - real.rates.get(name)![i]!)),
      })),
    });
    fast.dispose();
    console.error(`${basename(file)}: ${weights} bits done`);
  }
  return { model: basename(file), images: labels.length, accuracy: right(real.predictions), rows };
}

const percent = ({ value, low, high }: { value: number; low: number; high: number }, digits = 2) =>
  `${(100 * value).toFixed(digits)} (${(100 * low).toFixed(digits)} .. ${(100 * high).toFixed(digits)})`;

function table(outcomes: readonly Awaited<ReturnType<typeof compareOn>>[]): string {
  const lines = [
    '# Networks in integers beside themselves in f32',
    '',
    `${machine()}. Per cent, with 95 % intervals.`,
  ];
  for (const { model, images, accuracy, rows } of outcomes) {
    lines.push(
      '',
      `## ${model}, ${images} test images of CIFAR-10`,
      '',
      '| weights | accuracy | than f32 | predictions changed | rates of layers moved by, at most | same bits everywhere |',
      '|---|---|---|---|---|---|',
      `| f32 | ${percent(accuracy)} | | | | no |`,
      ...rows.map(({ weights, sameBits, difference, changed, rates, accuracy: own }) => {
        const worst = rates.reduce((a, b) =>
          Math.abs(b.distance.value) > Math.abs(a.distance.value) ? b : a,
        );
        return `| ${weights} bits | ${percent(own)} | ${percent(difference)} | ${percent(changed)} | ${percent(worst.distance, 3)} in ${worst.name} | ${sameBits ? 'yes' : 'no'} |`;
      }),
      '',
      `| layer | rate in f32 | ${rows.map(({ weights }) => `moved by, ${weights} bits`).join(' | ')} |`,
      `|---|---|${rows.map(() => '---').join('|')}|`,
      ...rows[0]!.rates.map(
        ({ name, real }, i) =>
          `| ${name} | ${(100 * real).toFixed(2)} | ${rows.map(({ rates }) => percent(rates[i]!.distance, 3)).join(' | ')} |`,
      ),
    );
  }
  return `${lines.join('\n')}\n`;
}

await init({ backend: 'wasm', threads: Number(values.threads) });
const data = await loadDataset('cifar10', 'test', `${SHARED}/data/cifar10`, { limit: Number(values.images) });
const all: Batches = [...batches(data, { batchSize: BATCH, shuffle: false, augment: [] })].map(
  ({ images, shape, labels }) => ({ images: images.slice(), shape: [...shape], labels: Array.from(labels) }),
);
const outcomes = [];
for (const file of values.model ?? [TRAINED]) outcomes.push(await compareOn(file, all));
const text = table(outcomes);
console.log(text);
if (!values.dry) record('integer', outcomes, text);
process.exit();
