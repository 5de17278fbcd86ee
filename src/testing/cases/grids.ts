// Sample inputs of convolutions in groups and of max pooling: depthwise and with few channels a group, grids that
// differ along the axes, dilation, time axes, equal numbers under a window, spikes, empty batches.

import { formatShape, type Shape } from '../../backends/shape';
import { checkEveryWindow, groupedGeometry, type Sides, windowGrid } from '../../backends/windows';
import { type Bench, type ConformanceCase, type Draw, kernelCase } from '../probe';

interface GridSizes {
  readonly stride?: Sides;
  readonly padding?: Sides;
  readonly dilation?: Sides;
}

const filled = ({ stride = [1, 1], padding = [0, 0], dilation = [1, 1] }: GridSizes) => ({
  stride,
  padding,
  dilation,
});
const inWords = (grid: object) => JSON.stringify(grid).replaceAll(/[{}"]/g, '').replaceAll(',', ' ');

/** Image, weight, groups, grid. */
const convolutions: readonly (readonly [Shape, Shape, number, GridSizes])[] = [
  [[2, 5, 7, 4], [3, 3, 1, 4], 4, { padding: [1, 1] }],
  [[2, 7, 5, 8], [3, 3, 1, 8], 8, { stride: [2, 2], padding: [1, 1] }],
  [[1, 6, 7, 6], [3, 2, 2, 9], 3, { stride: [2, 1], padding: [1, 0], dilation: [1, 2] }],
  [[2, 5, 9, 3], [1, 3, 3, 5], 1, { padding: [0, 1] }],
  [[1, 9, 9, 2], [3, 3, 2, 4], 1, { padding: [2, 2], dilation: [2, 2] }],
  [[3, 2, 4, 4, 16], [3, 3, 4, 16], 4, { padding: [1, 1] }],
  [[2, 2, 6, 5, 8], [3, 3, 1, 8], 8, { padding: [1, 1] }],
  [[2, 1, 17, 16, 16], [3, 3, 1, 16], 16, { padding: [1, 2] }],
  [[1, 18, 16, 8], [3, 2, 1, 8], 8, { stride: [2, 1], padding: [1, 1], dilation: [1, 3] }],
  [[1, 5, 5, 5], [3, 3, 1, 10], 5, { padding: [1, 2], stride: [1, 3] }],
  [[1, 3, 3, 4], [5, 5, 1, 4], 4, { padding: [2, 2] }],
  [[1, 2, 4, 7], [1, 1, 1, 7], 7, {}],
  [[0, 4, 4, 4], [3, 3, 1, 4], 4, { padding: [1, 1] }],
];

/** Image, window, grid, whether in ceil mode. */
const maxima: readonly (readonly [Shape, Sides, GridSizes, boolean])[] = [
  [[2, 4, 6, 3], [2, 2], { stride: [2, 2] }, false],
  [[1, 5, 7, 8], [2, 2], { stride: [2, 2] }, false],
  [[1, 5, 7, 8], [2, 2], { stride: [2, 2] }, true],
  [[2, 2, 4, 6, 16], [2, 2], { stride: [2, 2] }, false],
  [[2, 7, 7, 5], [3, 3], { stride: [2, 2], padding: [1, 1] }, false],
  [[3, 2, 6, 5, 16], [3, 3], { stride: [2, 2], padding: [1, 1] }, true],
  [[2, 6, 8, 8], [3, 2], { stride: [1, 3], padding: [1, 0], dilation: [2, 1] }, false],
  [[1, 3, 3, 4], [1, 1], {}, false],
  [[0, 4, 4, 8], [2, 2], { stride: [2, 2] }, false],
];

export function gridCases(): ConformanceCase[] {
  return [...convolutions.flatMap(groupedCases), ...maxima.flatMap(maxCases), ...specialMaxima()];
}

/** Numbers or spikes of an image, and how they come to a backend. */
function drawn(draw: Draw, shape: Shape, spikes: boolean) {
  const data = spikes ? draw.spikes(shape) : draw.numbers(shape);
  return (bench: Bench) => (spikes ? bench.placeSpikes(data, shape) : bench.place(data, shape));
}

function groupedCases([image, weight, groups, grid]: (typeof convolutions)[number]): ConformanceCase[] {
  const g = groupedGeometry('conformance', image, weight, { ...filled(grid), groups });
  const out = [...image.slice(0, -3), g.outHeight, g.outWidth, g.filters];
  const name = `${formatShape(image)} * ${formatShape(weight)} ${inWords({ groups, ...grid })}`;
  const both = [false, true].flatMap((spikes) => {
    const title = `${name}${spikes ? ', spikes' : ''}`;
    return [
      kernelCase('groupedConv2d', title, (draw) => {
        const [x, w] = [drawn(draw, image, spikes), draw.numbers(weight)];
        return (bench) => ({ y: bench.backend.groupedConv2d(x(bench), bench.place(w, weight), g) });
      }),
      kernelCase('groupedConv2dWeightGradient', title, (draw) => {
        const [x, dy] = [drawn(draw, image, spikes), draw.numbers(out)];
        return (bench) => ({
          dw: bench.backend.groupedConv2dWeightGradient(x(bench), bench.place(dy, out), g),
        });
      }),
    ];
  });
  const dense = kernelCase('groupedConv2dInputGradient', name, (draw) => {
    const [dy, w] = [draw.numbers(out), draw.numbers(weight)];
    return (bench) => ({
      dx: bench.backend.groupedConv2dInputGradient(bench.place(dy, out), bench.place(w, weight), g),
    });
  });
  return [...both, dense];
}

function maxGrid(image: Shape, window: Sides, grid: GridSizes, ceil: boolean) {
  const g = windowGrid('conformance', image, { ...filled(grid), window }, ceil);
  if (g.batch > 0) checkEveryWindow('conformance', g);
  return g;
}

function maxCases([image, window, grid, ceil]: (typeof maxima)[number]): ConformanceCase[] {
  const g = maxGrid(image, window, grid, ceil);
  const out = [...image.slice(0, -3), g.outHeight, g.outWidth, g.channels];
  const name = `${formatShape(image)} ${inWords({ window, ...grid, ceil })}`;
  const kinds: readonly (readonly [string, (draw: Draw) => (bench: Bench) => ReturnType<Bench['place']>])[] =
    [
      ['', (draw) => drawn(draw, image, false)],
      [', spikes', (draw) => drawn(draw, image, true)],
      [
        ', equal numbers',
        (draw) => {
          const data = draw.integers(image, -1, 1);
          return (bench) => bench.place(data, image);
        },
      ],
    ];
  return kinds.flatMap(([kind, make]) => [
    kernelCase('maxPool2d', name + kind, (draw) => {
      const x = make(draw);
      return (bench) => ({ y: bench.backend.maxPool2d(x(bench), g) });
    }),
    kernelCase('maxPool2dGradient', name + kind, (draw) => {
      const [x, dy] = [make(draw), draw.numbers(out)];
      return (bench) => ({ dx: bench.backend.maxPool2dGradient(bench.place(dy, out), x(bench), g) });
    }),
  ]);
}

/** NaN, twice in a window too, and infinities. */
function specialMaxima(): ConformanceCase[] {
  const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
  const shape = [1, 4, 4, 1];
  const x = [
    ...[nan, 1, -infinity, -infinity],
    ...[2, nan, -infinity, -infinity],
    ...[infinity, infinity, 3, nan],
    ...[0, -infinity, 9, 1],
  ];
  const g = maxGrid(shape, [2, 2], { stride: [1, 1] }, false);
  const dy = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  return [
    kernelCase('maxPool2d', 'of numbers that are not finite', () => (bench) => ({
      y: bench.backend.maxPool2d(bench.place(x, shape), g),
    })),
    kernelCase('maxPool2dGradient', 'of numbers that are not finite', () => (bench) => ({
      dx: bench.backend.maxPool2dGradient(bench.place(dy, [1, 3, 3, 1]), bench.place(x, shape), g),
    })),
  ];
}
