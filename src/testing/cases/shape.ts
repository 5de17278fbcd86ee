// Sample inputs of reductions and movements.

import { formatShape, type Shape, sizeOf } from '../../backends/shape';
import { type ConformanceCase, kernelCase } from '../probe';
import { gatherCases } from './gather';

export function shapeCases(): ConformanceCase[] {
  return [
    ...reduceCases(),
    ...broadcastCases(),
    ...permuteCases(),
    ...sliceCases(),
    ...embedCases(),
    ...concatCases(),
    ...gatherCases(),
  ];
}

function reduceCases(): ConformanceCase[] {
  const settings: readonly (readonly [Shape, readonly number[]])[] = [
    [[], []],
    [[7], [0]],
    [[7], []],
    [[3, 5], [0]],
    [[3, 5], [1]],
    [
      [3, 5],
      [0, 1],
    ],
    [
      [2, 3, 4, 5],
      [0, 2],
    ],
    [
      [2, 3, 4, 5],
      [1, 3],
    ],
    [[2, 1, 5], [1]],
    [
      [1, 1, 1],
      [0, 2],
    ],
    [[0, 3], [0]],
    [[0, 3], [1]],
    [[2, 0, 3], [1]],
    [[9, 67], [0]],
  ];
  return settings.flatMap(([shape, axes]) =>
    (['sum', 'max'] as const).flatMap((op) =>
      [false, true].map((spikes) =>
        kernelCase(
          'reduce',
          `${op} of ${formatShape(shape)} over ${formatShape(axes)}${spikes ? ', spikes' : ''}`,
          (draw) => {
            const x = spikes ? draw.spikes(shape) : draw.numbers(shape);
            return (bench) => ({
              y: bench.backend.reduce(op, spikes ? bench.placeSpikes(x, shape) : bench.place(x, shape), axes),
            });
          },
        ),
      ),
    ),
  );
}

function broadcastCases(): ConformanceCase[] {
  const settings: readonly (readonly [Shape, Shape])[] = [
    [[], [4]],
    [[], []],
    [[3], [2, 3]],
    [
      [2, 1],
      [2, 5],
    ],
    [
      [1, 3, 1],
      [2, 2, 3, 4],
    ],
    [[1], [0]],
    [
      [2, 1, 3],
      [2, 0, 3],
    ],
  ];
  return settings.flatMap(([from, to]) =>
    [false, true].map((spikes) =>
      kernelCase(
        'broadcast',
        `${formatShape(from)} to ${formatShape(to)}${spikes ? ', spikes' : ''}`,
        (draw) => {
          const x = spikes ? draw.spikes(from) : draw.numbers(from);
          return (bench) => ({
            y: bench.backend.broadcast(spikes ? bench.placeSpikes(x, from) : bench.place(x, from), to),
          });
        },
      ),
    ),
  );
}

function permuteCases(): ConformanceCase[] {
  const settings: readonly (readonly [Shape, readonly number[]])[] = [
    [[], []],
    [[5], [0]],
    [
      [3, 5],
      [1, 0],
    ],
    [
      [3, 5],
      [0, 1],
    ],
    [
      [2, 3, 5],
      [2, 0, 1],
    ],
    [
      [2, 3, 5],
      [1, 0, 2],
    ],
    [
      [2, 1, 3, 4],
      [3, 1, 0, 2],
    ],
    [
      [0, 3],
      [1, 0],
    ],
    [
      [2, 3, 4, 5],
      [0, 2, 3, 1],
    ],
  ];
  return settings.flatMap(([shape, order]) =>
    [false, true].map((spikes) =>
      kernelCase(
        'permute',
        `${formatShape(shape)} by ${formatShape(order)}${spikes ? ', spikes' : ''}`,
        (draw) => {
          const x = spikes ? draw.spikes(shape) : draw.numbers(shape);
          return (bench) => ({
            y: bench.backend.permute(spikes ? bench.placeSpikes(x, shape) : bench.place(x, shape), order),
          });
        },
      ),
    ),
  );
}

/** Where a block lies in a larger one: [whole, begin, block]. */
const blocks: readonly (readonly [Shape, readonly number[], Shape])[] = [
  [[], [], []],
  [[7], [2], [3]],
  [[7], [0], [7]],
  [[7], [7], [0]],
  [
    [4, 5],
    [1, 2],
    [2, 3],
  ],
  [
    [4, 5],
    [1, 0],
    [2, 5],
  ],
  [
    [4, 5],
    [0, 4],
    [4, 1],
  ],
  [
    [2, 3, 4],
    [1, 1, 1],
    [1, 2, 3],
  ],
  [
    [0, 3],
    [0, 1],
    [0, 2],
  ],
];

function sliceCases(): ConformanceCase[] {
  return blocks.flatMap(([whole, begin, block]) =>
    [false, true].map((spikes) =>
      kernelCase(
        'slice',
        `${formatShape(block)} of ${formatShape(whole)} at ${formatShape(begin)}${spikes ? ', spikes' : ''}`,
        (draw) => {
          const x = spikes ? draw.spikes(whole) : draw.numbers(whole);
          return (bench) => ({
            y: bench.backend.slice(
              spikes ? bench.placeSpikes(x, whole) : bench.place(x, whole),
              begin,
              block,
            ),
          });
        },
      ),
    ),
  );
}

function embedCases(): ConformanceCase[] {
  return blocks.map(([whole, begin, block]) =>
    kernelCase(
      'embed',
      `${formatShape(block)} into ${formatShape(whole)} at ${formatShape(begin)}`,
      (draw) => {
        const x = draw.numbers(block);
        return (bench) => ({ y: bench.backend.embed(bench.place(x, block), begin, whole) });
      },
    ),
  );
}

function concatCases(): ConformanceCase[] {
  const settings: readonly (readonly [readonly Shape[], number])[] = [
    [[[3]], 0],
    [[[3], [1], [4]], 0],
    [
      [
        [2, 3],
        [5, 3],
      ],
      0,
    ],
    [
      [
        [2, 3],
        [2, 1],
        [2, 0],
      ],
      1,
    ],
    [
      [
        [2, 1, 3],
        [2, 4, 3],
      ],
      1,
    ],
    [
      [
        [0, 2],
        [3, 2],
      ],
      0,
    ],
  ];
  return settings.flatMap(([shapes, axis]) =>
    (['numbers', 'spikes', 'both'] as const).map((kind) =>
      kernelCase('concat', `${shapes.map(formatShape).join(' ')} along ${axis}, ${kind}`, (draw) => {
        const parts = shapes.map((shape, i) => ({
          shape,
          spikes: kind === 'spikes' || (kind === 'both' && i % 2 === 0),
        }));
        const data = parts.map(({ shape, spikes }) =>
          spikes ? draw.spikes(sizeOf(shape)) : draw.numbers(shape),
        );
        return (bench) => ({
          y: bench.backend.concat(
            parts.map(({ shape, spikes }, i) =>
              spikes ? bench.placeSpikes(data[i]!, shape) : bench.place(data[i]!, shape),
            ),
            axis,
          ),
        });
      }),
    ),
  );
}
