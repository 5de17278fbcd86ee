// The thread that reads recordings and classifies them, so that the page stays free. Whatever goes wrong goes back as
// text.

import { type EventStream, eventRecordings, readEvents, readNMnist, SpikegradError } from 'spikegrad';
import { record } from '../../../../sensor';
import { type Classifier, trainClassifier } from './classifier';
import type { News, Order } from './messages';

const tell = (news: News) => postMessage(news);
let classifier: Promise<Classifier> | undefined;
let last: Promise<unknown> = Promise.resolve();
/** The file that was opened last, and how many recordings it has. */
let opened: { readonly bytes: Uint8Array; readonly count: number } | undefined;

/** HDF5 alone keeps several recordings in a file. */
const HDF5 = [0x89, 0x48, 0x44, 0x46];
const isHdf5 = (bytes: Uint8Array) => HDF5.every((byte, i) => bytes[i] === byte);

const wordsOf = (error: unknown) =>
  error instanceof SpikegradError ? error.problem : error instanceof Error ? error.message : String(error);

async function open(bytes: Uint8Array): Promise<EventStream> {
  if (!isHdf5(bytes)) {
    const events = await readEvents(bytes);
    opened = { bytes, count: 1 };
    return events;
  }
  for await (const { events, count } of eventRecordings(bytes)) {
    opened = { bytes, count };
    return events;
  }
  throw new Error('it holds no recording');
}

async function eventsOf(order: Order): Promise<EventStream> {
  if (order.order === 'open') return open(order.bytes);
  if (order.order === 'simulate') {
    opened = undefined;
    return readNMnist(record(order.direction, 1));
  }
  if (opened === undefined) throw new Error('no file is open');
  return readEvents(opened.bytes, { recording: order.index });
}

async function obey(order: Order): Promise<void> {
  const events = await eventsOf(order);
  tell({ news: 'events', events, count: opened?.count ?? 1 });
  if (events.height === 1) return tell({ news: 'sound' });
  classifier ??= trainClassifier((step, steps) => tell({ news: 'learning', step, steps }));
  const { classify, tested } = await classifier;
  tell({ news: 'class', shares: await classify(events), tested });
}

addEventListener('message', ({ data }: MessageEvent<Order>) => {
  last = last
    .then(() => obey(data))
    .catch((error: unknown) => tell({ news: 'failed', text: wordsOf(error) }));
});
