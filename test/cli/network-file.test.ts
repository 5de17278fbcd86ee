// `--network FILE`: a network of the user's own is trained, goes on, and is asked for again by every command that reads
// its run; and `--arch`: every network that is known goes through the same commands.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { init } from '../../src/init';
import { decodeMetadata } from '../../src/interop/metadata';
import { readSafetensors, writeSafetensors } from '../../src/interop/safetensors';
import { buildNetwork, encodeModel } from '../../src/train';
import { SETTINGS } from '../support/records';
import { RGB } from './pictures';
import { spikegrad } from './spikegrad';

const TINY = '--dataset shapes --limit 16 --batch 8 --epochs 1 --timesteps 2 --backend wasm --threads 1';

/** A function of what is asked for and of the library. */
const FUNCTION = `
export default ({ classes, timesteps, channels, inputShape: [height, width], neuron }, sg) =>
  sg.sequential(
    new sg.AvgPool2d(8),
    new sg.Conv2d(channels, 4),
    new sg.Direct(timesteps),
    new sg.TdBatchNorm(4),
    new sg.Lif(neuron),
    new sg.Flatten(3),
    new sg.Linear((height / 8) * (width / 8) * 4, classes),
    new sg.TimeMean(),
  );
`;

/** What `inspect --json` prints, as far as it is looked at. */
interface Shown {
  readonly layers: readonly { readonly kind: string; readonly timesteps?: number }[];
}

let cwd: string;
const put = (name: string, content: Uint8Array | string) => writeFileSync(join(cwd, name), content);
const run = (words: string) => spikegrad(words.split(' '), cwd);
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'spikegrad-network-'));
  put('cat.png', RGB);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe('a network of one’s own', () => {
  beforeAll(async () => {
    put('net.mjs', FUNCTION);
    const made = await run(`train ${TINY} --network net.mjs --out own`);
    expect(made.err).not.toMatch(/^error/m);
    expect(made.code).toBe(0);
  });

  test('is kept as the name of its file, and asked for again by every command', async () => {
    const settings = JSON.parse(readFileSync(join(cwd, 'own', 'settings.json'), 'utf8')) as object;
    expect(settings).toMatchObject({ arch: 'own', network: 'net.mjs' });
    for (const words of [
      'eval own',
      'predict own cat.png',
      'inspect own',
      'export own --onnx own.onnx',
      'train --resume --out own --epochs 2',
    ]) {
      const without = await run(words);
      expect(without.err, words).toMatch(
        /the run's network is one of its own, built by net\.mjs: give that file again, --network net\.mjs; files of runs hold weights, and no program is run because of them/,
      );
      expect(without.code).toBe(1);
      const { code, err } = await run(`${words} --network net.mjs`);
      expect(err, words).not.toMatch(/^error/m);
      expect(code, words).toBe(0);
    }
    expect(existsSync(join(cwd, 'own.onnx'))).toBe(true);
  });

  test('takes weights of another tool, under other names with a map, and says what it cannot know', async () => {
    await run('export own --network net.mjs --pt theirs.pt');
    const words = '--network net.mjs --timesteps 2';
    const same = '--dataset shapes --limit 16 --json';
    const [ours, theirs] = [
      await run(`eval own --network net.mjs ${same}`),
      await run(`eval theirs.pt ${words} ${same}`),
    ];
    expect(theirs.err).not.toMatch(/^error/m);
    const accuracy = ({ out }: typeof ours) => (JSON.parse(out) as { accuracy: number }).accuracy;
    expect(accuracy(theirs)).toBe(accuracy(ours));
    const blind = await run(`predict theirs.pt cat.png ${words}`);
    expect(blind.err).toMatch(/neither theirs\.pt nor a map says what images its network takes/);
    const { classes } = decodeMetadata(
      'test',
      readSafetensors(readFileSync(join(cwd, 'own/model.safetensors'))).metadata,
    );
    // the names that net.mjs gives, as if the layers were called otherwise there
    put('names.json', JSON.stringify({ inputShape: [32, 32, 3], classes, rename: [['^net\\.', '']] }));
    const { tensors } = readSafetensors(readFileSync(join(cwd, 'own/model.safetensors')));
    put('net.safetensors', writeSafetensors([...tensors].map(([name, entry]) => [`net.${name}`, entry])));
    const seen = await run(`predict net.safetensors cat.png ${words} --map names.json --top 10`);
    expect(seen.err).not.toMatch(/^error/m);
    expect(seen.out).toContain(classes![0]!);
    const without = await run(`predict net.safetensors cat.png ${words}`);
    expect(without.code).toBe(1);
  });

  test('that is another than the run’s is refused with the names that differ', async () => {
    put(
      'wider.mjs',
      FUNCTION.replaceAll('new sg.AvgPool2d(8),', 'new sg.AvgPool2d(8), new sg.Conv2d(3, 3),'),
    );
    for (const words of ['eval own', 'train --resume --out own --epochs 3'])
      expect((await run(`${words} --network wider.mjs`)).err).toMatch(
        /wider\.mjs builds another network than the run's: (the file has tensors that this network does not|tensor "|"1\.weight" is)/,
      );
  });

  test.each<[string, string, string, RegExp]>([
    [
      'nothing.mjs',
      'export {};',
      '',
      /nothing\.mjs exports nothing: let it export its network, or a function/,
    ],
    [
      'broken.mjs',
      'export default () => { throw new Error("no such layer"); };',
      '',
      /broken\.mjs fails where it builds its network: no such layer/,
    ],
    [
      'number.mjs',
      'export default 3;',
      '',
      /number\.mjs gives a number, which is no network of this library/,
    ],
    [
      'plain.js',
      'export default 1; export const x = 2;',
      '',
      /plain\.mjs, or give its package\.json "type": "module"|no network of this library/,
    ],
    [
      'typed.ts',
      'enum A { B } export default A.B as number;',
      '',
      /does not load it, since it is TypeScript .*npx esbuild typed\.ts --format=esm --outfile=typed\.mjs/,
    ],
    [
      'other.mjs',
      'export default 1;',
      ' --arch vgg9',
      /--arch vgg9 and --network other\.mjs are two networks: give one/,
    ],
  ])('%s is refused', async (name, text, more, message) => {
    put(name, text);
    const { err, code } = await run(`train ${TINY} --network ${name} --out refused${more}`);
    expect(err).toMatch(message);
    expect(code).toBe(1);
    expect(existsSync(join(cwd, 'refused'))).toBe(false);
  });

  test('needs a file that is there, and a run that needs it', async () => {
    expect((await run('eval own --network nowhere.mjs')).err).toMatch(/there is no file nowhere\.mjs/);
  });
});

describe('--arch', () => {
  test.each(['csnn', 'vgg9', 'sew-resnet18', 'mlp', 'spikformer', 'dvs-net'])(
    '%s is trained, judged, asked and written for other tools',
    async (arch) => {
      const made = await run(`train ${TINY} --limit 8 --arch ${arch} --width 8 --out ${arch}`);
      expect(made.err).not.toMatch(/^error/m);
      const { testAccuracy } = JSON.parse(readFileSync(join(cwd, arch, 'summary.json'), 'utf8')) as {
        testAccuracy: number;
      };
      const judged = JSON.parse((await run(`eval ${arch} --limit 8 --json`)).out) as { accuracy: number };
      expect(judged.accuracy).toBe(testAccuracy);
      const asked = JSON.parse((await run(`predict ${arch} cat.png --json`)).out) as { pictures: unknown[] };
      expect(asked.pictures).toHaveLength(1);
      const shown = JSON.parse((await run(`inspect ${arch} --json`)).out) as Shown;
      expect(shown.layers.some(({ kind }) => kind === 'custom')).toBe(false);
      const written = await run(`export ${arch} --onnx ${arch}.onnx --pt ${arch}.pt`);
      expect(written.err).not.toMatch(/^error/m);
      expect(written.code).toBe(0);
      const refused = await run(`export ${arch} --nir ${arch}.nir`);
      if (refused.code !== 0) expect(refused.err).toMatch(/layer \S+: NIR has no node for/);
    },
  );
});

describe('a run on recordings of events', () => {
  test.each(['events-conv', 'events-dense', 'dvs-net'] as const)(
    'of %s is written as one of sequences, and no picture is asked of it',
    async (arch) => {
      const settings = {
        ...SETTINGS,
        dataset: 'nmnist',
        arch,
        timesteps: 3,
        channels: 2,
        height: 16,
      } as const;
      await init({ backend: 'cpu' });
      const network = buildNetwork({ ...settings, imageWidth: 16 });
      put(`${arch}.safetensors`, await encodeModel(network, { ...settings, imageWidth: 16 }));
      const made = await run(`export ${arch}.safetensors --onnx ${arch}.onnx`);
      expect(made.out).toMatch(
        /3 time steps\nfeed "input" \[3,N,2,16,16\], frames of a recording, and read "output" \[N,10\]/,
      );
      const shown = JSON.parse((await run(`inspect ${arch}.safetensors --json`)).out) as Shown;
      expect(shown.layers.find(({ kind }) => kind === 'neuron')?.timesteps).toBe(3);
      expect((await run(`predict ${arch}.safetensors cat.png`)).err).toMatch(
        /takes recordings of events, and pictures are none: spikegrad eval judges it on recordings/,
      );
    },
  );
});
