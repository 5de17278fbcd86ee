// The page's side of the training: one worker at a time, and a second one while a new training starts. The old one goes
// when the new one is ready, and stays when that fails.

import type { News, Order, Ready, Wish } from './messages';

export interface TrainingEvents {
  /** A new training has taken the place of the old one. */
  onReady(ready: Ready, wish: Wish): void;
  /** Of the training in place. */
  onNews(news: Exclude<News, { news: 'ready' | 'failed' }>): void;
  /** @param wish the training that did not start; absent where one in place stopped with an error */
  onFailure(text: string, wish: Wish | undefined): void;
  /** Whether it trains, or would if the page were in view. */
  onPlaying(playing: boolean): void;
}

export class Training {
  #current: Worker | undefined;
  #candidate: Worker | undefined;
  #playing = false;
  #inView = true;

  constructor(private readonly events: TrainingEvents) {}

  get playing(): boolean {
    return this.#playing;
  }

  /** Starts anew. What trained before rests meanwhile; a new training trains on if the old one did. */
  begin(wish: Wish): void {
    this.#end(this.#candidate);
    if (!('Worker' in globalThis)) {
      this.events.onFailure('This browser has no web workers, and nothing is trained without them.', wish);
      return;
    }
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    this.#candidate = worker;
    this.#send({ order: 'rest' });
    worker.onmessage = ({ data }: MessageEvent<News>) => this.#hear(worker, data, wish);
    worker.onerror = (event) => {
      event.preventDefault();
      const text = event.message || 'the code of the training did not load; reload the page';
      this.#hear(worker, { news: 'failed', text }, wish);
    };
    worker.postMessage({ order: 'start', wish } satisfies Order);
  }

  play(playing: boolean): void {
    this.#playing = playing;
    this.events.onPlaying(playing);
    this.#move();
  }

  step(): void {
    this.play(false);
    this.#send({ order: 'train', steps: 1 });
  }

  save(): void {
    this.#send({ order: 'save' });
  }

  /** The page is in the background or in view again. */
  setInView(inView: boolean): void {
    this.#inView = inView;
    this.#move();
  }

  #move(): void {
    if (this.#candidate !== undefined) return; // once it is ready
    this.#send(this.#playing && this.#inView ? { order: 'train' } : { order: 'rest' });
  }

  #send(order: Order): void {
    this.#current?.postMessage(order);
  }

  #end(worker: Worker | undefined): void {
    if (worker === undefined) return;
    worker.onmessage = worker.onerror = null;
    worker.terminate();
  }

  #hear(worker: Worker, news: News, wish: Wish): void {
    const starting = worker === this.#candidate;
    if (news.news === 'ready') {
      this.#end(this.#current);
      [this.#current, this.#candidate] = [worker, undefined];
      this.events.onReady(news.ready, wish);
      this.#move();
    } else if (news.news === 'failed') {
      this.#end(worker);
      if (starting) {
        this.#candidate = undefined;
        this.events.onFailure(news.text, wish);
        this.#move();
      } else {
        this.#current = undefined;
        this.play(false);
        this.events.onFailure(news.text, undefined);
      }
    } else if (!starting) {
      if (news.news === 'rested' && news.done) this.play(false);
      this.events.onNews(news);
    }
  }
}
