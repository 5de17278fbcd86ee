// Laws of surrogates as functions, and of where the gradient of a neuron ends.

import { beforeAll, describe, expect } from 'vitest';
import { tensor } from '../../src/core/create';
import { sum } from '../../src/ops/reduce';
import {
  arctan,
  customSurrogate,
  fastSigmoid,
  lif,
  mpr,
  type Rectifier,
  rectangular,
  sigmoidal,
  triangular,
} from '../../src/snn';
import { numbers, surrogates } from '../../src/testing/arbitraries';
import { held, initTested, onWasm } from '../support/backend';
import { fc, test } from '../support/properties';

beforeAll(async () => {
  await initTested();
});

/** ∫ f over the real line: u = s/(1 - s²) maps (-1,1) onto it, du = (1 + s²)/(1 - s²)² ds. */
function area(f: (u: number) => number, pieces = 20_000): number {
  let total = 0;
  for (let i = 0; i < pieces; i++) {
    const s = (2 * (i + 0.5)) / pieces - 1;
    const rest = 1 - s * s;
    total += (f(s / rest) * (1 + s * s) * 2) / (rest * rest * pieces);
  }
  return total;
}

describe('a surrogate', () => {
  test.prop([surrogates()], { numRuns: 30 })('integrates to its integral', (surrogate) => {
    expect(Math.abs(area(surrogate.derivative) - surrogate.integral)).toBeLessThan(1e-3);
  });

  test.prop([surrogates()])('climbs by its integral from one end to the other', (surrogate) => {
    const far = 1e9;
    expect(surrogate.value(far) - surrogate.value(-far)).toBeCloseTo(surrogate.integral, 7);
  });

  test.prop([surrogates(), numbers({ min: -4, max: 4, kinks: [0] })])(
    'has the derivative that differences of its value have',
    (surrogate, u) => {
      const step = 1e-6;
      const { window = 0, width = 0 } = surrogate.parameters;
      for (const kink of [window / 2, width]) fc.pre(Math.abs(Math.abs(u) - kink) > 1e-4);
      const difference = (surrogate.value(u + step) - surrogate.value(u - step)) / (2 * step);
      expect(Math.abs(surrogate.derivative(u) - difference)).toBeLessThan(1e-5);
    },
  );

  test.prop([surrogates(), numbers({ min: -9, max: 9 })])('is even and never negative', (surrogate, u) => {
    expect(surrogate.derivative(u)).toBe(surrogate.derivative(-u));
    expect(surrogate.derivative(u)).toBeGreaterThanOrEqual(0);
  });

  test('times its scale is the gradient of a spike times it, through MPR too, and nothing else', () => {
    const gradient = (scale: number, rectifier: Rectifier | null) => {
      const x = tensor([[0.2, 0.45, 0.55, 0.9]], undefined, { requiresGrad: true });
      const spikes = lif(x, { rectifier, surrogate: rectangular({ scale }) });
      sum(spikes).backward();
      return [Array.from(spikes.dataSync()), Array.from(x.grad!.dataSync())] as const;
    };
    for (const rectifier of [null, mpr({ k: 7 })]) {
      const [[spikes, whole], [sameSpikes, half]] = [gradient(1, rectifier), gradient(0.5, rectifier)];
      expect(sameSpikes).toEqual(spikes);
      expect(whole[1]).toBeGreaterThan(0);
      expect(half).toEqual(whole.map((value) => value / 2));
    }
  });

  test('refuses a size that is not above 0, and a custom one without functions', () => {
    const bad = [
      () => rectangular({ window: 0 }),
      () => triangular({ width: -1 }),
      () => sigmoidal({ alpha: Number.NaN }),
      () => arctan({ alpha: Number.POSITIVE_INFINITY }),
      () => fastSigmoid({ beta: 0 }),
      () => rectangular({ scale: 0 }),
    ];
    for (const make of bad) expect(make).toThrow(/must be a number above 0/);
    const half = { name: 'half', integral: 1, value: (u: number) => u };
    expect(() => customSurrogate(half as unknown as Parameters<typeof customSurrogate>[0])).toThrow(
      /customSurrogate: needs derivative, a function of u/,
    );
  });
});

describe('the gradient of a neuron with the rectangle', () => {
  const gradientAt = (potentials: number[], window: number) => {
    const x = tensor(potentials, [1, potentials.length], { requiresGrad: true });
    sum(lif(x, { surrogate: rectangular({ window }) })).backward();
    return Array.from(x.grad!.dataSync());
  };

  test('is zero at the edge itself and 1/window one step inside', () => {
    const step = onWasm ? 2 ** -24 : 2 ** -40;
    expect(gradientAt([0, 1, step, 1 - step], 1)).toEqual([0, 0, 1, 1]);
    expect(gradientAt([0.25, 0.75, 0.2500001, 0.7499999], 0.5)).toEqual([0, 0, 2, 2]);
  });

  test.prop([numbers({ min: -3, max: 4 }), fc.constantFrom(0.5, 1, 2)])(
    'is 1/window inside the window and exactly zero outside',
    (drawn, window) => {
      const h = held(drawn);
      expect(gradientAt([h], window)).toEqual([Math.abs(h - 0.5) < window / 2 ? 1 / window : 0]);
    },
  );
});
