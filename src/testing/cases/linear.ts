// Sample inputs of matrix products, convolutions and pooling: sizes that no tile divides, strides, padding, spikes,
// empty batches.

import { type ConvGeometry, convGeometry, poolGeometry } from '../../backends/geometry';
import { broadcastShapes, formatShape, type Shape } from '../../backends/shape';
import { type ConformanceCase, type Draw, kernelCase } from '../probe';

export function linearCases(): ConformanceCase[] {
  return [...matmulCases(), ...convCases(), ...poolCases()];
}

function matmulCases(): ConformanceCase[] {
  /** Leading axes of a, of b, then m, k, n. */
  const settings: readonly (readonly [Shape, Shape, number, number, number])[] = [
    [[], [], 1, 1, 1],
    [[], [], 3, 5, 7],
    [[], [], 1, 17, 9],
    [[], [], 130, 33, 5],
    [[], [], 5, 521, 6],
    [[], [], 0, 3, 4],
    [[], [], 3, 0, 4],
    [[], [], 3, 4, 0],
    [[2], [2], 3, 4, 5],
    [[2], [], 3, 4, 5],
    [[], [3], 2, 3, 2],
    [[2, 1], [3], 2, 3, 4],
    [[0], [1], 2, 3, 4],
  ];
  return settings.flatMap(([leadA, leadB, m, k, n]) =>
    [false, true].flatMap((transposeA) =>
      [false, true].flatMap((transposeB) =>
        [false, true].map((spikes) => {
          const a = [...leadA, ...(transposeA ? [k, m] : [m, k])];
          const b = [...leadB, ...(transposeB ? [n, k] : [k, n])];
          const out = [...broadcastShapes('conformance', leadA, leadB), m, n];
          const name = `${formatShape(a)}${transposeA ? 'ᵀ' : ''} ${formatShape(b)}${transposeB ? 'ᵀ' : ''}${spikes ? ', spikes' : ''}`;
          return kernelCase('matmul', name, (draw) => {
            const [x, y] = [spikes ? draw.spikes(a) : draw.numbers(a), draw.numbers(b)];
            return (bench) => ({
              z: bench.backend.matmul(
                spikes ? bench.placeSpikes(x, a) : bench.place(x, a),
                bench.place(y, b),
                { transposeA, transposeB },
                out,
              ),
            });
          });
        }),
      ),
    ),
  );
}

/** Image, weight, stride, padding. */
const convolutions: readonly (readonly [Shape, Shape, number, number])[] = [
  [[1, 1, 1, 1], [1, 1, 1, 1], 1, 0],
  [[2, 5, 7, 3], [3, 3, 3, 4], 1, 1],
  [[2, 7, 5, 3], [3, 3, 3, 5], 2, 1],
  [[3, 6, 6, 2], [1, 1, 2, 3], 2, 0],
  [[1, 4, 5, 1], [2, 3, 1, 2], 1, 0],
  [[1, 5, 4, 2], [3, 2, 2, 1], 3, 2],
  [[1, 2, 2, 3], [5, 5, 3, 2], 1, 2],
  [[0, 5, 5, 3], [3, 3, 3, 4], 1, 1],
  [[2, 8, 8, 16], [3, 3, 16, 8], 1, 1],
  [[1, 1, 9, 2], [1, 3, 2, 2], 2, 1],
  [[2, 5, 7, 16], [1, 1, 16, 20], 1, 0],
  [[2, 3, 6, 5, 8], [1, 1, 8, 36], 2, 0],
];

function convCases(): ConformanceCase[] {
  return convolutions.flatMap(([image, weight, stride, padding]) => {
    const g = convGeometry('conformance', image, weight, stride, padding);
    const name = `${formatShape(image)} * ${formatShape(weight)}, stride ${stride}, padding ${padding}`;
    const out = [...image.slice(0, -3), g.outHeight, g.outWidth, g.filters];
    const dense = kernelsOf(g, image, weight, out, name, false);
    return [...dense, ...kernelsOf(g, image, weight, out, `${name}, spikes`, true)];
  });
}

function kernelsOf(
  g: ConvGeometry,
  image: Shape,
  weight: Shape,
  out: Shape,
  name: string,
  spikes: boolean,
): ConformanceCase[] {
  const columns = [g.batch * g.outHeight * g.outWidth, g.kernelHeight * g.kernelWidth * g.channels];
  const sample = (draw: Draw, shape: Shape) => (spikes ? draw.spikes(shape) : draw.numbers(shape));
  const scale = 1 / Math.sqrt(columns[1]!);
  const reading = [
    kernelCase('im2col', name, (draw) => {
      const x = sample(draw, image);
      return (bench) => ({
        y: bench.backend.im2col(spikes ? bench.placeSpikes(x, image) : bench.place(x, image), g),
      });
    }),
    kernelCase('conv2d', name, (draw) => {
      const [x, w] = [sample(draw, image), draw.numbers(weight, -scale, scale)];
      return (bench) => ({
        y: bench.backend.conv2d(
          spikes ? bench.placeSpikes(x, image) : bench.place(x, image),
          bench.place(w, weight),
          g,
        ),
      });
    }),
    kernelCase('conv2dWeightGradient', name, (draw) => {
      const [x, dy] = [sample(draw, image), draw.numbers(out)];
      return (bench) => ({
        dw: bench.backend.conv2dWeightGradient(
          spikes ? bench.placeSpikes(x, image) : bench.place(x, image),
          bench.place(dy, out),
          g,
        ),
      });
    }),
  ];
  if (spikes) return reading;
  return [
    ...reading,
    kernelCase('col2im', name, (draw) => {
      const x = draw.numbers(columns);
      return (bench) => ({ y: bench.backend.col2im(bench.place(x, columns), g) });
    }),
    kernelCase('conv2dInputGradient', name, (draw) => {
      const [dy, w] = [draw.numbers(out), draw.numbers(weight, -scale, scale)];
      return (bench) => ({
        dx: bench.backend.conv2dInputGradient(bench.place(dy, out), bench.place(w, weight), g),
      });
    }),
  ];
}

function poolCases(): ConformanceCase[] {
  const settings: readonly (readonly [Shape, number, number])[] = [
    [[2, 4, 6, 3], 2, 2],
    [[1, 5, 7, 2], 2, 2],
    [[1, 7, 7, 1], 3, 2],
    [[1, 7, 5, 2], 2, 3],
    [[1, 1, 1, 4], 2, 2],
    [[2, 3, 3, 5], 1, 1],
    [[0, 4, 4, 3], 2, 2],
  ];
  return settings.flatMap(([image, window, stride]) => {
    const g = poolGeometry('conformance', image, window, stride);
    const out = [g.batch, g.outHeight, g.outWidth, g.channels];
    const name = `${formatShape(image)}, window ${window}, stride ${stride}`;
    return [
      ...[false, true].map((spikes) =>
        kernelCase('avgPool2d', `${name}${spikes ? ', spikes' : ''}`, (draw) => {
          const x = spikes ? draw.spikes(image) : draw.numbers(image);
          return (bench) => ({
            y: bench.backend.avgPool2d(spikes ? bench.placeSpikes(x, image) : bench.place(x, image), g),
          });
        }),
      ),
      kernelCase('avgPool2dGradient', name, (draw) => {
        const dy = draw.numbers(out);
        return (bench) => ({ dx: bench.backend.avgPool2dGradient(bench.place(dy, out), g) });
      }),
    ];
  });
}
