// The time steps of a network while it is trained in phases: set before each step, measured anew where they change, and
// what they were when nobody trains.

import type { TrainingData } from '../../data/stream/dataset';
import { check } from '../../errors';
import type { Module } from '../../nn/module';
import { setTimesteps, timestepsOf } from '../../snn/time-steps';
import { timestepsAt } from '../continuation';
import type { TrainingSettings } from '../settings';
import type { TrainerProgress } from './events';

/** Whoever sets the time steps of a run. */
export class TimeSteps {
  /** Those of the run; undefined where no phase has others. */
  readonly #usual: number | undefined;

  /** @throws where phases have time steps of their own, and what is trained on brings its own too */
  constructor(
    private readonly network: Module,
    private readonly train: TrainingData,
    private readonly settings: TrainingSettings,
    private readonly stepsPerEpoch: number,
  ) {
    const { phases = [] } = settings;
    if (phases.every(({ timesteps }) => timesteps === undefined)) return;
    this.#usual = timestepsOf(network);
    check(
      this.#usual !== undefined && !('sequences' in train && train.sequences),
      'Trainer',
      () =>
        `phases change the time steps of images, which a network repeats (new Direct(T)); ${train.name} ${this.#usual === undefined ? 'goes into a network that repeats nothing' : 'is recordings, which bring theirs'}: leave the time steps of the phases out`,
    );
  }

  /** Gives the network those of the next step. @returns whether they are others than those of the step before */
  async enter({ step, epoch }: TrainerProgress): Promise<boolean> {
    if (this.#usual === undefined) return false;
    const now = this.#at(step);
    setTimesteps('Trainer', this.network, now);
    // asked of the run and not of the network, so that a run that goes on here does the same
    if (step === 0 || now === this.#at(step - 1)) return false;
    const { normBatches = 0 } = this.settings;
    if (normBatches > 0) {
      const { measureNorms } = await import('./norms');
      await measureNorms(this.network, this.train, normBatches, epoch, this.settings);
    }
    return true;
  }

  /** Gives it those of the run back. */
  leave(): void {
    if (this.#usual !== undefined) setTimesteps('Trainer', this.network, this.#usual);
  }

  #at(step: number): number {
    return timestepsAt(this.settings, step, this.stepsPerEpoch) ?? this.#usual!;
  }
}
