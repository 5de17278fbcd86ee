// Accuracy of an exported model in ONNX Runtime, on the test images of CIFAR-10 as `spikegrad eval` takes them.
//
//   npx tsx bench/onnx-accuracy.ts network.onnx ../shared/data/cifar10
//   npx tsx bench/onnx-accuracy.ts raw.onnx ../shared/data/cifar10 --raw     of `export --onnx --raw`
//   … --limit 2000                                                           the first 2,000 images

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as ort from 'onnxruntime-web';
import { batches } from '../src/data/batches';
import { makeDataset } from '../src/data/dataset';
import { loadDataset } from '../src/data/node/files';
import { take } from '../src/data/parts';
import { argmax } from '../src/train/evaluate';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { raw: { type: 'boolean', default: false }, limit: { type: 'string' } },
});
const [model, data] = positionals;
if (model === undefined || data === undefined) {
  console.error('usage: npx tsx bench/onnx-accuracy.ts MODEL.onnx DATA [--raw] [--limit N]');
  process.exit(2);
}
const all = await loadDataset('cifar10', 'test', data);
const first = values.limit === undefined ? all : take(all, Number(values.limit));
// (pixel / 255 - 0) / 1
const images = values.raw ? makeDataset({ ...first, mean: [0, 0, 0], deviation: [1, 1, 1] }) : first;
const { height, width, channels, classes } = images;
const session = await ort.InferenceSession.create(readFileSync(model));
let correct = 0;
for (const batch of batches(images, { batchSize: 100, seed: 0, epoch: 0, shuffle: false })) {
  const count = batch.labels.length;
  // [N,H,W,C] to [N,C,H,W]
  const nchw = Float32Array.from({ length: batch.images.length }, (_, i) => {
    const x = i % width;
    const y = Math.floor(i / width) % height;
    const c = Math.floor(i / (width * height)) % channels;
    const n = Math.floor(i / (width * height * channels));
    return batch.images[((n * height + y) * width + x) * channels + c]!;
  });
  const input = new ort.Tensor('float32', nchw, [count, channels, height, width]);
  const output = await session.run({ [session.inputNames[0]!]: input });
  const logits = output[session.outputNames[0]!]!.data as Float32Array;
  batch.labels.forEach((label, row) => {
    if (argmax(logits, row * classes.length, classes.length) === label) correct++;
  });
}
console.log(
  `ONNX Runtime: ${((100 * correct) / images.length).toFixed(2)} % of ${images.length} test images`,
);
