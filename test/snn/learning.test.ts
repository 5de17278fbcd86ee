import { expect, test } from 'vitest';
import { tensor } from '../../src/core/create';
import { Random } from '../../src/core/random';
import { scope } from '../../src/core/scope';
import { noGrad } from '../../src/core/tape';
import { Conv2d } from '../../src/nn/conv';
import { Flatten, Linear } from '../../src/nn/layers';
import { sequential } from '../../src/nn/sequential';
import { crossEntropy } from '../../src/ops/loss';
import { Sgd } from '../../src/optim';
import { Direct, Lif, mpr, TdBatchNorm, TimeMean } from '../../src/snn';
import { initTested } from '../support/backend';
import { normal } from './numbers';

test('a small spiking network learns 32 random images by heart', async () => {
  await initTested();
  const [count, classes] = [32, 4];
  const images = tensor(normal(count * 8 * 8 * 3, 1), [count, 8, 8, 3]);
  const random = new Random(2);
  const labels = Array.from({ length: count }, () => random.integer(classes));
  const net = sequential(
    new Conv2d(3, 8, { random }),
    new Direct(2),
    new TdBatchNorm(8),
    new Lif({ rectifier: mpr() }),
    new Conv2d(8, 8, { stride: 2, random }),
    new TdBatchNorm(8),
    new Lif({ rectifier: mpr() }),
    new Flatten(),
    new Linear(4 * 4 * 8, classes, { random }),
    new TimeMean(),
  );
  const sgd = new Sgd(net.parameters(), { lr: 0.05 });
  const correct = () =>
    noGrad(() =>
      scope(() => {
        const logits = net.call(images).dataSync();
        return labels.filter((label, i) => {
          const row = logits.slice(i * classes, (i + 1) * classes);
          return row.indexOf(Math.max(...row)) === label;
        }).length;
      }),
    );
  let right = correct();
  const before = right;
  for (let step = 0; step < 100 && right < count; step++) {
    sgd.zeroGrad();
    scope(() => crossEntropy(net.call(images), labels).backward());
    sgd.step();
    if (step % 5 === 4) right = correct();
  }
  expect(before).toBeLessThan(count);
  expect(right).toBe(count);
});
