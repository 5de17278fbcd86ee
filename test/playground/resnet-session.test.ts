// The training behind the ResNet room, without a page: what it tells, and that what it saves is one moment of it.

import { describe, expect, test } from 'vitest';
import type { News, Order, Wish } from '../../examples/playground/src/rooms/resnet/messages';
import { Session } from '../../examples/playground/src/rooms/resnet/session';
import { resnetCodec } from '../../examples/playground/src/rooms/resnet/state';
import {
  buildNetwork,
  compile,
  decodeCheckpoint,
  encodeCompiled,
  evaluate,
  restoreModel,
  shapes,
} from '../../src/index';

/** Three steps an epoch of a network that is as small as it can be. */
const small = { ...resnetCodec.initial, width: 2, T: 1, images: 20, batch: 8, epochs: 2 };

type Kind = News['news'];
type Told<K extends Kind> = Extract<News, { news: K }>;

interface Heard {
  readonly session: Session;
  all<K extends Kind>(kind: K): Told<K>[];
  obey(...orders: Order[]): Promise<void>;
}

/** Starts a training; the one before must be over, since a thread has one backend. */
async function start(wish: Partial<Wish> = {}): Promise<Heard> {
  const told: News[] = [];
  const session = await Session.start({ state: small, files: [], ...wish }, (news) => told.push(news));
  return {
    session,
    all: <K extends Kind>(kind: K) => told.filter((news): news is Told<K> => news.news === kind),
    async obey(...orders) {
      await Promise.all(orders.map((order) => session.obey(order)));
    },
  };
}

const lossesOf = (heard: Heard) => heard.all('step').map(({ step }) => step.loss);
const checkpointOf = (heard: Heard) => {
  const { bytes, step } = heard.all('saved').at(-1)!;
  return { file: new File([bytes], `step${step}.safetensors`), bytes, step };
};

describe('a training of the ResNet room', () => {
  test('tells of its start, every step, every epoch, its looks and its end', async () => {
    const heard = await start();
    await heard.obey({ order: 'train' });
    const [{ ready }] = heard.all('ready') as [Told<'ready'>];
    expect(ready).toMatchObject({ train: 20, test: 20, held: 'drawn', steps: 6, step: 0, history: [] });
    expect(heard.all('step').map(({ step }) => step.step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(heard.all('epoch')).toHaveLength(2);
    expect(heard.all('rested')).toEqual([{ news: 'rested', done: true }]);
    const { look } = heard.all('look').at(-1)!;
    expect(look.layers).toHaveLength(19);
    expect(look.guesses.map(({ logits }) => logits.length)).toEqual(Array(10).fill(10));
  });

  test('rests between two steps and goes on as if it had not', async () => {
    const whole = await start();
    await whole.obey({ order: 'train' });
    const halting = await start();
    await halting.obey({ order: 'train', steps: 2 });
    expect(lossesOf(halting)).toHaveLength(2);
    await halting.obey({ order: 'train', steps: 1 });
    await halting.obey({ order: 'train' });
    expect(lossesOf(halting)).toEqual(lossesOf(whole));
  });

  test('a checkpoint that is asked for in the middle of training leads to the same end', async () => {
    const whole = await start();
    await whole.obey({ order: 'train' }, { order: 'save' });
    const { file, step } = checkpointOf(whole);
    expect(step).toBeGreaterThan(0);
    expect(step).toBeLessThan(6);
    const resumed = await start({ checkpoint: file });
    expect(resumed.all('ready')[0]!.ready.step).toBe(step);
    await resumed.obey({ order: 'train' });
    expect(lossesOf(resumed)).toEqual(lossesOf(whole).slice(step));
  });

  test('a checkpoint has the settings that the command line would have trained with', async () => {
    const heard = await start({ state: { ...small, mpr: false, dynamics: 'paper' } });
    await heard.obey({ order: 'save' });
    expect(decodeCheckpoint(checkpointOf(heard).bytes)).toMatchObject({
      settings: { dataset: 'shapes', limit: 20, arch: 'resnet20-small', mpr: null, dynamics: 'paper' },
      progress: { step: 0 },
    });
  });

  test('evaluates in integers in the middle of training, which goes on as if it had not', async () => {
    const whole = await start();
    await whole.obey({ order: 'train' });
    const heard = await start();
    await heard.obey({ order: 'train', steps: 3 }, { order: 'integers' }, { order: 'save' });
    await heard.obey({ order: 'train' });
    expect(lossesOf(heard)).toEqual(lossesOf(whole));
    const [{ integers }] = heard.all('integers') as [Told<'integers'>];
    const checkpoint = decodeCheckpoint(checkpointOf(heard).bytes);
    const network = buildNetwork(checkpoint.settings);
    restoreModel(network, checkpoint);
    network.evaluate();
    const test = shapes({ count: 20, seed: 1, split: 'test' });
    const fast = await compile(network, { inputShape: [32, 32, 3] });
    const [{ accuracy }, { accuracy: before }] = [await evaluate(fast, test), await evaluate(network, test)];
    expect(integers).toMatchObject({ accuracy, before, images: 20, bits: 16, sameBits: true });
    expect(integers.step).toBe(checkpoint.progress!.step);
    expect(integers.times).toBeGreaterThan(0);

    // a file's, beside the network in place; one that is none is refused, and the training is there as before
    const files = [new File([await encodeCompiled(fast)], 'net.spk'), new File(['no'], 'no.spk')];
    for (const file of files) await heard.obey({ order: 'integers', file });
    expect(heard.all('integers')[1]!.integers).toMatchObject({ name: 'net.spk', accuracy, step: 6 });
    expect(heard.all('refused').map(({ text }) => text)).toEqual([expect.stringMatching(/no\.spk: /)]);
  });

  test('a checkpoint on photographs asks for their file first', async () => {
    const records = new Uint8Array(12 * 3073);
    const photos = [new File([records], 'mine.bin')];
    const heard = await start({ state: { ...small, source: 'cifar10' }, files: photos });
    expect(heard.all('ready')[0]!.ready).toMatchObject({ train: 10, test: 2, held: 'held back' });
    await heard.obey({ order: 'save' });
    const { file } = checkpointOf(heard);
    await expect(start({ checkpoint: file })).rejects.toThrow(/choose a file of it first/);
    expect((await start({ checkpoint: file, files: photos })).all('ready')[0]!.ready.train).toBe(10);
  });

  test('files called test… are for tests, all others for training', async () => {
    const records = (count: number, name: string) => new File([new Uint8Array(count * 3073)], name);
    const files = [records(3, 'test_batch.bin'), records(4, 'a.bin'), records(5, 'b.bin')];
    const heard = await start({ state: { ...small, source: 'cifar10' }, files });
    expect(heard.all('ready')[0]!.ready).toMatchObject({ train: 9, test: 3, held: 'own file' });
  });
});
