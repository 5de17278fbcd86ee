import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { batches } from '../../src/data/batches';
import type { Dataset } from '../../src/data/dataset';
import { shapes } from '../../src/data/shapes';

/** Softmax regression on normalised pixels, SGD; returns accuracy on `held`. The best that a linear model does here. */
function linearAccuracy(train: Dataset, held: Dataset, epochs: number): number {
  const classes = train.classes.length;
  const size = train.height * train.width * train.channels;
  const weights = new Float64Array(classes * (size + 1));
  const scores = new Float64Array(classes);
  const score = (images: Float32Array, i: number) => {
    for (let c = 0; c < classes; c++) {
      let sum = weights[c * (size + 1) + size]!;
      for (let p = 0; p < size; p++) sum += weights[c * (size + 1) + p]! * images[i * size + p]!;
      scores[c] = sum;
    }
  };
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const { images, labels } of batches(train, {
      batchSize: 50,
      seed: 1,
      epoch,
      shuffle: true,
      augment: [],
    })) {
      labels.forEach((label, i) => {
        score(images, i);
        const largest = Math.max(...scores);
        const total = scores.reduce((sum, s) => sum + Math.exp(s - largest), 0);
        for (let c = 0; c < classes; c++) {
          const error = Math.exp(scores[c]! - largest) / total - (c === label ? 1 : 0);
          const rate = (0.003 / (1 + epoch)) * error;
          for (let p = 0; p < size; p++) weights[c * (size + 1) + p]! -= rate * images[i * size + p]!;
          weights[c * (size + 1) + size]! -= rate;
        }
      });
    }
  }
  let correct = 0;
  for (const { images, labels } of batches(held, {
    batchSize: 50,
    seed: 1,
    epoch: 0,
    shuffle: false,
    augment: [],
  })) {
    labels.forEach((label, i) => {
      score(images, i);
      if (scores.indexOf(Math.max(...scores)) === label) correct++;
    });
  }
  return correct / held.length;
}

describe('drawn shapes', () => {
  test('the same seed draws the same bytes, also on another machine', () => {
    const { pixels, labels } = shapes({ count: 20, seed: 7 });
    expect(shapes({ count: 20, seed: 7 }).pixels).toEqual(pixels);
    const hash = createHash('sha256').update(pixels).update(labels).digest('hex');
    expect(hash).toBe('7800c0496b3709c6e3567d71aea2a455779caa72ca748f4df506c8a778456c29');
  });

  test('another seed and the other split draw other images', () => {
    const { pixels } = shapes({ count: 20, seed: 7 });
    expect(shapes({ count: 20, seed: 8 }).pixels).not.toEqual(pixels);
    expect(shapes({ count: 20, seed: 7, split: 'test' }).pixels).not.toEqual(pixels);
  });

  test('fewer images are the first of more', () => {
    const { pixels } = shapes({ count: 30, seed: 7 });
    expect(shapes({ count: 13, seed: 7 }).pixels).toEqual(pixels.slice(0, 13 * 3072));
  });

  test('every ten images hold every class once', () => {
    const { labels } = shapes({ count: 200, seed: 3 });
    for (let i = 0; i < 200; i += 10)
      expect([...labels.slice(i, i + 10)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('mean and deviation are those of the training images to 1 %', () => {
    const { pixels, mean, deviation } = shapes({ count: 3000, seed: 1 });
    for (let c = 0; c < 3; c++) {
      const channel = pixels.filter((_, i) => i % 3 === c);
      const m = channel.reduce((sum, v) => sum + v / 255, 0) / channel.length;
      const v = channel.reduce((sum, p) => sum + (p / 255 - m) ** 2, 0) / channel.length;
      expect(Math.abs(m - mean[c]!)).toBeLessThan(0.01);
      expect(Math.abs(Math.sqrt(v) - deviation[c]!)).toBeLessThan(0.01);
    }
  });

  test('a linear model on the pixels stays below 30 %', () => {
    const accuracy = linearAccuracy(
      shapes({ count: 1500, seed: 1 }),
      shapes({ count: 500, seed: 1, split: 'test' }),
      4,
    );
    expect(accuracy).toBeLessThan(0.3);
    expect(accuracy).toBeGreaterThan(0.05); // it did train: broken code would be at 0
    console.log(`linear model: ${(100 * accuracy).toFixed(1)} %`);
  });

  test('counts and splits that make no sense are refused', () => {
    expect(() => shapes({ count: 0 })).toThrow(/count must be a whole number >= 1, got 0/);
    expect(() => shapes({ count: 10, split: 'validation' as 'test' })).toThrow(/split must be/);
  });
});
