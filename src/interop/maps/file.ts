// The file that a map's layers are filled from: its tensors by the names that the map has for them, and which of them
// went where.

import { formatShape, type Shape } from '../../backends/shape';
import { check, SpikegradError } from '../../errors';
import type { SafetensorsEntry } from '../../formats/dtypes';
import type { Module } from '../../nn';
import { Spiking, TdBatchNorm } from '../../snn';
import { type FileTensors, loadState } from '../state';
import { reordered } from './order';
import { rememberOrigin } from './origin';

export class FileOfLayers {
  /** Names of the tensors that are a layer's now, and of those that only told a neuron's constants. */
  readonly filled = new Set<string>();
  readonly told = new Set<string>();

  /** @param names in the file, by those that the map has for them */
  constructor(
    readonly where: string,
    readonly tensors: FileTensors,
    readonly names: ReadonlyMap<string, string>,
  ) {}

  has(name: string): boolean {
    return this.tensors.has(name);
  }

  /** Whether there are several numbers of that name. */
  isList(name: string): boolean {
    return (this.tensors.get(name)?.data.length ?? 1) !== 1;
  }

  /** A number of one element in the file. */
  number(name: string): number | undefined {
    const entry = this.tensors.get(name);
    if (entry === undefined) return undefined;
    this.told.add(name);
    check(
      entry.data.length === 1,
      this.where,
      () =>
        `"${name}" is ${formatShape(entry.shape)}: neurons of a layer have their constants in common here`,
    );
    return Number(entry.data[0]);
  }

  shape(of: string, name: string, axes: number): Shape {
    const entry = this.tensors.get(name);
    if (entry === undefined) {
      const names = [...this.tensors.keys()];
      const shown = names.slice(0, 6).join(', ');
      const prefix = names.find((one) => one.endsWith(`.${name}`))?.slice(0, -name.length);
      const advice =
        prefix === undefined ? '' : `; --prefix ${prefix}, or "rename" in the map, takes that off`;
      throw new SpikegradError(
        of,
        `the file has no "${name}"; it has ${shown}${names.length > 6 ? ' and others' : ''}${advice}`,
      );
    }
    check(
      entry.shape.length === axes,
      of,
      () => `"${name}" is ${formatShape(entry.shape)}; ${axes} axes are expected`,
    );
    return entry.shape;
  }

  /**
   * Fills a layer.
   * @param order of the numbers on an axis of PyTorch's tensors, where it is not ours
   */
  fill(of: string, module: Module, name: string, order?: readonly number[], axis = 0): void {
    const own = new Map<string, SafetensorsEntry>();
    for (const [key, { tensor }] of module.state()) {
      const entry = this.tensors.get(`${name}.${key}`);
      if (entry === undefined) continue;
      this.filled.add(`${name}.${key}`);
      const turned = entry.shape.length > axis ? order : undefined; // a bias has no inputs
      rememberOrigin(tensor, { name: this.names.get(`${name}.${key}`) ?? key, order: turned, axis });
      own.set(key, turned === undefined ? entry : reordered(entry, turned, axis));
    }
    try {
      loadState(module, own, {
        strict: module instanceof TdBatchNorm || module instanceof Spiking ? false : undefined,
      });
    } catch (error) {
      throw error instanceof SpikegradError
        ? new SpikegradError(of, `"${name}": ${error.problem}`, { cause: error })
        : error;
    }
  }
}
