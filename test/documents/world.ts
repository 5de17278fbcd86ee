// The folder in which the documents' commands run: whatever a command asks for is put there, as small as it can be.

import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { readSafetensors, writeSafetensors } from '../../src/interop/safetensors';
import { spikegrad } from '../cli/spikegrad';
import { TRAINING } from './commands';

/** Records of a file of CIFAR-10: a label and 3,072 bytes. */
function cifarFile(records: number): Buffer {
  return Buffer.concat(
    Array.from({ length: records }, (_, i) =>
      Buffer.from([i % 10, ...new Uint8Array(3072).fill(25 * (i % 10))]),
    ),
  );
}

function putCifar10(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const names = [1, 2, 3, 4, 5].map((n) => `data_batch_${n}.bin`);
  for (const name of [...names, 'test_batch.bin']) writeFileSync(join(folder, name), cifarFile(20));
}

/** A grey picture of 32 x 32 pixels. */
function png(): Buffer {
  const chunk = (name: string, data: Buffer) => {
    const named = Buffer.concat([Buffer.from(name), data]);
    const length = Buffer.alloc(4);
    const sum = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, sum]);
  };
  const rows = Buffer.alloc(32 * 97, 128);
  for (let y = 0; y < 32; y++) rows[97 * y] = 0; // no filter
  const header = Buffer.from([0, 0, 0, 32, 0, 0, 0, 32, 8, 2, 0, 0, 0]);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Copies a run there, which is trained once: with MPR, or as the baseline of figure 3 without. */
async function putRun(folder: string, path: string, isBaseline: boolean): Promise<void> {
  const run = isBaseline ? 'trained-without-mpr' : 'trained';
  if (!existsSync(join(folder, run))) {
    putCifar10(join(folder, 'cifar10'));
    const words = ['train', '--data', './cifar10', '--out', run, ...TRAINING];
    const { code, err } = await spikegrad(isBaseline ? [...words, '--mpr', 'none'] : words, folder);
    if (code !== 0) throw new Error(err);
  }
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  const part = path.endsWith('.safetensors') ? 'model.safetensors' : '.';
  cpSync(join(folder, run, part), join(folder, path), { recursive: true });
}

/**
 * The weights of a run under the names that PyTorch gives a network in DataParallel, with nothing said of their maker.
 */
async function putTheirs(folder: string): Promise<void> {
  await putRun(folder, 'ours', false);
  const { tensors } = readSafetensors(readFileSync(join(folder, 'ours', 'model.safetensors')));
  const theirs = [...tensors].map(([name, entry]) => [`module.${name}`, entry] as const);
  writeFileSync(join(folder, 'theirs.safetensors'), writeSafetensors(theirs));
}

/**
 * Puts there what a command asks for and is not there yet.
 * @returns whether there is anything left to run: a download is done by that
 */
export async function provide(folder: string, words: readonly string[]): Promise<boolean> {
  if (words[0] === 'data') {
    const at = words.indexOf('--dir');
    putCifar10(join(folder, at < 0 ? words[2]! : words[at + 1]!));
    return false;
  }
  for (const [i, word] of words.entries()) {
    const value = words[i + 1] ?? '';
    const missing = !existsSync(join(folder, value));
    if (word === '--data' && missing) putCifar10(join(folder, value));
    if (/^--(checkpoint|baseline)$/.test(word) && missing) await putRun(folder, value, word === '--baseline');
    // a document begins where no other has trained before
    if (word === '--out' && words[0] === 'train' && !words.includes('--resume'))
      rmSync(join(folder, value), { recursive: true, force: true });
    if (word === 'theirs.safetensors' && !existsSync(join(folder, word))) await putTheirs(folder);
    if (words[0] === 'predict' && /\.png$/.test(word) && !existsSync(join(folder, word)))
      writeFileSync(join(folder, word), png());
  }
  return true;
}
