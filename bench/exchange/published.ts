// Models as folders, config.json beside model.safetensors: written here, read and written again by Python's
// safetensors, and read here once more, number for number.

import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { noGrad, stateOf, tensor } from '../../src';
import { loadFolder, saveFolder } from '../../src/node';
import { buildNetwork } from '../../src/train';
import { run } from './environment';

export async function publishedTable(python: string, folder: string) {
  const options = {
    ...{ width: 4, timesteps: 2, mpr: 3, dynamics: 'leak' as const, gradientScale: 1 },
    ...{ classes: 10, channels: 3, height: 32, imageWidth: 32 },
  };
  const rows = [];
  let version = '';
  for (const mostBytes of [5e9, 20_000]) {
    const [here, again] = [join(folder, `ours-${mostBytes}`), join(folder, `again-${mostBytes}`)];
    mkdirSync(folder, { recursive: true });
    const network = buildNetwork({ ...options, arch: 'resnet20-small' }).evaluate();
    await saveFolder(here, network, { architecture: 'resnet20-small', options }, { mostBytes });
    run(python, 'published.py', here, again);
    const seen = JSON.parse(readFileSync(join(again, 'python.json'), 'utf8')) as {
      version: string;
      files: number;
      tensors: Record<string, { shape: number[]; sum: number }>;
    };
    version = seen.version;
    const state = await stateOf(network);
    const sums = state.map(([name, { shape, data }]) => {
      const found = seen.tensors[name];
      const sum = (data as Float32Array).reduce((all, value) => all + value, 0);
      return found !== undefined && String(found.shape) === String(shape) && Math.abs(found.sum - sum) < 1e-6;
    });
    const x = tensor(
      Float32Array.from({ length: 3072 }, (_, i) => Math.sin(i)),
      [1, 32, 32, 3],
    );
    const back = (await loadFolder(again)).network;
    const logits = [network, back].map((one) => String(noGrad(() => one.call(x)).dataSync()));
    rows.push({
      files: seen.files,
      tensors: state.length,
      seen: sums.filter(Boolean).length,
      sameLogits: logits[0] === logits[1],
    });
  }
  return { versions: { safetensors: version }, rows };
}
