// The thread that reads recordings and classifies them, so that the page stays free. Whatever goes wrong goes back as
// text.

import { type EventStream, readEvents, readNMnist, SpikegradError } from 'spikegrad';
import { record } from '../../../../sensor';
import { type Classifier, trainClassifier } from './classifier';
import type { News, Order } from './messages';

const tell = (news: News) => postMessage(news);
let classifier: Promise<Classifier> | undefined;
let last: Promise<unknown> = Promise.resolve();

const wordsOf = (error: unknown) =>
  error instanceof SpikegradError ? error.problem : error instanceof Error ? error.message : String(error);

async function obey(order: Order): Promise<void> {
  const events: EventStream =
    order.order === 'open' ? await readEvents(order.bytes) : await readNMnist(record(order.direction, 1));
  tell({ news: 'events', events });
  classifier ??= trainClassifier((step, steps) => tell({ news: 'learning', step, steps }));
  const { classify, tested } = await classifier;
  tell({ news: 'class', shares: await classify(events), tested });
}

addEventListener('message', ({ data }: MessageEvent<Order>) => {
  last = last
    .then(() => obey(data))
    .catch((error: unknown) => tell({ news: 'failed', text: wordsOf(error) }));
});
