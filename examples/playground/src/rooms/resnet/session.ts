// One training from its first step, or its checkpoint's, to its end. It obeys between steps, so that whatever it
// saves or shows belongs to one moment. It knows nothing of pages and workers.

import {
  buildNetwork,
  encodeCheckpoint,
  type RunSettings,
  restoreModel,
  restoreTrainer,
  SpikingResNet20,
  type StepMetrics,
  Trainer,
  trainingSettings,
} from 'spikegrad';
import { type Chosen, chooseBackend } from './backend';
import { openCheckpoint } from './checkpoint';
import { type Images, openImages } from './images';
import { inIntegers } from './integers';
import { lookAt } from './look';
import type { News, Order, Wish } from './messages';
import { inWords } from './misread';
import { settingsOf } from './settings';
import type { Source } from './state';

/** Milliseconds of training between two looks, and how many times as long as the last look took, if that is longer. */
const LOOK_EVERY = 2000;
const LOOK_SHARE = 8;
/** Steps over which the images a second are averaged. */
const RATE_OVER = 8;
/** Images drawn where a checkpoint does not say how many, as the command line does. */
const DRAWN = 2000;
/** All of CIFAR-10. */
const EVERY_RECORD = 50_000;

function trainerOf(network: SpikingResNet20, settings: RunSettings, { train, test }: Images): Trainer {
  return new Trainer(network, train, { ...trainingSettings(settings), test });
}

export class Session {
  #orders: Order[] = [];
  #left = 0;
  #running = false;
  #nextLook = 0;
  #times: { images: number; seconds: number }[] = [];
  #stepStarted = 0;
  readonly #begun = performance.now();
  readonly #losses: number[] = [];
  #trainer: Trainer;
  #settings: RunSettings;

  private constructor(
    private readonly network: SpikingResNet20,
    trainer: Trainer,
    settings: RunSettings,
    private readonly images: Images,
    private readonly backend: Chosen,
    private readonly secondsBefore: number,
    private readonly tell: (news: News) => void,
  ) {
    this.#trainer = trainer;
    this.#settings = settings;
  }

  static async start({ state, files, checkpoint }: Wish, tell: (news: News) => void): Promise<Session> {
    const saved = checkpoint && (await openCheckpoint(checkpoint, files.length > 0, state));
    const source: Source = (saved?.settings.dataset as Source | undefined) ?? state.source;
    const limit = saved === undefined ? state.images : limitOf(saved.settings);
    const images = await openImages(source, limit, files);
    const settings = saved?.settings ?? settingsOf(state, images.train);
    const backend = await chooseBackend(state.backend, settings.seed);
    const network = buildNetwork(settings);
    if (!(network instanceof SpikingResNet20))
      throw new Error('this room shows a ResNet20; the file is of a network for recordings of events');
    const trainer = trainerOf(network, settings, images);
    if (saved?.progress !== undefined) restoreTrainer(trainer, saved);
    else if (saved !== undefined) restoreModel(network, saved);
    const session = new Session(network, trainer, settings, images, backend, saved?.seconds ?? 0, tell);
    await session.#tellAll();
    return session;
  }

  async #tellAll(): Promise<void> {
    const { train, test, held } = this.images;
    const { steps, progress } = this.#trainer;
    this.tell({
      news: 'ready',
      ready: {
        settings: this.#settings,
        backend: this.backend.name,
        note: this.backend.note,
        train: train.length,
        test: test.length,
        held,
        parameters: this.network.parameterCount(),
        steps,
        step: progress.step,
        history: [...progress.history],
        losses: this.#losses,
      },
    });
    await this.#look();
  }

  /** Takes an order at once, or after the step in progress. */
  async obey(order: Order): Promise<void> {
    this.#orders.push(order);
    if (!this.#running) await this.#work();
  }

  async #work(): Promise<void> {
    this.#running = true;
    try {
      do {
        await this.#obeyAll();
        if (this.#left > 0) await this.#train();
      } while (this.#orders.length > 0);
    } finally {
      this.#running = false;
    }
  }

  async #obeyAll(): Promise<void> {
    for (let next = this.#orders.shift(); next !== undefined; next = this.#orders.shift()) {
      if (next.order === 'train') this.#left = next.steps ?? Number.POSITIVE_INFINITY;
      else if (next.order === 'rest') this.#left = 0;
      else if (next.order === 'save') await this.#save();
      else if (next.order === 'integers') await this.#integers(next.file);
      else if (next.order === 'retune') await this.#retune(next);
      else if (next.order === 'tell') await this.#tellAll();
    }
  }

  /** Another trainer of the same network, which stands where this one does. */
  async #retune({ lr, epochs }: { readonly lr: number; readonly epochs: number }): Promise<void> {
    this.#settings = { ...this.#settings, lr, epochs };
    const last = this.#trainer;
    const next = trainerOf(this.network, this.#settings, this.images);
    next.progress = last.progress;
    next.bestWeights = last.bestWeights;
    next.optimizer.loadState(await last.optimizer.state());
    last.optimizer.dispose();
    this.#trainer = next;
    this.tell({ news: 'retuned', steps: next.steps, done: next.progress.epoch >= epochs });
  }

  async #train(): Promise<void> {
    this.#times = [];
    let trainer: Trainer;
    do {
      trainer = this.#trainer;
      await this.#trainWith(trainer);
    } while (trainer !== this.#trainer && this.#left > 0);
    this.#left = 0;
    await this.#look();
    this.tell({ news: 'rested', done: this.#trainer.progress.epoch >= this.#settings.epochs });
  }

  /** Until it is done, is to rest, or another trainer has taken its place. */
  async #trainWith(trainer: Trainer): Promise<void> {
    const stop = new AbortController();
    this.#stepStarted = performance.now();
    const obey = async () => {
      await breath();
      await this.#obeyAll();
      if (this.#left <= 0 || trainer !== this.#trainer) stop.abort();
      this.#stepStarted = performance.now();
    };
    await trainer.run({
      signal: stop.signal,
      onStep: async (metrics) => {
        this.#report(metrics);
        this.#left--;
        if (performance.now() > this.#nextLook) await this.#look();
        await obey();
      },
      onEpoch: async (epoch) => {
        this.tell({ news: 'epoch', epoch });
        await obey();
      },
    });
  }

  #report({ step, epoch, loss, accuracy, images }: StepMetrics): void {
    this.#losses.push(loss);
    this.#times.push({ images, seconds: (performance.now() - this.#stepStarted) / 1000 });
    if (this.#times.length > RATE_OVER) this.#times.shift();
    const sum = (part: 'images' | 'seconds') => this.#times.reduce((total, time) => total + time[part], 0);
    this.tell({
      news: 'step',
      step: { step, epoch, loss, accuracy, rate: sum('images') / sum('seconds') },
    });
  }

  async #look(): Promise<void> {
    const started = performance.now();
    this.tell({ news: 'look', look: await lookAt(this.network, this.images.test) });
    const now = performance.now();
    this.#nextLook = now + Math.max(LOOK_EVERY, LOOK_SHARE * (now - started));
  }

  async #integers(file: File | undefined): Promise<void> {
    const { step } = this.#trainer.progress;
    try {
      if (this.backend.name.startsWith('gpu'))
        throw new Error('they are computed on wasm: save a checkpoint, choose that backend and open it');
      const integers = await inIntegers(this.network, this.images.test, file);
      this.tell({ news: 'integers', integers: { ...integers, step } });
    } catch (error) {
      this.tell({ news: 'refused', text: `In integers: ${inWords(error)}` });
    }
  }

  async #save(): Promise<void> {
    const seconds = this.secondsBefore + (performance.now() - this.#begun) / 1000;
    const bytes = await encodeCheckpoint(this.#trainer, this.#settings, { seconds });
    this.tell({ news: 'saved', bytes: new Uint8Array(bytes), step: this.#trainer.progress.step });
  }
}

/** Lets orders arrive: they are tasks, and a training on a CPU backend never leaves its own otherwise. */
const breath = () => new Promise<void>((done) => setTimeout(done));

const limitOf = ({ dataset, limit }: RunSettings) => limit ?? (dataset === 'shapes' ? DRAWN : EVERY_RECORD);
