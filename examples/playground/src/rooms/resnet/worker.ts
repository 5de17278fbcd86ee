// The training's thread. Orders come as messages; whatever goes wrong goes back as text.

import type { News, Order } from './messages';
import { inWords } from './misread';
import { Session } from './session';

const tell = (news: News) => {
  const transfer = news.news === 'saved' ? [news.bytes.buffer] : [];
  postMessage(news, { transfer });
};

let session: Promise<Session> | undefined;

addEventListener('message', async ({ data: order }: MessageEvent<Order>) => {
  try {
    if (order.order === 'start') {
      session = Session.start(order.wish, tell);
      await session;
    } else {
      await (await session)?.obey(order);
    }
  } catch (error) {
    tell({ news: 'failed', text: inWords(error) });
  }
});
