// Who trains when: towards the step that the state asks for, or on and on while it plays, one request at a time.

import type { TrainingClient } from './client';
import type { Snapshot } from './messages';
import { ranges, type Speed, type TrainingSettings, trainAlike } from './state';

/** Steps between two pictures while it plays, and how long they take at least; undefined: as many as fit. */
const paces: Record<Speed, { readonly steps?: number; readonly milliseconds: number }> = {
  slow: { steps: 1, milliseconds: 250 },
  steady: { steps: 2, milliseconds: 100 },
  fast: { milliseconds: 100 },
};

/** Steps between two pictures on the way to a step that a link asks for. */
const STRIDE = 25;

export interface SessionEvents {
  onSnapshot(snapshot: Snapshot): void;
  onPlaying(playing: boolean): void;
  /** The training ended with an error. */
  onProblem(text: string): void;
}

export class Session {
  #wanted: TrainingSettings | undefined;
  #begun: TrainingSettings | undefined;
  #step = 0;
  #target = 0;
  #speed: Speed = 'steady';
  #playing = false;
  #awake = false;
  #busy = false;
  /** Steps that fit into one picture at the fast speed, as far as is known. */
  #fit = 4;

  constructor(
    private readonly client: TrainingClient,
    private readonly events: SessionEvents,
  ) {}

  get playing(): boolean {
    return this.#playing;
  }

  /** Trains to a step, from the beginning where it has already been passed or the settings differ. */
  aim(settings: TrainingSettings, steps: number, speed: Speed): void {
    const alike = this.#wanted !== undefined && trainAlike(this.#wanted, settings);
    if (!alike || steps < this.#step) {
      this.#begun = undefined;
      this.#step = 0;
    }
    if (!alike) this.#wanted = { ...settings };
    this.#target = steps;
    this.#speed = speed;
    void this.#run();
  }

  play(playing: boolean): void {
    if (playing === this.#playing) return;
    this.#playing = playing;
    this.events.onPlaying(playing);
    void this.#run();
  }

  /** Rests until `resume`, without forgetting that it plays. */
  pause(): void {
    this.#awake = false;
  }

  resume(): void {
    this.#awake = true;
    void this.#run();
  }

  async #run(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (this.#awake) {
        const work = this.#next();
        if (work === undefined) break;
        await work;
      }
    } catch (error) {
      this.#begun = undefined;
      this.#wanted = undefined;
      this.play(false);
      this.events.onProblem(error instanceof Error ? error.message : String(error));
    } finally {
      this.#busy = false;
    }
  }

  /** Begins what is to be done next; undefined when there is nothing. */
  #next(): Promise<void> | undefined {
    if (this.#wanted === undefined) return undefined;
    if (this.#begun === undefined) return this.#begin(this.#wanted);
    const missing = this.#target - this.#step;
    if (missing > 0) return this.#advance(Math.min(missing, STRIDE));
    if (this.#playing && this.#step >= ranges.steps.max) this.play(false);
    return this.#playing ? this.#playOn() : undefined;
  }

  async #begin(settings: TrainingSettings): Promise<void> {
    this.#begun = settings;
    this.#take(await this.client.ask({ ask: 'begin', settings }), settings);
  }

  async #playOn(): Promise<void> {
    const { steps = this.#fit, milliseconds } = paces[this.#speed];
    const start = performance.now();
    await this.#advance(Math.min(steps, ranges.steps.max - this.#step));
    const took = performance.now() - start;
    this.#fit = Math.min(STRIDE, Math.max(1, Math.round((this.#fit * milliseconds) / took)));
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, milliseconds - took)));
  }

  async #advance(steps: number): Promise<void> {
    const settings = this.#begun!;
    this.#take(await this.client.ask({ ask: 'advance', steps }), settings);
  }

  /** The answer may be to settings that are no longer wanted. */
  #take(snapshot: Snapshot, settings: TrainingSettings): void {
    if (this.#begun !== settings) return;
    this.#step = snapshot.step;
    this.#target = Math.max(this.#target, snapshot.step);
    this.events.onSnapshot(snapshot);
  }
}
