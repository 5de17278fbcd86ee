// The seventh example on MNIST itself, where its files are.

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXAMPLES, runExample } from '../../examples/checker/check';
import { sharedFolder } from '../support/shared';

const mnist = sharedFolder('data/mnist');

test.skipIf(mnist.missing)(`the spiking perceptron reads 9 of 10 digits of MNIST${mnist.note}`, async () => {
  const { lines, code, errors } = await runExample(join(EXAMPLES, '07-mlp.ts'), [mnist.path]);
  expect(code, errors).toBe(0);
  expect(lines[0]).toContain('10000 to learn, 2000 to be asked about');
  const last = lines.findLast((line) => line.startsWith('epoch 3'));
  expect(Number(/: (\d+) % right/.exec(last ?? '')?.[1])).toBeGreaterThanOrEqual(90);
});
