// Accuracy of an exported model in ONNX Runtime, on the test images of CIFAR-10 as `spikegrad eval` takes them.
//
//   npx tsx bench/onnx-accuracy.ts network.onnx ../shared/data/cifar10

import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { batches } from '../src/data/batches';
import { loadDataset } from '../src/data/files';
import { argmax } from '../src/train/evaluate';

const [model, data] = process.argv.slice(2);
if (model === undefined || data === undefined) {
  console.error('usage: npx tsx bench/onnx-accuracy.ts MODEL.onnx DATA');
  process.exit(2);
}
const images = await loadDataset('cifar10', 'test', data);
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
