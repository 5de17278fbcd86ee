// The drawn images: their layout, that the same seed gives the same bytes everywhere, balanced classes, and that a
// linear model gets little out of the pixels. How well a network does on them is measured elsewhere.

import { createHash } from 'node:crypto';
import { describe, expect } from 'vitest';
import { Random } from '../../src/core/random';
import type { Dataset } from '../../src/data/dataset';
import { type ShapesOptions, shapes } from '../../src/data/shapes';
import { outlines } from '../../src/data/shapes/outline';
import { SpikegradError } from '../../src/errors';
import { fc, test } from '../support/properties';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const imageOf = (set: Dataset, index: number) => {
  const size = set.height * set.width * set.channels;
  return set.pixels.subarray(index * size, (index + 1) * size);
};

describe('the drawn images', () => {
  test('fill an array of the promised layout', () => {
    const set = shapes({ count: 7 });
    expect([set.length, set.height, set.width, set.channels]).toEqual([7, 32, 32, 3]);
    expect(set.pixels.length).toBe(7 * 32 * 32 * 3);
    expect(set.labels.length).toBe(7);
    expect(set.name).toBe('shapes');
  });

  test('are the same bytes on every machine', () => {
    const { pixels, labels } = shapes({ count: 40, seed: 7 });
    expect(sha256(pixels)).toBe('8a7fdc4eb767b083b5f25c0e1547e2a36b05831229977f3f2464dad5122200cd');
    expect(sha256(labels)).toBe('d36d23bd3d33033f4f89d8eb406f287e6fbbd6f09616102b95ecefbe2e9a4980');
  });

  test.prop([
    fc.maxSafeInteger(),
    fc.constantFrom('train' as const, 'test' as const),
    fc.integer({ min: 1, max: 25 }),
  ])('a longer set begins with the shorter one of the same seed and split', (seed, split, count) => {
    const short = shapes({ count, seed, split });
    const long = shapes({ count: count + 9, seed, split });
    expect(sha256(long.pixels.subarray(0, short.pixels.length))).toBe(sha256(short.pixels));
    expect([...long.labels.subarray(0, count)]).toEqual([...short.labels]);
  });

  test('no image of a training set turns up among the test images or under another seed', () => {
    const seen = new Set<string>();
    const sets = [
      shapes({ count: 200, seed: 3 }),
      shapes({ count: 200, seed: 3, split: 'test' }),
      shapes({ count: 200, seed: 4 }),
      shapes({ count: 200, seed: -3 }),
    ];
    for (const set of sets) for (let i = 0; i < set.length; i++) seen.add(sha256(imageOf(set, i)));
    expect(seen.size).toBe(800);
  });

  test('no seed and no split mean seed 0 and the training images', () => {
    expect(shapes({ count: 10 })).toEqual(shapes({ count: 10, seed: 0, split: 'train' }));
  });

  test('mean and deviation are those of 10,000 training images to within 0.01', () => {
    const set = shapes({ count: 10_000, seed: 1 });
    const total = [0, 0, 0];
    const squares = [0, 0, 0];
    for (let i = 0; i < set.pixels.length; i++) {
      const value = set.pixels[i]! / 255;
      total[i % 3]! += value;
      squares[i % 3]! += value * value;
    }
    const n = set.pixels.length / 3;
    for (const channel of [0, 1, 2]) {
      const mean = total[channel]! / n;
      const deviation = Math.sqrt(squares[channel]! / n - mean * mean);
      expect(Math.abs(mean - set.mean[channel]!)).toBeLessThan(0.01);
      expect(Math.abs(deviation - set.deviation[channel]!)).toBeLessThan(0.01);
    }
  });
});

describe('the classes', () => {
  test('are ten different names in the order of their outlines', () => {
    const { classes } = shapes({ count: 1 });
    expect(classes).toEqual(Object.keys(outlines));
    expect(new Set(classes).size).toBe(10);
  });

  test.prop([fc.integer(), fc.integer({ min: 1, max: 60 })])(
    'never differ by more than one image in number, whatever the count',
    (seed, count) => {
      const perClass = new Array<number>(10).fill(0);
      for (const label of shapes({ count, seed }).labels) perClass[label]!++;
      expect(Math.max(...perClass) - Math.min(...perClass)).toBeLessThanOrEqual(1);
    },
  );

  test('come in an order that differs from ten to ten', () => {
    const { labels } = shapes({ count: 30 });
    const blocks = [0, 10, 20].map((start) => labels.subarray(start, start + 10).join());
    expect(new Set(blocks).size).toBe(3);
  });

  test('have outlines that stay inside the image at every angle and differ on a tenth of their area or more', () => {
    const steps = 60;
    const reach = 1.3;
    const masks = Object.values(outlines).map((outline) => {
      const mask: boolean[] = [];
      for (let row = 0; row < steps; row++)
        for (let column = 0; column < steps; column++) {
          const x = ((column + 0.5) / steps) * 2 * reach - reach;
          const y = ((row + 0.5) / steps) * 2 * reach - reach;
          const inside = outline(x, y) < 0;
          if (inside) expect(x * x + y * y).toBeLessThan(reach * reach);
          mask.push(inside);
        }
      return mask;
    });
    const area = (mask: boolean[]) => mask.filter(Boolean).length;
    masks.forEach((one, i) => {
      for (const other of masks.slice(i + 1)) {
        const apart = area(one.map((inside, at) => inside !== other[at]));
        expect(apart / Math.max(area(one), area(other))).toBeGreaterThan(0.1);
      }
    });
  });
});

describe('a linear model', () => {
  test('trained on 2,000 images tells fewer than 25 % of 1,000 unseen ones', () => {
    const train = shapes({ count: 2000, seed: 1 });
    const accuracy = softmaxRegression(train, shapes({ count: 1000, seed: 1, split: 'test' }), 12_000);
    expect(accuracy).toBeLessThan(0.25);
    expect(accuracy).toBeGreaterThan(0.07); // far below chance would mean a fault in the split
  });

  test('does learn what is linear: it remembers 60 of its own training images', () => {
    const few = shapes({ count: 60, seed: 5 });
    expect(softmaxRegression(few, few, 4000)).toBeGreaterThan(0.95);
  });
});

describe('bad arguments', () => {
  const message = (options: unknown) => {
    try {
      shapes(options as ShapesOptions);
    } catch (error) {
      expect(error).toBeInstanceOf(SpikegradError);
      return (error as Error).message;
    }
    return 'no error';
  };

  test('a count that is no positive whole number is refused by name', () => {
    for (const count of [0, -1, 2.5, Number.NaN])
      expect(message({ count })).toBe(`shapes: count must be a whole number >= 1, got ${count}`);
    expect(message({ count: '10' })).toBe("shapes: count must be a whole number >= 1, got '10'");
    expect(message({})).toBe('shapes: needs count, a whole number >= 1');
  });

  test('a seed that is no safe integer is refused by name', () => {
    for (const seed of [0.5, Number.NaN, 2 ** 60])
      expect(message({ count: 1, seed })).toBe(`shapes: seed must be a whole number, got ${seed}`);
    expect(message({ count: 1, seed: '1' })).toBe("shapes: seed must be a whole number, got '1'");
  });

  test('a split that does not exist is refused with those that do', () => {
    expect(message({ count: 1, split: 'valid' })).toBe(
      "shapes: split must be 'train' or 'test', got 'valid'",
    );
  });
});

/** Σ aᵢ·bᵢ, in four sums that do not wait for each other. */
function dot(a: Float32Array, b: Float32Array): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let i = 0; i < a.length; i += 4) {
    s0 += a[i]! * b[i]!;
    s1 += a[i + 1]! * b[i + 1]!;
    s2 += a[i + 2]! * b[i + 2]!;
    s3 += a[i + 3]! * b[i + 3]!;
  }
  return s0 + s1 + s2 + s3;
}

/** a -= factor·b */
function subtractScaled(a: Float32Array, factor: number, b: Float32Array): void {
  for (let i = 0; i < a.length; i++) a[i]! -= factor * b[i]!;
}

/**
 * Multinomial logistic regression on normalised pixels by plain stochastic gradient descent, an image a step;
 * accuracy on `test`.
 */
function softmaxRegression(train: Dataset, test: Dataset, steps: number): number {
  const size = train.height * train.width * train.channels;
  const ten = train.classes.length;
  const weights = Array.from({ length: ten }, () => new Float32Array(size));
  const bias = new Float64Array(ten);
  const inputs = (set: Dataset) => {
    const all = new Float32Array(set.pixels).map(
      (byte, i) => (byte / 255 - set.mean[i % 3]!) / set.deviation[i % 3]!,
    );
    return Array.from({ length: set.length }, (_, i) => all.subarray(i * size, (i + 1) * size));
  };
  const logits = new Float64Array(ten);
  const score = (input: Float32Array) => {
    weights.forEach((row, label) => {
      logits[label] = bias[label]! + dot(row, input);
    });
    return logits.indexOf(Math.max(...logits));
  };

  const seen = inputs(train);
  const random = new Random(11);
  for (let step = 0; step < steps; step++) {
    const rate = 0.0005 * (1 - step / steps);
    const image = random.integer(train.length);
    const top = logits[score(seen[image]!)]!;
    const exponentials = logits.map((logit) => Math.exp(logit - top));
    const sum = exponentials.reduce((a, b) => a + b);
    weights.forEach((row, label) => {
      const slope = rate * (exponentials[label]! / sum - (train.labels[image] === label ? 1 : 0));
      subtractScaled(row, slope, seen[image]!);
      bias[label]! -= slope;
    });
  }
  const right = inputs(test).filter((input, i) => score(input) === test.labels[i]);
  return right.length / test.length;
}
