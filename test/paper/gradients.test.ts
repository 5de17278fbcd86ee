import { describe, expect, test } from 'vitest';
import { csv } from '../../src/paper/csv';
import { depthRatio, type SteepnessArm } from '../../src/paper/gradients';
import { gradientsCsv } from '../../src/paper/gradients/files';
import { steepnessHead, steepnessRow, steepnessSentences } from '../../src/paper/gradients/words';

/** An arm whose first layer, last convolution and classifier have these norms. */
function arm(mpr: number | null, first: number, last: number, flat = 0): SteepnessArm {
  return {
    mpr,
    loss: 2.5,
    layers: [
      { name: 'stem', kind: 'conv', norm: first, deviation: 0.5 },
      { name: 'deep', kind: 'conv', norm: last, deviation: undefined },
      { name: 'fc', kind: 'linear', norm: 9, deviation: undefined },
    ],
    neurons: [{ name: 'lif', values: 10, open: 0.5, flat, gain: 0.7 }],
    scale: 1,
    gains: {
      paths: [
        {
          name: 'deep',
          before: 'lif',
          behind: 'lif2',
          pooled: 1,
          scale: 0.5,
          gain: first,
          rates: [0.2, 0.3],
          neuron: 0.7,
          predicted: [first / 2, first * 2],
        },
      ],
      neurons: [
        {
          name: 'lif',
          rate: 0.2,
          norm: 4,
          shortcuts: [],
          measured: first,
          predicted: [first / 2, 2 * first],
        },
        { name: 'lif2', rate: 0.3, norm: 4 / first, shortcuts: [], measured: 1, predicted: [1, 1] },
      ],
    },
  };
}
const arms = [arm(null, 1, 2), arm(1, 2, 2), arm(7, 6, 3, 0.25), arm(12, 0.5, 3, 0.4)];

describe('gradients by steepness', () => {
  test('depth is from the last convolution to the first layer, not from the classifier', () => {
    expect(depthRatio(arms[2]!)).toBe(2);
    expect(steepnessHead(arms).slice(0, 5)).toEqual([
      'arm',
      'norm in stem',
      'over none',
      'norm in deep',
      'first / last',
    ]);
    expect(steepnessRow(arms[2]!, arms[0]!)).toEqual([
      'k = 7',
      ...['6', '6', '3', '2', '50.0 %', '25.0 %', '0.700'],
      ...['6', '3 to 12', '6', '3 to 12'],
    ]);
  });

  test('the words speak of k = 7 against k = 1 and none, from the numbers', () => {
    const [named, depth, extremes, window, gains, ratio, loss] = steepnessSentences(arms);
    expect(named).toBe(
      'The gradient norm in stem at k = 7 is 3 times that at k = 1 and 6 times that without MPR.',
    );
    expect(depth).toBe(
      'On the way from deep back to stem the norm is multiplied by 0.5 without MPR, 1 at k = 1 and 2 at k = 7.',
    );
    expect(extremes).toMatch(/smallest at k = 12 \(0\.5 times .*largest at k = 7 \(6 times\)/);
    expect(window).toMatch(
      /^50\.0 % of the neuron-steps .* other 50\.0 % get none; at k = 7 .* for 25\.0 % of all.* 1 times that without MPR, at each of the 1 layers/,
    );
    expect(gains).toMatch(
      /predicted from firing rates: 1 \(0\.5 to 2\) without MPR, .* and 0\.5 \(0\.25 to 1\) at k = 12\.$/,
    );
    expect(ratio).toMatch(/at the first neurons' spikes over that at the last's, .* 6 \(3 to 12\) at k = 7/);
    expect(loss).toMatch(/2\.5000 in every arm/);
  });

  test('without k = 7 they speak of the steepest, and a single k is compared with none alone', () => {
    expect(steepnessSentences([arms[0]!, arms[1]!, arms[3]!])[0]).toMatch(
      /at k = 12 is 0\.25 times that at k = 1/,
    );
    expect(steepnessSentences([arms[0]!, arm(3, 4, 2)])[0]).toBe(
      'The gradient norm in stem at k = 3 is 4 times that without MPR.',
    );
  });

  test('the CSV has one line for each number', () => {
    const lines = gradientsCsv([arms[2]!]).trim().split('\n');
    expect(lines[0]).toBe('arm,layer,measure,value');
    expect(lines).toContain('k7,stem,norm,6');
    expect(lines).toContain('k7,deep,deviation,');
    expect(lines).toContain('k7,lif,flat,0.25');
    expect(lines).toContain('k7,deep,"layer gain predicted, high",12');
    expect(lines.length).toBe(1 + 3 * 2 + 3 + 3 + 2 * 4);
  });

  test('CSV quotes what would be misread', () => {
    expect(
      csv(
        ['a', 'b'],
        [
          ['x,y', 'say "z"'],
          [1, 2],
        ],
      ),
    ).toBe('a,b\n"x,y","say ""z"""\n1,2\n');
  });
});
