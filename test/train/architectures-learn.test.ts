// Every network of `train --arch` beside the ResNet20 learns by its defaults: a few dozen steps on images that are told
// apart by their colour under noise bring each above chance. How far they come on real images: docs/networks.md.

import { beforeAll, expect, test } from 'vitest';
import { Random } from '../../src/core/random';
import { makeDataset } from '../../src/data/dataset';
import { init } from '../../src/init';
import {
  ARCHITECTURES,
  type Architecture,
  buildNetwork,
  runSettings,
  Trainer,
  trainingSettings,
} from '../../src/train';
import { knownNetworks } from '../../src/train/network/known';

const [COUNT, CLASSES] = [96, 3];
/** Of networks that leave too few pixels of 16x16. */
const SIDES: Partial<Record<Architecture, number>> = { csnn: 28, vgg11: 32, 'dvs-net': 32 };

/** Images whose class is the colour that they have more of, under noise. */
function colours(side: number) {
  const random = new Random(4);
  const labels = Uint8Array.from({ length: COUNT }, (_, i) => i % CLASSES);
  const pixels = Uint8Array.from({ length: COUNT * side * side * 3 }, (_, at) => {
    const isBright = at % 3 === labels[Math.floor(at / (side * side * 3))];
    return Math.max(0, Math.min(255, (isBright ? 150 : 100) + random.normal(0, 40)));
  });
  return makeDataset({
    ...{ name: 'shapes', classes: ['red', 'green', 'blue'], height: side, width: side, channels: 3 },
    ...{ pixels, labels, mean: [0.45, 0.45, 0.45], deviation: [0.2, 0.2, 0.2] },
  });
}

beforeAll(() => init({ backend: 'wasm', threads: 1, seed: 1 }));

test.each(ARCHITECTURES.filter((arch) => knownNetworks[arch] !== undefined))('%s', async (arch) => {
  const images = colours(SIDES[arch] ?? 16);
  const settings = runSettings({ arch, width: 8, epochs: 4, batch: 16, limit: null }, images);
  await init({ backend: 'wasm', threads: 1, seed: settings.seed });
  const network = buildNetwork(settings);
  const trainer = new Trainer(network, images, { ...trainingSettings(settings), test: images });
  await trainer.run();
  const { trainAccuracy, testAccuracy } = trainer.progress.history.at(-1)!;
  expect(trainAccuracy).toBeGreaterThan(0.5);
  expect(testAccuracy).toBeGreaterThan(0.5);
});
