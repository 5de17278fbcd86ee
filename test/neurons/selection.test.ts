// What a selection does not choose has no say, be it infinite: nor in a gradient.

import { expect, test } from 'vitest';
import { neuron } from '../../src';
import { numberScan } from '../../src/neurons/numbers/scan';

test.each([
  ['x > 0 ? log(x) : 0', [0, 2]],
  ['x > 0 ? sqrt(x) : x', [1, Math.SQRT1_2]],
  ['x > 0 ? 1/x : 2*x', [2, -4]],
] as const)('the slope of %s at 0 is that of what is chosen there', (text, [atZero, atHalf]) => {
  const model = neuron(`y = ${text}`, { outputs: ['y'] });
  for (const precision of ['f32', 'f64'] as const) {
    const Store = precision === 'f64' ? Float64Array : Float32Array;
    const sequence = { steps: 1, size: 2, channels: 2 };
    const x = Store.of(0, 0.5);
    const back = numberScan(model, precision).backward(x, sequence, [], [], [Store.of(1, 1)], []);
    expect(back.x[0]).toBe(atZero);
    expect(back.x[1]).toBeCloseTo(atHalf, 6);
  }
});
