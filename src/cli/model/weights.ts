// The weights that a command is given: of a run, named by its folder or one of its files, or of another tool such as
// PyTorch, under the names that a run's have, perhaps behind a prefix.

import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { SpikegradError } from '../../errors';
import { decodeMetadata, type ModelMetadata } from '../../interop/metadata';
import type { SafetensorsEntry } from '../../interop/safetensors';
import { type TensorsFile, tensorsIn } from '../../interop/tensors-file';
import type { Module } from '../../nn';
import {
  type Checkpoint,
  checkRunSettings,
  decodeCheckpoint,
  type GivenSettings,
  type RunSettings,
  restoreModel,
  weightsSettings,
} from '../../train';
import { isCheckpoint } from '../../train/checkpoint';
import { checkHolds } from '../../train/network';
import { STEM } from '../../train/network/foreign';
import { checkpointFile, decoding, decodingLater, RUN_FILES, readWhole } from '../../train/node/run/files';
import { givenSettings, settingOption } from '../run/training-options';
import { say } from '../terminal';
import { mapOption } from './map';
import { networkOption } from './network-file';

/** The settings that no weights tell. */
export const UNTOLD = ['timesteps', 'dynamics'] as const;

/** What a user says about weights. */
export interface WeightsWords extends Pick<GivenSettings, (typeof UNTOLD)[number]> {
  readonly prefix?: string;
  readonly lenient?: boolean;
  readonly map?: string;
  readonly network?: string;
}

export const RUN = "a run's folder, or its model.safetensors or checkpoint.safetensors";

/** --prefix, --lenient. */
export function weightsOptions(): Option[] {
  return [
    new Option('--prefix <text>', "what stands before the names of the network's tensors, such as module."),
    new Option('--lenient', 'load the tensors that fit, and tell which are missing and which are left over'),
  ];
}

/** The run as a word of its own or behind --checkpoint, and what may be said about its weights. */
export function addWeights(command: Command): Command {
  return addWeightsWords(command.argument('[run]', RUN).option('--checkpoint <run>', 'the same'));
}

/** What may be said about the weights of a run that a command is given otherwise. */
export function addWeightsWords(command: Command): Command {
  for (const option of weightsOptions()) command.addOption(option);
  for (const name of UNTOLD)
    command.addOption(settingOption(name, `${NAMES[name]} of weights that another tool wrote`));
  return command.addOption(mapOption()).addOption(networkOption());
}

const NAMES = { timesteps: 'time steps T', dynamics: 'charge equation' } as const;

/** The one path of two ways to give it. @throws as wrong usage when there is none, or two */
export function onePath(word: string | undefined, option: string | undefined, command: Command): string {
  const path = word ?? option;
  if (path === undefined)
    command.error(`error: give ${RUN}: 'spikegrad ${nameOf(command)} runs/k3', or '--checkpoint runs/k3'`);
  if (word !== undefined && option !== undefined && word !== option)
    command.error(`error: ${word} and --checkpoint ${option} are two: give one`);
  return path;
}

function nameOf(command: Command): string {
  const above = command.parent;
  return above === null || above.parent === null ? command.name() : `${nameOf(above)} ${command.name()}`;
}

/** A file of weights at a path that may be a run's. */
export interface WeightsFile extends TensorsFile {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** @throws when there is none */
export async function openWeights(path: string): Promise<WeightsFile> {
  const file = checkpointFile(path);
  const bytes = await readWhole(file);
  return { file, bytes, ...(await decodingLater(file, async (all) => tensorsIn(all), bytes)) };
}

/**
 * The weights at a path, with the settings of their network: those of the run, or for weights of another tool those
 * of a settings.json beside them, else what their shapes tell and the options say.
 * @param options of the command
 * @throws when there are none, or of a network that this one does not build
 */
export async function readWeights(path: string, options: WeightsWords): Promise<Checkpoint> {
  return checkpointOf(await openWeights(path), options);
}

/** Whether weights are those of a run, which tells its network itself. */
export function isOfRun({ file, metadata }: WeightsFile): boolean {
  return isCheckpoint(metadata) || existsSync(join(dirname(file), RUN_FILES.settings));
}

/** Whether the network is known that a file's tensors are of. */
export function knowsNetwork(opened: WeightsFile, { prefix = '' }: WeightsWords): boolean {
  return isOfRun(opened) || opened.tensors.has(prefix + STEM);
}

export function checkpointOf(opened: WeightsFile, options: WeightsWords): Checkpoint {
  const { file, bytes, tensors, metadata } = opened;
  const given = givenSettings(options, { only: UNTOLD });
  if (!isCheckpoint(metadata)) {
    const settings = settingsBeside(file) ?? settingsOf(file, tensors, options.prefix ?? '', given);
    checkHolds('weights', settings, tensors);
    return { tensors, settings, metadata: savedMetadata(metadata) };
  }
  const [stray] = Object.keys(given);
  if (stray !== undefined)
    throw new SpikegradError('weights', `${file} tells its network itself: leave --${stray} out`);
  return decoding(file, decodeCheckpoint, bytes);
}

/** What a file of `save` says of its images; nothing of another tool's. */
export function savedMetadata(texts: Readonly<Record<string, string>>): ModelMetadata {
  return texts.format?.startsWith('spikegrad') ? decodeMetadata('weights', texts) : {};
}

/**
 * Fills a network.
 * @param tell is told what was passed over
 */
export function restoreWeights(
  network: Module,
  checkpoint: Checkpoint,
  words: WeightsWords,
  tell: (text: string) => void = say,
): void {
  const { prefix, lenient = false } = words;
  try {
    const { missing, leftOver } = restoreModel(network, checkpoint, { strict: !lenient, prefix });
    if (missing.length > 0) tell(`missing, and left as they were drawn: ${missing.join(', ')}`);
    if (leftOver.length > 0) tell(`left over in the file: ${leftOver.join(', ')}`);
  } catch (error) {
    if (!(error instanceof SpikegradError)) throw error;
    throw new SpikegradError(error.where, inFlags(error.problem), { cause: error.cause });
  }
}

/** Advice for callers of functions, as advice for users of commands. */
export const inFlags = (problem: string) =>
  problem
    .replace(/pass \{ prefix: '([^']*)' \}/, 'give --prefix $1')
    .replace('{ strict: false } leaves', '--lenient leaves');

function settingsBeside(file: string): RunSettings | undefined {
  const path = join(dirname(file), RUN_FILES.settings);
  if (!existsSync(path)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new SpikegradError('weights', `${path} is not JSON: ${String(cause)}`, { cause });
  }
  try {
    return checkRunSettings(value, 'weights');
  } catch (cause) {
    if (!(cause instanceof SpikegradError)) throw cause;
    throw new SpikegradError('weights', `${path}: ${cause.problem}`, { cause });
  }
}

function settingsOf(
  file: string,
  tensors: ReadonlyMap<string, SafetensorsEntry>,
  prefix: string,
  given: GivenSettings,
): RunSettings {
  const settings = weightsSettings(tensors, given, prefix);
  if (settings === undefined) throw new SpikegradError('weights', notResNet(file, [...tensors.keys()]));
  const { arch, width, classes } = settings;
  const untold = UNTOLD.filter((name) => given[name] === undefined).map(
    (name) => `--${name} ${settings[name]}`,
  );
  say(
    `weights of another tool: by their names and shapes ${arch} of width ${width}, for ${classes} classes${
      untold.length > 0 ? `; taken, since nothing says otherwise: ${untold.join(', ')}` : ''
    }`,
  );
  return settings;
}

function notResNet(file: string, names: readonly string[]): string {
  const prefix = prefixIn(names);
  if (prefix !== undefined) return `${file}: its names begin with "${prefix}": give --prefix ${prefix}`;
  const shown = names.slice(0, 4).join(', ') + (names.length > 4 ? ', …' : '');
  return `${file} holds weights of another tool under other names (${shown || 'none'}) than those of the ResNet20 that commands build (${STEM}, …): --map says which network they are of, \`spikegrad inspect ${file}\` lists them, and a network of your own takes them with loadState`;
}

/** What stands before the names of a ResNet20, if it is one. */
export function prefixIn(names: Iterable<string>): string | undefined {
  return [...names].find((name) => name.endsWith(`.${STEM}`))?.slice(0, -STEM.length);
}

/** What a report calls those weights: the run's folder, without the path to it, which means nothing elsewhere. */
export function weightsName(path: string): string {
  const full = resolve(checkpointFile(path));
  const name = basename(full);
  return name === RUN_FILES.model || name === RUN_FILES.checkpoint ? basename(dirname(full)) : name;
}
