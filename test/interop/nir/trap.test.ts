import { expect, test } from 'vitest';
import { libraryError } from '../../../src/formats/hdf5';
import { integers, nirNode, readNir, writeNir } from '../../../src/interop/nir';

// The last word on the library in this file's process: its memory is taken for lost.
test('after a trap of WebAssembly whole files are not called damaged: the library refuses to go on', async () => {
  const graph = {
    nodes: new Map([['input', nirNode('Input', { shape: integers([1]) })]]),
    edges: [],
    metadata: new Map(),
  };
  const bytes = await writeNir(graph);
  expect(libraryError('readNir', new Error('an HDF5 error')).message).toMatch(/the file is damaged/);
  expect((await readNir(bytes)).nodes.size).toBe(1);
  expect(libraryError('readNir', new WebAssembly.RuntimeError('out of bounds')).message).toMatch(/damaged/);
  await expect(readNir(bytes)).rejects.toThrow(/broke down over a damaged file and cannot be used again/);
});
