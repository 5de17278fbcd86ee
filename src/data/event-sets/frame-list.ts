// Frames of one recording after another, as a data set of sequences: pixels brought together, time cut into T.

import { check } from '../../errors';
import { reach } from '../events/frames';
import type { EventStream } from '../events/stream';
import type { FloatDataset } from '../float-dataset';
import type { EventSet } from './sets';

const WHERE = 'loadEventDataset';

export class FrameList {
  readonly #records: Float32Array[] = [];
  readonly #labels: number[] = [];
  /** [T,H,W,C] of a record. */
  readonly shape: readonly [number, number, number, number];

  constructor(
    readonly name: string,
    readonly set: EventSet,
  ) {
    const { timesteps, height, width, pool, channels } = set;
    this.shape = [timesteps, Math.ceil(height / pool), Math.ceil(width / pool), channels];
  }

  get length(): number {
    return this.#labels.length;
  }

  /** @throws where an event lies outside of the sensor, or the label is no class */
  add(events: EventStream, label: number): void {
    const { height, width, pool, classes } = this.set;
    check(
      Number.isInteger(label) && label >= 0 && label < classes.length,
      WHERE,
      () => `the label ${label} has no class; there are ${classes.length}`,
    );
    const [timesteps, rows, columns, channels] = this.shape;
    const frames = new Float32Array(timesteps * rows * columns * channels);
    const frameOf = this.#cut(events);
    for (let i = 0; i < events.length; i++) {
      const [x, y] = [events.x[i]!, events.y[i]!];
      check(
        x < width && y < height,
        WHERE,
        () => `event ${i} lies at column ${x}, row ${y}, outside of ${height}x${width}`,
      );
      const frame = frameOf(i);
      if (frame >= timesteps) continue;
      const pixel = (frame * rows + Math.floor(y / pool)) * columns + Math.floor(x / pool);
      frames[channels === 1 ? pixel : 2 * pixel + events.polarity[i]!]!++;
    }
    this.#records.push(frames);
    this.#labels.push(label);
  }

  #cut(events: EventStream): (event: number) => number {
    const { time, length } = events;
    const { by, duration } = this.set;
    const timesteps = this.shape[0];
    if (by === 'count') return (i) => Math.floor((i * timesteps) / length);
    if (duration !== undefined) return (i) => Math.max(0, Math.floor((time[i]! * timesteps) / duration));
    const [first, last] = reach(events);
    const each = (last - first) / timesteps || 1;
    return (i) => Math.min(timesteps - 1, Math.floor((time[i]! - first) / each));
  }

  finish(folder: string): FloatDataset {
    const length = this.length;
    check(length > 0, WHERE, () => `${folder} holds no recording of this split`);
    const size = this.#records[0]!.length;
    const values = new Float32Array(length * size);
    this.#records.forEach((record, i) => {
      values.set(record, i * size);
    });
    const { channels, classes } = this.set;
    return {
      name: this.name,
      classes,
      length,
      shape: this.shape,
      sequences: true,
      values,
      labels: Int32Array.from(this.#labels),
      mean: new Array<number>(channels).fill(0),
      deviation: new Array<number>(channels).fill(1),
    };
  }
}
