// A run in one safetensors file: the model under PyTorch's names and layouts, what belongs to the training alone under
// `optimizer.…` (memory.ts), and in the metadata the settings, the progress and the random state.

import { globalRandom } from '../../core/engine';
import type { RandomState } from '../../core/random';
import { check, SpikegradError } from '../../errors';
import { decodeMetadata, encodeMetadata, type ModelMetadata, modelMetadata } from '../../interop/metadata';
import { readSafetensors, type SafetensorsEntry, writeSafetensors } from '../../interop/safetensors';
import {
  type LoadedState,
  type LoadStateOptions,
  loadState,
  loadStateOptions,
  stateOf,
} from '../../interop/state';
import { checkModule, type Module } from '../../nn/module';
import {
  anObject,
  awaited,
  bytesKind,
  checkKind,
  finite,
  instance,
  type Kind,
  kind,
  listOf,
  type OptionsOf,
  option,
  optional,
  optionTable,
  text,
} from '../../options';
import { imageMetadata } from '../model-metadata';
import { checkHolds } from '../network';
import { checkRunSettings, type RunSettings } from '../settings';
import { aSurroundings, checkSurroundings, type Surroundings } from '../surroundings';
import { Trainer } from '../trainer';
import type { TrainerProgress } from '../trainer/events';
import { checkSteps, type MemorySteps, memoryOf, restoreMemory } from './memory';
import { checkProgress } from './progress';

const FORMAT = 'spikegrad 1';

/** What a checkpoint says besides its tensors. */
export interface CheckpointHeader {
  readonly settings: RunSettings;
  /** Absent in a model saved without its optimiser. */
  readonly progress?: TrainerProgress;
  readonly random?: RandomState;
  /** Steps that its parameters have taken; older files do not say. */
  readonly optimizer?: MemorySteps;
  /** Time spent on the run so far, over all its processes. */
  readonly seconds?: number;
  /** The run that it belongs to; older files do not say. */
  readonly run?: string;
  /** What it was computed with; older files do not say. */
  readonly surroundings?: Surroundings;
  /** A line for each change on the way: of the epochs, of what it is computed with. */
  readonly changes?: readonly string[];
  /** What its images and classes are; older files do not say. */
  readonly metadata?: ModelMetadata;
}

/** A checkpoint or model file, read. */
export interface Checkpoint extends CheckpointHeader {
  readonly tensors: Map<string, SafetensorsEntry>;
}

function checkTrainer(where: string, trainer: unknown): asserts trainer is Trainer {
  checkKind(where, 'trainer', instance(Trainer, 'a Trainer'), trainer);
}

const aCheckpoint: Kind<Checkpoint> = kind(
  'a Checkpoint, as readCheckpoint and decodeCheckpoint give it',
  (value) => anObject.holds(value) && value.tensors instanceof Map && anObject.holds(value.settings),
  (value) => {
    if (bytesKind.holds(value)) return 'decodeCheckpoint(bytes) reads it';
    return typeof value === 'string'
      ? 'await readCheckpoint(path) of spikegrad/node reads it'
      : awaited(value);
  },
);

/** Whether a tensor of a checkpoint is the network's, not the optimiser's. */
export function isModelTensor(name: string): boolean {
  return !name.startsWith('optimizer.');
}

/** The model alone. @param metadata what its images and classes are; default: not noted */
export async function encodeModel(
  network: Module,
  settings: RunSettings,
  metadata: ModelMetadata = {},
): Promise<Uint8Array<ArrayBuffer>> {
  checkModule('encodeModel', network);
  checkKind('encodeModel', 'settings', anObject, settings);
  checkRunSettings(settings, 'encodeModel');
  modelMetadata.check('encodeModel', metadata);
  return writeSafetensors(await stateOf(network), {
    format: FORMAT,
    settings: JSON.stringify(settings),
    ...encodeMetadata(metadata),
  });
}

/** What a checkpoint notes besides the run. */
export interface EncodeOptions {
  /** Time spent on the run so far, over all its processes. Default 0. */
  readonly seconds?: number;
  /** The run that it belongs to; not noted where it is left out. */
  readonly run?: string;
  /** What it is computed with; not noted where it is left out. */
  readonly surroundings?: Surroundings;
  /** What was changed on the way, in words. Default none. */
  readonly changes?: readonly string[];
}

export const encodeOptions = optionTable({
  seconds: option(finite({ least: 0 }), 0),
  run: optional(text),
  surroundings: optional(aSurroundings),
  changes: option(listOf(text), () => [], 'none'),
} satisfies OptionsOf<EncodeOptions>);

/** The model and all that is needed to go on training it bit for bit. */
export async function encodeCheckpoint(
  trainer: Trainer,
  settings: RunSettings,
  options: EncodeOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  checkTrainer('encodeCheckpoint', trainer);
  checkKind('encodeCheckpoint', 'settings', anObject, settings);
  checkRunSettings(settings, 'encodeCheckpoint');
  const { seconds, run, surroundings, changes } = encodeOptions.read('encodeCheckpoint', options);
  const entries = await stateOf(trainer.network);
  const { tensors, steps } = await memoryOf(trainer);
  entries.push(...tensors);
  return writeSafetensors(entries, {
    format: FORMAT,
    settings: JSON.stringify(settings),
    progress: JSON.stringify(trainer.progress),
    random: JSON.stringify(globalRandom().state()),
    seconds: JSON.stringify(seconds),
    optimizer: JSON.stringify(steps),
    ...encodeMetadata(imageMetadata(trainer.train)),
    ...(run !== undefined && { run }),
    ...(surroundings !== undefined && { surroundings: JSON.stringify(surroundings) }),
    ...(changes.length > 0 && { changes: JSON.stringify(changes) }),
  });
}

/** Whether a safetensors file says in its metadata that it is a checkpoint or model of this library. */
export function isCheckpoint(metadata: Readonly<Record<string, string>>): boolean {
  return metadata.format === FORMAT;
}

/** Reads a file made by {@link encodeModel} or {@link encodeCheckpoint}. @throws when it is another kind of file */
export function decodeCheckpoint(bytes: Uint8Array | ArrayBuffer): Checkpoint {
  checkKind('decodeCheckpoint', 'bytes', bytesKind, bytes);
  const { tensors, metadata } = readSafetensors(bytes);
  check(
    isCheckpoint(metadata),
    'decodeCheckpoint',
    () =>
      `not a checkpoint of this library: metadata "format" is ${JSON.stringify(metadata.format)}, expected "${FORMAT}"; weights of another tool go into a network of yours with loadState(network, readSafetensors(bytes).tensors)`,
  );
  const parse = <T>(key: string, checked: (value: unknown) => T): T | undefined => {
    const text = metadata[key];
    if (text === undefined) return undefined;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      throw new SpikegradError('decodeCheckpoint', `metadata "${key}" is not JSON`, { cause });
    }
    return checked(value);
  };
  const settings = parse('settings', (value) => checkRunSettings(value, 'decodeCheckpoint'));
  if (settings === undefined) throw new SpikegradError('decodeCheckpoint', 'metadata "settings" is missing');
  checkHolds('decodeCheckpoint', settings, tensors);
  return {
    tensors,
    settings,
    progress: parse('progress', (value) => checkProgress(value, 'decodeCheckpoint')),
    random: parse('random', checkRandom),
    optimizer: parse('optimizer', checkSteps),
    seconds: parse('seconds', (value) => {
      check(
        typeof value === 'number' && value >= 0,
        'decodeCheckpoint',
        () => `metadata "seconds" must be a number >= 0, got ${JSON.stringify(value)}`,
      );
      return value;
    }),
    run: metadata.run,
    surroundings: parse('surroundings', (value) => checkSurroundings(value, 'decodeCheckpoint')),
    metadata: decodeMetadata('decodeCheckpoint', metadata),
    changes: parse('changes', (value) => {
      checkKind('decodeCheckpoint', 'changes', listOf(text), value);
      return value;
    }),
  };
}

function checkRandom(value: unknown): RandomState {
  check(
    Array.isArray(value) && value.length === 4 && value.every(Number.isSafeInteger),
    'decodeCheckpoint',
    () => `metadata "random" must be four whole numbers, got ${JSON.stringify(value)}`,
  );
  const [a, b, c, d] = value as number[];
  return [a!, b!, c!, d!];
}

/**
 * Fills a network with a checkpoint's weights.
 * @returns what was missing and what was left over, as `loadState` tells it
 */
export function restoreModel(
  network: Module,
  checkpoint: Checkpoint,
  options: LoadStateOptions = {},
): LoadedState {
  checkModule('restoreModel', network);
  checkKind('restoreModel', 'checkpoint', aCheckpoint, checkpoint);
  loadStateOptions.check('restoreModel', options);
  return loadState(
    network,
    new Map([...checkpoint.tensors].filter(([name]) => isModelTensor(name))),
    options,
  );
}

/** Puts a trainer where the checkpoint stood: weights, what the optimiser remembers, progress, random stream. */
export function restoreTrainer(trainer: Trainer, checkpoint: Checkpoint): void {
  checkTrainer('restoreTrainer', trainer);
  checkKind('restoreTrainer', 'checkpoint', aCheckpoint, checkpoint);
  const { progress, random } = checkpoint;
  if (progress === undefined || random === undefined) {
    throw new SpikegradError(
      'restoreTrainer',
      'this file holds a model without its optimiser; training cannot go on from it',
    );
  }
  restoreModel(trainer.network, checkpoint);
  restoreMemory(trainer, checkpoint, progress);
  globalRandom().setState(random);
  trainer.progress = progress;
}
