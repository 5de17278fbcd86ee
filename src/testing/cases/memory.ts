// Sample inputs of the memory kernels.

import { type ConformanceCase, kernelCase } from '../probe';

export function memoryCases(): ConformanceCase[] {
  return [
    ...[0, 1, 7, 1000].map((size) =>
      kernelCase('upload', `${size} numbers come back as they went in`, (draw) => {
        const data = draw.numbers(size);
        return ({ backend }) => ({ copy: backend.upload(data) });
      }),
    ),
    ...[0, 1, 9].flatMap((size) =>
      [0, -1.5].map((value) =>
        kernelCase('full', `${size} times ${value}`, () => ({ backend }) => ({
          filled: backend.full(size, value),
        })),
      ),
    ),
    kernelCase('read', 'gives a private copy', (draw) => {
      const data = draw.numbers(5);
      return async (bench) => {
        const { handle } = bench.place(data);
        const copy = await bench.backend.read(handle);
        const first = copy.slice();
        copy.fill(9);
        return { first, again: handle };
      };
    }),
    kernelCase('readSync', 'gives a private copy where the backend can', (draw) => {
      const data = draw.numbers(5);
      return (bench) => {
        const { handle } = bench.place(data);
        if (!bench.backend.synchronous) return { first: data, again: handle };
        const copy = bench.backend.readSync(handle);
        const first = copy.slice();
        copy.fill(9);
        return { first, again: handle };
      };
    }),
    kernelCase('overwrite', 'replaces all numbers in place', (draw) => {
      const [before, after] = [draw.numbers(11), draw.numbers(11)];
      return (bench) => {
        const { handle } = bench.placeInPlace(before);
        bench.backend.overwrite(handle, after);
        return { changed: handle };
      };
    }),
    kernelCase('free', 'leaves other buffers alone, also when new ones take the place', (draw) => {
      const [first, second, third] = [draw.numbers(6), draw.numbers(6), draw.numbers(6)];
      return (bench) => {
        const { backend } = bench;
        const gone = backend.upload(first);
        const stays = bench.place(second);
        backend.free(gone);
        const fresh = bench.place(third);
        return { sum: backend.binary('add', stays, fresh, [6]) };
      };
    }),
  ];
}
