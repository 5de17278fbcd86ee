// PyTorch's files, written by PyTorch (make-files.py beside the files says how): every form that is read gives
// PyTorch's numbers, every other is refused with what it is and the line of Python that converts it.

import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readNpy, readPyTorch } from '../../../src';
import { sharedFolder } from '../../support/shared';

const folder = resolve('test/interop/pytorch/files');
const bytesOf = (name: string) => readFileSync(resolve(folder, name));
type Expected = Readonly<Record<string, { dtype: string; shape: number[]; data: (number | null)[] }>>;
const expected = JSON.parse(bytesOf('expected.json').toString()) as Readonly<Record<string, Expected>>;

/** Tensors as the generator tells of them. */
const told = (tensors: Awaited<ReturnType<typeof readPyTorch>>['tensors']) =>
  Object.fromEntries(
    [...tensors].map(([name, { dtype, shape, data }]) => [
      name,
      { dtype, shape, data: Array.from(data, Number) },
    ]),
  );

describe('files of torch.save', () => {
  test.each(Object.keys(expected))('%s gives the tensors that PyTorch saved', async (name) => {
    expect(told((await readPyTorch(bytesOf(name))).tensors)).toEqual(expected[name]);
  });

  test('of a training script give the network, and apart from it the optimiser and what was noted', async () => {
    const { from, others, values } = await readPyTorch(bytesOf('checkpoint.pth'));
    expect(from).toBe('state_dict');
    expect([...others.keys()]).toContain('optimizer.state.0.momentum_buffer');
    expect(Object.fromEntries(values)).toMatchObject({
      epoch: 3,
      best: 0.75,
      device: 'cpu',
      'history.1': 0.25,
      'optimizer.param_groups.0.lr': 0.1,
    });
  });

  test('of a script that notes its best accuracy as a tensor give the network, and that apart', async () => {
    const { from, others } = await readPyTorch(bytesOf('best.pth'));
    expect([from, others.get('max_test_acc')!.data]).toEqual(['net', Float32Array.of(0.75)]);
  });

  test('whole numbers of any size and sign are what they were; arrays and sets beside them are passed over', async () => {
    const { values } = await readPyTorch(bytesOf('values.pth'));
    expect(['minus', 'below', 'seed', 'entropy', 'least'].map((name) => values.get(name))).toEqual([
      -1,
      -(2 ** 40),
      2n ** 63n + 5n,
      2n ** 100n + 1n,
      -(2n ** 63n),
    ]);
  });

  test('a flipped bit in a weight is told, by the check sum of its entry', async () => {
    const file = Uint8Array.from(bytesOf('types.pth'));
    const at = Buffer.from(file).indexOf(Buffer.from(Float32Array.of(0.125, 0.25).buffer));
    file[at + 1]! ^= 1;
    await expect(readPyTorch(file)).rejects.toThrow(
      /entry "types\/data\/0" .* is not what its check sum says/,
    );
  });

  test('keep whole numbers whole, and views apart', async () => {
    const { tensors } = await readPyTorch(bytesOf('types.pth'));
    expect(tensors.get('long')!.data).toEqual(BigInt64Array.of(-1n, 2n ** 53n + 1n));
    const [whole, turned] = [tensors.get('float')!.data, tensors.get('turned')!.data] as [
      Float32Array,
      Float32Array,
    ];
    whole[6] = 99;
    expect(turned[1]).toBe(0.75);
  });
});

describe('other files are refused with what they are, and what to do', () => {
  test.each([
    [
      'module.pth',
      /names __main__\.Net,.*torch\.save\(getattr\(x, 'state_dict', lambda: x\)\(\), 'weights\.pth'\)/,
    ],
    ['script.pt', /a TorchScript archive.*torch\.jit\.load\('FILE', map_location='cpu'\)\.state_dict\(\)/],
    ['legacy.pth', /before version 1\.6.*torch\.save\(torch\.load\('FILE', .*weights_only=True\)/],
    [
      'legacy-module.pth',
      /a model saved whole, .*before version 1\.6.*getattr\(x, 'state_dict', lambda: x\)\(\)/,
    ],
    ['sparse.pth', /names torch\._utils\._rebuild_sparse_tensor.*tensor\.to_dense\(\)/],
    ['complex.pth', /names torch\.ComplexFloatStorage: complex numbers.*torch\.view_as_real\(tensor\)/],
    ['float8.pth', /names torch\.float8_e4m3fn.*tensor\.to\(torch\.float32\)/],
    ['evil.pth', /names posix\.system, .*is not executed/],
    ['nothing.pth', /holds no tensors, but a dictionary of epoch, loss/],
    ['plain.pkl', /a Python pickle that torch\.save did not write/],
  ])('%s', async (name, words) => {
    await expect(readPyTorch(bytesOf(name))).rejects.toThrow(words);
    expect(existsSync('spikegrad-was-here')).toBe(false);
  });

  test('tar archives, other archives, and what is no file of weights', async () => {
    const tar = new Uint8Array(1024);
    tar.set(new TextEncoder().encode('ustar'), 257);
    await expect(readPyTorch(tar)).rejects.toThrow(/a tar archive, the form .* before version 0\.2/);
    await expect(readPyTorch(readFileSync(resolve('test/formats/files/packed.npz')))).rejects.toThrow(
      /NumPy arrays \(\.npz\), not a PyTorch file/,
    );
    await expect(readPyTorch(new Uint8Array(40))).rejects.toThrow(/does not begin with PK/);
    // @ts-expect-error a path
    await expect(readPyTorch('weights.pth')).rejects.toThrow(
      /must be the bytes of a file.*read the file first/,
    );
  });
});

const real = sharedFolder('files');
describe.skipIf(real.missing)(`files that people have${real.note}`, () => {
  test("Sinabs' MNIST example and SpikingJelly's potentials", async () => {
    const { tensors } = await readPyTorch(readFileSync(resolve(real.path, 'sinabs-mnist_params.pt')));
    expect([...tensors].map(([name, { shape }]) => [name, shape])).toEqual([
      ['0.weight', [20, 1, 5, 5]],
      ['3.weight', [32, 20, 5, 5]],
      ['6.weight', [128, 32, 3, 3]],
      ['10.weight', [500, 128]],
      ['12.weight', [10, 500]],
    ]);
    const array = await readNpy(readFileSync(resolve(real.path, 'spikingjelly-v_t_array.npy')));
    expect([array.dtype, array.shape]).toEqual(['F32', [10, 201]]);
    expect(Math.fround(array.data[1] as number)).toBe(Math.fround(-4.3398118));
  });
});
