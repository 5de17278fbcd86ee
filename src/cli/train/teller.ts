// What `spikegrad train` says while it works: what is trained on what, a bar, a line an epoch, and a line before
// whatever may take longer than a moment.

import type {
  EpochMetrics,
  ImageWaiting,
  RunSettings,
  StepMetrics,
  Trainer,
  TrainerProgress,
} from '../../train';
import { plannedEpochs } from '../../train/continuation';
import type { Run } from '../../train/node/run';
import type { Pace } from '../../train/pace';
import { descentInWords } from '../../train/settings/descent';
import { columnsOf, say } from '../terminal';
import { duration, type Progress, startProgress } from '../terminal/progress';
import { counted, percent, thousands } from '../terminal/table';
import { remarksOn } from './remarks';

/** Tests that take longer than this are announced. */
const LONG_SECONDS = 2;

/** What stands behind the epoch in its line, and the width of its widest number. */
type Columns = readonly (readonly [name: string, width: number])[];

/** With validation its accuracy stands in the place of the test's loss. */
export function columnsWith(validation: boolean): Columns {
  return [
    ['loss', 8],
    ['accuracy', 8],
    validation ? ['validation', 10] : ['test loss', 9],
    [validation ? 'test' : 'accuracy', 8],
    ['time', 6],
    ['left', 6],
    ['images/s', 8],
  ];
}

/** The first cell and the columns, as many of them as there is room for. */
export function epochLine(
  first: string,
  cells: readonly string[],
  width: number,
  columns: Columns = columnsWith(false),
): string {
  let line = first;
  for (const [c, cell] of cells.entries()) {
    const longer = `${line}  ${cell.padStart(columns[c]![1])}`;
    if (longer.length > width) break;
    line = longer;
  }
  return line.trimEnd();
}

/** Four places, fewer where that would be too wide. */
function loss(value: number): string {
  return value < 1000 ? value.toFixed(4) : value.toPrecision(3);
}

function rate({ imagesPerSecond }: Pace): string {
  return imagesPerSecond === undefined ? '' : imagesPerSecond.toFixed(1);
}

function whereResumed({ epoch, step }: TrainerProgress, steps: number): string {
  return step < steps
    ? `resuming at epoch ${epoch + 1}, step ${step} of ${steps}`
    : `all ${counted(epoch, 'epoch')} are done: nothing to train; --resume --epochs ${epoch + 1} adds one`;
}

/** `T=1 in 86 % of the steps` for each number of time steps that is not the run's. */
function timesOfPhases({ phases = [] }: RunSettings): string[] {
  const whole = phases.reduce((sum, { parts }) => sum + parts, 0);
  const parts = new Map<number, number>();
  for (const phase of phases)
    if (phase.timesteps !== undefined)
      parts.set(phase.timesteps, (parts.get(phase.timesteps) ?? 0) + phase.parts);
  return [...parts].map(([timesteps, part]) => `T=${timesteps} in ${percent(part / whole)} of the steps`);
}

export class RunTeller {
  /** Where the run stands. */
  at = { step: 0, steps: 0 };
  /** Of the whole run. */
  epochs = 0;
  /** How long steps waited for images; undefined before the first. */
  waiting: ImageWaiting | undefined;
  readonly #started = performance.now();
  #pace: Pace | undefined;
  #columns = columnsWith(false);
  #bar: Progress | undefined;
  #isFirst = true;
  #hasHead = false;

  /** @param compiles whether the first step compiles kernels, which is then told */
  constructor(
    private readonly run: Run,
    private readonly backend: string,
    private readonly compiles: boolean,
  ) {}

  start({ network, train, validation, progress, steps }: Trainer, pace: Pace): void {
    const { settings, test, checkpoint } = this.run;
    const { arch, width, timesteps, mpr, dynamics, batch, lr, seed } = settings;
    this.epochs = plannedEpochs(settings);
    say(
      `${arch} width ${width}, T=${timesteps}, MPR ${mpr ?? 'none'}, ${dynamics} dynamics: ${thousands(network.parameterCount())} parameters`,
    );
    const held = validation === undefined ? '' : `, ${thousands(validation.length)} validation`;
    this.#columns = columnsWith(validation !== undefined);
    say(
      `${train.name}: ${thousands(train.length)} training${held} and ${counted(test.length, 'test image')}, ${counted(this.epochs, 'epoch')} of batch ${batch}, ${[...descentInWords(settings), `lr ${lr}`].join(', ')}, seed ${seed}, ${this.backend}`,
    );
    for (const remark of remarksOn(settings, train.length)) say(`note: ${remark}`);
    const others = timesOfPhases(settings);
    if (others.length > 0)
      say(
        `the time steps change on the way, ${others.join(', ')}: an epoch is tested with those of its last step`,
      );
    if (checkpoint !== undefined) say(whereResumed(progress, steps));
    if (this.compiles && progress.step < steps) say('the first step compiles kernels for the GPU');
    this.#pace = pace;
    this.at = { step: progress.step, steps };
    this.#showBar();
  }

  step(metrics: StepMetrics, { progress, waiting }: Trainer, seconds: number): void {
    this.at = metrics;
    this.waiting = waiting;
    if (this.#isFirst && this.compiles) {
      this.#hideBar();
      say(`warm-up: the first step took ${seconds.toFixed(1)} s, kernels compiled with it`);
    }
    this.#isFirst = false;
    this.#showBar();
    this.#bar?.update(metrics.step, [
      `epoch ${metrics.epoch + 1}/${this.epochs}`,
      `loss ${loss(progress.lossSum / progress.images)}`,
      `${rate(this.#pace!)} images/s, waiting ${percent(waiting.share)}`,
    ]);
  }

  evaluation(images: number, of: number): void {
    if (images === 0 && !process.stderr.isTTY && (this.#pace!.testSeconds(of) ?? 0) > LONG_SECONDS)
      say(`testing on ${counted(of, 'image')}`);
    this.#bar?.update(this.at.step, [`testing ${images}/${of}`]);
  }

  epoch(metrics: EpochMetrics): void {
    const { epoch, trainLoss, trainAccuracy, validationAccuracy, testLoss, testAccuracy } = metrics;
    this.#hideBar();
    const { epochs } = this;
    const columns = this.#columns;
    const isLast = epoch + 1 === epochs;
    const left = this.#pace!.left;
    const line = (name: string, cells: readonly string[]) =>
      say(
        epochLine(name.padEnd(`epoch ${epochs}/${epochs}`.length), cells, columnsOf(process.stderr), columns),
      );
    if (!this.#hasHead)
      line(
        '',
        columns.map(([name]) => name),
      );
    this.#hasHead = true;
    line(`epoch ${epoch + 1}/${epochs}`, [
      loss(trainLoss),
      percent(trainAccuracy),
      validationAccuracy === undefined ? loss(testLoss!) : percent(validationAccuracy),
      percent(testAccuracy!),
      duration((performance.now() - this.#started) / 1000),
      isLast || left === undefined ? '' : duration(left),
      rate(this.#pace!),
    ]);
    if (!isLast) this.#showBar();
  }

  /** Behind the last epoch: layers, then the report. */
  look(images: number, of: number): void {
    if (images === 0) {
      say(`looking at the layers on ${counted(of, 'test image')}, then writing the report`);
      this.#bar = startProgress('layers', of);
    }
    this.#bar?.update(images);
    if (images === of) this.#hideBar();
  }

  stop(): void {
    this.#hideBar();
  }

  #showBar(): void {
    const { step, steps } = this.at;
    if (step < steps || this.#bar !== undefined)
      this.#bar ??= startProgress('train', steps, { from: step, left: () => this.#pace!.left });
  }

  #hideBar(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}
