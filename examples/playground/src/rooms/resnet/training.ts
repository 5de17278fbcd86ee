// The page's side of the training: one worker at a time, and a second one while a new training starts. The old one
// rests when the new one is ready, so that the reader can go back to it, if it had trained; and it stays when the new
// one fails.

import type { News, Order, Ready, Wish } from './messages';

/** A training that has begun. */
interface Running {
  readonly worker: Worker;
  readonly wish: Wish;
  /** Steps that it has done here. */
  trained: number;
}

export interface TrainingEvents {
  /**
   * A new training has taken the place of the old one, or an old one its own again.
   * @param wish what it was begun with
   */
  onReady(ready: Ready, wish: Wish): void;
  /** Of the training in place. */
  onNews(news: Exclude<News, { news: 'ready' | 'failed' }>): void;
  /** @param wish the training that did not start; absent where one in place stopped with an error */
  onFailure(text: string, wish: Wish | undefined): void;
  /** Whether it trains, or would if the page were in view. */
  onPlaying(playing: boolean): void;
}

export class Training {
  #current: Running | undefined;
  #candidate: Running | undefined;
  /** What trained before: at rest, and kept. */
  #former: Running | undefined;
  #playing = false;
  #inView = true;

  constructor(private readonly events: TrainingEvents) {}

  get playing(): boolean {
    return this.#playing;
  }

  /** What the training before was begun with; undefined where there is none to go back to. */
  get former(): Wish | undefined {
    return this.#former?.wish;
  }

  /** Starts anew. What trained before rests meanwhile; a new training trains on if the old one did. */
  begin(wish: Wish): void {
    this.#end(this.#candidate);
    if (!('Worker' in globalThis)) {
      this.events.onFailure('This browser has no web workers, and nothing is trained without them.', wish);
      return;
    }
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    const running: Running = { worker, wish, trained: 0 };
    this.#candidate = running;
    this.#send({ order: 'rest' });
    worker.onmessage = ({ data }: MessageEvent<News>) => this.#hear(running, data);
    worker.onerror = (event) => {
      event.preventDefault();
      const text = event.message || 'the code of the training did not load; reload the page';
      this.#hear(running, { news: 'failed', text });
    };
    worker.postMessage({ order: 'start', wish } satisfies Order);
  }

  /** Gives up a training that is starting, for the one in place. @returns whether there is one in place */
  stay(): boolean {
    if (this.#current === undefined) return false;
    this.#end(this.#candidate);
    this.#candidate = undefined;
    this.#move();
    return true;
  }

  /** Back to the training before, at rest, where it stood. The one in place is kept in its stead, if it had trained. */
  back(): void {
    const former = this.#former;
    if (former === undefined) return;
    this.#end(this.#candidate);
    this.#candidate = undefined;
    this.play(false);
    this.#former = undefined;
    this.#place(former);
    this.#send({ order: 'tell' });
  }

  /** Goes on with another learning rate and number of epochs. */
  retune(lr: number, epochs: number): void {
    this.#send({ order: 'retune', lr, epochs });
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

  /** @param file a compiled network; absent for the one in place */
  evaluateIntegers(file?: File): void {
    this.#send({ order: 'integers', file });
  }

  /** The page is in the background or in view again. */
  setInView(inView: boolean): void {
    this.#inView = inView;
    this.#move();
  }

  /** Puts a training in place, and what was there aside. */
  #place(next: Running): void {
    const last = this.#current;
    if (last !== undefined && last.trained > 0) {
      this.#end(this.#former);
      this.#former = last;
    } else this.#end(last);
    this.#current = next;
  }

  #move(): void {
    if (this.#candidate !== undefined) return; // once it is ready
    this.#send(this.#playing && this.#inView ? { order: 'train' } : { order: 'rest' });
  }

  #send(order: Order): void {
    this.#current?.worker.postMessage(order);
  }

  #end(running: Running | undefined): void {
    if (running === undefined) return;
    running.worker.onmessage = running.worker.onerror = null;
    running.worker.terminate();
  }

  #hear(running: Running, news: News): void {
    const starting = running === this.#candidate;
    if (news.news === 'step') running.trained++;
    if (running === this.#former) {
      if (news.news === 'failed') this.#former = undefined;
    } else if (news.news === 'ready') {
      if (starting) {
        this.#candidate = undefined;
        this.#place(running);
      }
      this.events.onReady(news.ready, running.wish);
      this.#move();
    } else if (news.news === 'failed') {
      this.#end(running);
      if (starting) {
        this.#candidate = undefined;
        this.events.onFailure(news.text, running.wish);
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
