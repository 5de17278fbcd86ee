// One progress bar for all cells of a grid: steps done of all, images a second, and where each running cell is.

import { armOf, armWords } from '../../../paper/arm';
import { cellName } from '../../../paper/cell';
import type { RunSettings } from '../../../train';
import { type Progress, startProgress } from '../../terminal/progress';
import type { CellProgress } from './run';

export class GridProgress {
  readonly #started = performance.now();
  /** By the names of cells: a record that came from elsewhere has settings of its own. */
  readonly #at = new Map<string, CellProgress>();
  readonly #running = new Map<string, RunSettings>();
  /** Steps that cells had behind them when they were taken up. */
  #before = 0;
  #images = 0;
  #bar: Progress | undefined;

  /** @param label name of the command */
  constructor(
    private readonly label: string,
    readonly cells: number,
  ) {}

  update(settings: RunSettings, progress: CellProgress): void {
    const name = cellName(settings);
    if (!this.#at.has(name)) this.#before += progress.step;
    this.#at.set(name, progress);
    this.#running.set(name, settings);
    this.#images += progress.images;
    // all cells of a grid have about as many steps; those not begun are reckoned like these
    const known = [...this.#at.values()];
    const stepsEach = known.reduce((sum, { steps }) => sum + steps, 0) / known.length;
    const total = Math.round(stepsEach * this.cells);
    this.#bar ??= startProgress(this.label, total, { from: this.#before });
    const done = known.reduce((sum, { step }) => sum + step, 0);
    this.#bar.update(done, this.#notes());
  }

  /** The cell runs no more. */
  end(settings: RunSettings): void {
    this.#running.delete(cellName(settings));
    this.stop();
  }

  /** Room for a line; the next update draws the bar again. */
  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
    this.#before = [...this.#at.values()].reduce((sum, { step }) => sum + step, 0);
  }

  #notes(): string[] {
    const rate = (this.#images * 1000) / (performance.now() - this.#started);
    const cells = [...this.#running].map(([name, settings]) => {
      const { epoch, loss } = this.#at.get(name)!;
      const at = `epoch ${epoch + 1}/${settings.epochs}`;
      const form = settings.dynamics === 'leak' ? '' : ` ${settings.dynamics}`;
      return `T${settings.timesteps}${form} ${armWords(armOf(settings))} seed ${settings.seed}: ${at}${loss === undefined ? '' : ` loss ${loss.toFixed(3)}`}`;
    });
    return [`${rate.toFixed(1)} images/s`, ...cells];
  }
}
