// `npm run bench:integer:exported`: the trained network in f32 and in integers, here and, of its exported files, in
// other tools: ONNX in ONNX Runtime's own build, NIR in SpikingJelly. Accuracy on the same test images of CIFAR-10, and
// how many predictions are those that the same network gives here. To bench/results/integer-exported.{md,json}.
//
//   --images N        default 2,000
//   --keep FOLDER     where the files are to stay; default: nowhere
//   --dry             print, write nothing
//
// PYTHON names an interpreter with onnxruntime, nir and spikingjelly (bench/exchange/python/requirements.txt).

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  batches,
  buildNetwork,
  compile,
  decodeCheckpoint,
  init,
  type Module,
  noGrad,
  restoreModel,
  scope,
  tensor,
} from '../../src/index';
import { permuteArray } from '../../src/interop/layout';
import { toNir, writeNir } from '../../src/interop/nir';
import { toOnnx } from '../../src/interop/onnx';
import { loadDataset } from '../../src/node';
import { machine, record } from '../record';
import { SHARED, TRAINED } from './trained';

const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '2000' },
    keep: { type: 'string' },
    dry: { type: 'boolean', default: false },
  },
});
const BATCH = 100;
const inputShape = [32, 32, 3];
/** A step of NIR's neurons, in seconds. */
const DT = 1e-4;

await init({ backend: 'wasm', threads: 2 });
const checkpoint = decodeCheckpoint(readFileSync(TRAINED));
const network = buildNetwork(checkpoint.settings);
restoreModel(network, checkpoint);
network.evaluate();
const data = await loadDataset('cifar10', 'test', `${SHARED}/data/cifar10`, {
  limit: Number(values.images),
});
const all = [...batches(data, { batchSize: BATCH, shuffle: false, augment: [] })].map(
  ({ images, shape, labels }) => ({ images: images.slice(), shape: [...shape], labels: Array.from(labels) }),
);
const labels = all.flatMap((batch) => batch.labels);

async function predictions(of: Module): Promise<number[]> {
  const found: number[] = [];
  for (const { images, shape } of all) {
    const logits = noGrad(() => scope(() => of.call(tensor(images, shape))));
    const scores = await logits.data();
    for (let from = 0; from < scores.length; from += 10) {
      const row = scores.subarray(from, from + 10);
      found.push(row.indexOf(Math.max(...row)));
    }
    logits.dispose();
  }
  return found;
}

const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'spikegrad-exported-'));
mkdirSync(folder, { recursive: true });
const pixels = all.map(
  ({ images, shape }) => permuteArray({ data: images, shape }, [0, 3, 1, 2]).data as Float32Array,
);
writeFileSync(join(folder, 'images.bin'), Buffer.concat(pixels.map((one) => new Uint8Array(one.buffer))));
const entrants = [
  { name: 'f32', network: network as Module },
  { name: '16 bits', network: await compile(network, { weights: 16, inputShape }) },
  { name: '8 bits', network: await compile(network, { weights: 8, inputShape }) },
];
const rows = [];
for (const [i, { name, network: own }] of entrants.entries()) {
  const files = { onnx: join(folder, `${i}.onnx`), nir: join(folder, `${i}.nir`) };
  writeFileSync(files.onnx, await toOnnx(own, { inputShape }));
  writeFileSync(files.nir, await writeNir(await toNir(own, { inputShape, dt: DT })));
  rows.push({ name, ...files, here: await predictions(own) });
}
const job = { images: labels.length, timesteps: checkpoint.settings.timesteps ?? 2, dt: DT, rows };
writeFileSync(join(folder, 'job.json'), JSON.stringify(job));
const script = new URL('python/exported.py', import.meta.url).pathname;
const said = execFileSync(process.env.PYTHON ?? 'python3', [script, folder], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
  maxBuffer: 1e8,
});
/** By tool, of each row its predictions or why there are none. */
const theirs = JSON.parse(said.trim().split('\n').at(-1)!) as Record<string, (number[] | string)[]>;
if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });

const percent = (hits: number) => ((100 * hits) / labels.length).toFixed(2);
const right = (found: readonly number[]) => percent(found.filter((one, i) => one === labels[i]).length);
const alike = (found: readonly number[], here: readonly number[]) =>
  percent(found.filter((one, i) => one === here[i]).length);
const results = rows.map(({ name, here }, i) => ({
  name,
  here: right(here),
  tools: Object.entries(theirs).map(([tool, found]) => {
    const own = found[i]!;
    return { tool, found: typeof own === 'string' ? own : { right: right(own), alike: alike(own, here) } };
  }),
}));
const tools = Object.keys(theirs);
const text = [
  '# Exported networks in other tools',
  '',
  `${machine()}. resnet20 small, T = 2, trained; ${labels.length} test images of CIFAR-10. Accuracy in per cent; in brackets how`,
  'many predictions are those that the same network gives here.',
  '',
  `| weights | here | ${tools.join(' | ')} |`,
  `|---|---|${tools.map(() => '---').join('|')}|`,
  ...results.map(({ name, here, tools: own }) => {
    const cells = own.map(({ found }) =>
      typeof found === 'string' ? found : `${found.right} (${found.alike})`,
    );
    return `| ${name} | ${here} | ${cells.join(' | ')} |`;
  }),
  '',
].join('\n');
console.log(text);
if (!values.dry) record('integer-exported', results, text);
process.exit();
