import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSafetensors, writeSafetensors } from '../../src/interop/safetensors';

const folder = join(process.env.SPIKEGRAD_SHARED ?? '../shared', 'golden');
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.safetensors')) : [];

describe.skipIf(files.length === 0)(`files written by PyTorch (skipped where ${folder} is absent)`, () => {
  test.each(files)('%s reads whole, with the shapes and ranges that training gives', (name) => {
    const { tensors, metadata } = readSafetensors(readFileSync(join(folder, name)));
    const classes = Number(metadata.classes);
    const batch = Number(metadata.N);
    expect(tensors.get('input')).toMatchObject({
      dtype: 'F32',
      shape: [batch, 3, expect.any(Number), expect.any(Number)],
    });
    expect(tensors.get('logits')).toMatchObject({ dtype: 'F32', shape: [batch, classes] });
    expect(tensors.get('loss')).toMatchObject({ dtype: 'F32', shape: [1] });
    const labels = tensors.get('labels')!;
    expect(labels.dtype).toBe('I64');
    for (const label of labels.data as BigInt64Array) expect(Number(label)).toBeLessThan(classes);
    for (const [key, { dtype, shape, data }] of tensors) {
      if (dtype === 'F32') expect((data as Float32Array).every(Number.isFinite), key).toBe(true);
      if (key.startsWith('grad.')) expect(shape).toEqual(tensors.get(key.replace('grad.', 'init.'))!.shape);
    }
    expect(Number(tensors.get('loss')!.data[0])).toBeGreaterThan(0);
  });

  test.each(files)('%s comes back bit for bit from a file that we wrote', (name) => {
    const first = readSafetensors(readFileSync(join(folder, name)));
    const again = readSafetensors(writeSafetensors(first.tensors, first.metadata));
    expect(new Map([...again.tensors].sort())).toEqual(new Map([...first.tensors].sort()));
    expect({ ...again.metadata }).toEqual({ ...first.metadata });
  });
});
