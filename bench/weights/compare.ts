// Networks that were trained in other libraries: their files read here, their networks built by maps, and the logits
// of the same images held against those that the libraries gave. `python bench/weights/train.py DATA OUT` trains
// them; this reads OUT.
//
// usage: npm run bench:weights -- OUT

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  fromMap,
  init,
  type Module,
  type NameMap,
  noGrad,
  readNpz,
  readPyTorch,
  SpikegradError,
  scope,
  tensor,
} from '../../src';
import { textTable } from '../../src/cli/terminal/table';
import { channelsLast } from '../../src/interop/layout';
import { machine, record } from '../record';

/** Largest difference of two logits that counts as the same. */
const SAME = 1e-5;
const BATCH = 50;

const [folder] = process.argv.slice(2);
if (folder === undefined || !existsSync(join(folder, 'notes.json'))) {
  console.error(
    'usage: npm run bench:weights -- OUT, the folder that `python bench/weights/train.py DATA OUT` wrote',
  );
  process.exit(2);
}

interface Notes {
  readonly versions: Readonly<Record<string, string>>;
  readonly networks: Readonly<
    Record<string, { seconds: number; images: number; epochs: number; data: string; accuracy: number }>
  >;
}

/** Maps of this folder before those of the library. */
function mapOf(name: string): string | NameMap {
  const own = new URL(`./maps/${name}.json`, import.meta.url);
  return existsSync(own) ? (JSON.parse(readFileSync(own, 'utf8')) as NameMap) : name;
}

/** Why no network here is this one; undefined where one is. */
async function refusalOf(...[map, tensors, timesteps]: RefusedBy): Promise<string | undefined> {
  await init({ backend: 'cpu' });
  try {
    await fromMap(map, tensors, { timesteps });
    return undefined;
  } catch (error) {
    if (error instanceof SpikegradError) return error.problem;
    throw error;
  }
}
type RefusedBy = [map: string | NameMap, tensors: Parameters<typeof fromMap>[1], timesteps: number];

async function logitsOf(network: Module, images: Float64Array, shape: readonly number[]): Promise<number[]> {
  const size = images.length / shape[0]!;
  const all: number[] = [];
  for (let from = 0; from < shape[0]!; from += BATCH) {
    const part = images.subarray(from * size, (from + BATCH) * size);
    const logits = noGrad(() =>
      scope(() => network.call(tensor(part, [part.length / size, ...shape.slice(1)]))),
    );
    all.push(...(await logits.data()));
    logits.dispose();
  }
  return all;
}

const floats = (entry: { data: unknown } | undefined) => Float64Array.from(entry!.data as Float32Array);

function accuracy(logits: ArrayLike<number>, labels: ArrayLike<number | bigint>): number {
  let right = 0;
  for (let i = 0; i < labels.length; i++) {
    const row = Array.from({ length: 10 }, (_, c) => logits[10 * i + c]!);
    if (row.indexOf(Math.max(...row)) === Number(labels[i])) right++;
  }
  return right / labels.length;
}

/**
 * The standard deviation of a logit over the images: 0 in a network that does not look at them, which would prove
 * nothing.
 */
function spread(logits: ArrayLike<number>, images: number): number {
  const classes = logits.length / images;
  const of = (c: number) => Array.from({ length: images }, (_, i) => logits[i * classes + c]!);
  const deviations = Array.from({ length: classes }, (_, c) => {
    const values = of(c);
    const mean = values.reduce((sum, value) => sum + value, 0) / images;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / images);
  });
  return deviations.reduce((sum, deviation) => sum + deviation, 0) / classes;
}

/** The largest difference of an image's logits, for each image. */
function differences(ours: ArrayLike<number>, theirs: ArrayLike<number>, images: number): number[] {
  const each = theirs.length / images;
  return Array.from({ length: images }, (_, i) =>
    Math.max(
      ...Array.from({ length: each }, (_, c) => Math.abs(ours[i * each + c]! - theirs[i * each + c]!)),
    ),
  );
}

const { versions, networks } = JSON.parse(readFileSync(join(folder, 'notes.json'), 'utf8')) as Notes;
const results = [];
const refused: { name: string; why: string }[] = [];
for (const [name, note] of Object.entries(networks)) {
  const { tensors, values } = await readPyTorch(readFileSync(join(folder, `${name}.pth`)));
  const timesteps = Number(values.get('args.T'));
  const why = await refusalOf(mapOf(name), tensors, timesteps);
  if (why !== undefined) {
    refused.push({ name, why });
    console.log(name, why);
    continue;
  }
  const sample = await readNpz(readFileSync(join(folder, `${name}.npz`)));
  const images = sample.get('images')!;
  const turned = channelsLast({ data: floats(images), shape: images.shape });
  const labels = sample.get('labels')!.data as BigInt64Array;
  const of = { name, ...note, images: labels.length, trainedOn: note.images };
  const measured: Record<string, unknown> = { spread: spread(floats(sample.get('exact')), labels.length) };
  for (const [precision, backend, key] of [
    ['f64', 'cpu', 'exact'],
    ['f32', 'wasm', 'logits'],
  ] as const) {
    await init({
      backend,
      precision: backend === 'cpu' ? 'f64' : 'f32',
      threads: backend === 'wasm' ? 1 : undefined,
    });
    const network = await fromMap(mapOf(name), tensors, { timesteps });
    const ours = await logitsOf(network, turned.data as Float64Array, turned.shape);
    const apart = differences(ours, floats(sample.get(key)), labels.length);
    measured[precision] = {
      largest: Math.max(...apart),
      same: apart.filter((one) => one <= SAME).length,
      accuracy: accuracy(ours, labels),
    };
  }
  results.push({ ...of, ...measured } as typeof of & { spread: number } & Record<
      'f64' | 'f32',
      { largest: number; same: number; accuracy: number }
    >);
  console.log(name, measured);
}

const libraries = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
const table = textTable(
  [
    'network',
    'trained on',
    'accuracy there',
    'here',
    'spread of a logit',
    '64 bits: difference',
    '32 bits: difference',
  ],
  results.map(({ name, trainedOn, epochs, data, accuracy, images, spread, f64, f32 }) => [
    name,
    `${epochs} x ${trainedOn} of ${data}`,
    `${(100 * accuracy).toFixed(1)} %`,
    `${(100 * f32.accuracy).toFixed(1)} %`,
    spread.toFixed(2),
    f64.largest.toExponential(1),
    `${f32.largest.toExponential(1)}${f32.same < images ? `, ${images - f32.same} of ${images} images over 1e-5` : ''}`,
  ]),
  200,
);
const text = `# Weights of other libraries

${machine()}; ${libraries.join(', ')}.

Networks of \`bench/weights/networks.py\`, trained there by \`train.py\`, read here with
\`readPyTorch\` and \`fromMap\`; logits of 200 (MNIST) and 100 test images held against those that the library gave: the largest difference. In 64 bits both compute the
same numbers in another order. In 32 bits a potential may come to lie on the other side of a threshold by a rounding, and a spike
more or less is seen in the logits.

\`\`\`
${table}
\`\`\`

${refused.length === 0 ? 'None is refused.' : `Refused, by name:\n\n${refused.map(({ name, why }) => `- ${name}: ${why}`).join('\n')}`}
`;
record('weights', { versions, results, refused }, text);
const wrong = results.filter(({ f64, spread: wide }) => f64.largest > SAME || wide === 0);
if (wrong.length > 0) {
  console.error(
    `over ${SAME} apart, or the same for all images: ${wrong.map(({ name }) => name).join(', ')}`,
  );
  process.exit(1);
}
