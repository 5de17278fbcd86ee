// What a training remembers besides the model, in its checkpoint: what the optimiser does under `optimizer.NAME.…`,
// such as `optimizer.velocity.conv1.weight`; with validation the weights of the best epoch under `optimizer.best.…`;
// with an average of the weights that under `optimizer.ema.…`. Readers of models pass over all of them.

import type { FloatArray } from '../../backends/backend';
import type { Shape } from '../../backends/shape';
import { check } from '../../errors';
import { fromFileLayout, toFileLayout } from '../../interop/layout';
import type { SafetensorsEntry } from '../../interop/safetensors';
import { floatEntry, floatsOf } from '../../interop/state';
import type { StateLayout } from '../../nn/module';
import { anObject, listOf, whole } from '../../options';
import type { Trainer } from '../trainer';
import type { TrainerProgress } from '../trainer/events';

const PREFIX = 'optimizer.';
const BEST = 'best';
const AVERAGE = 'ema';

/** Steps that were taken: of each trained tensor in the network's order, and of the average of the weights. */
export interface MemorySteps {
  readonly steps: readonly number[];
  readonly average?: number;
}

const counts = listOf(whole({ least: 0 }));

/** @throws unless it is what a checkpoint's metadata has of it */
export function checkSteps(value: unknown): MemorySteps {
  check(
    anObject.holds(value) &&
      counts.holds(value.steps) &&
      (value.average === undefined || whole({ least: 0 }).holds(value.average)),
    'decodeCheckpoint',
    () => `metadata "optimizer" must be { steps, average }, got ${JSON.stringify(value)}`,
  );
  return value as unknown as MemorySteps;
}

interface StatePlace {
  readonly name: string;
  readonly shape: Shape;
  readonly layout: StateLayout;
}

/** Every tensor of the network. */
function placesOf({ network }: Trainer): StatePlace[] {
  return [...network.state()].map(([name, { tensor, layout }]) => ({ name, shape: tensor.shape, layout }));
}

/** The trained ones, each with its place among the optimiser's parameters; what that does not train is left out. */
function trainedIn({ network, optimizer }: Trainer): (StatePlace & { readonly at: number })[] {
  return [...network.state()]
    .filter(([, { trainable }]) => trainable)
    .map(([name, { tensor, layout }]) => ({
      name,
      shape: tensor.shape,
      layout,
      at: optimizer.parameters.indexOf(tensor),
    }))
    .filter(({ at }) => at >= 0);
}

function entry(
  of: string,
  { name, shape, layout }: StatePlace,
  data: FloatArray,
): [string, SafetensorsEntry] {
  const turned = toFileLayout({ data, shape }, layout);
  return [`${PREFIX}${of}.${name}`, floatEntry(turned.data, turned.shape)];
}

/** What of a trainer goes into its checkpoint besides the model. */
export async function memoryOf(
  trainer: Trainer,
): Promise<{ readonly tensors: [string, SafetensorsEntry][]; readonly steps: MemorySteps }> {
  const { optimizer, bestWeights, average } = trainer;
  const trained = trainedIn(trainer);
  const places = placesOf(trainer);
  const { steps, values } = await optimizer.state();
  const tensors: [string, SafetensorsEntry][] = [];
  for (const [of, list] of Object.entries(values)) {
    check(
      of !== BEST && of !== AVERAGE,
      'encodeCheckpoint',
      () => `the optimiser calls what it remembers ${of}, which is taken: give it another name`,
    );
    for (const place of trained) {
      const numbers = list[place.at];
      if (numbers != null) tensors.push(entry(of, place, numbers));
    }
  }
  if (bestWeights !== undefined)
    for (const [i, place] of places.entries()) tensors.push(entry(BEST, place, bestWeights[i]!));
  const averaged = await average?.state();
  if (averaged !== undefined)
    for (const [i, place] of places.entries()) tensors.push(entry(AVERAGE, place, averaged.values[i]!));
  return {
    tensors,
    steps: {
      steps: trained.map(({ at }) => steps[at]!),
      ...(averaged !== undefined && { average: averaged.steps }),
    },
  };
}

/** Puts that back. Files of former versions do not say which steps were taken: all were, by every parameter. */
export function restoreMemory(
  trainer: Trainer,
  {
    tensors,
    optimizer: saved,
  }: { readonly tensors: Map<string, SafetensorsEntry>; readonly optimizer?: MemorySteps },
  progress: TrainerProgress,
): void {
  const { optimizer, average } = trainer;
  const trained = trainedIn(trainer);
  const places = placesOf(trainer);
  const read = (of: string, { name, layout }: StatePlace): FloatArray =>
    fromFileLayout(floatsOf('restoreTrainer', `${PREFIX}${of}.${name}`, tensors), layout).data;
  const steps = optimizer.parameters.map(() => 0);
  for (const [i, { at }] of trained.entries()) steps[at] = saved?.steps[i] ?? progress.step;
  const values: Record<string, (FloatArray | null)[]> = {};
  for (const of of namesIn(tensors)) {
    const list = optimizer.parameters.map((): FloatArray | null => null);
    for (const place of trained)
      if (tensors.has(`${PREFIX}${of}.${place.name}`)) list[place.at] = read(of, place);
    values[of] = list;
  }
  optimizer.loadState({ steps, values });
  trainer.bestWeights = progress.best && places.map((place) => read(BEST, place));
  average?.loadState({
    steps: saved?.average ?? progress.step,
    values: places.map((place) => read(AVERAGE, place)),
  });
}

/** What the optimiser remembers, by the names that its tensors have in a file. */
function namesIn(tensors: Map<string, SafetensorsEntry>): Set<string> {
  const names = new Set<string>();
  for (const name of tensors.keys())
    if (name.startsWith(PREFIX)) names.add(name.slice(PREFIX.length).split('.', 1)[0]!);
  names.delete(BEST);
  names.delete(AVERAGE);
  return names;
}
