// Whether a run has learnt anything, in words, and what to try where it has not.

import type { ProbeReport } from '../../snn';
import type { Evaluation } from '../evaluate';
import type { RunSettings } from '../settings';
import { circumstancesOf, defaultOf } from '../settings/defaults';

/** Standard deviations of guessing within which an accuracy says nothing. */
const NOISE = 3;

/**
 * Whether an evaluation cannot be told from guessing: its accuracy lies within the noise of one in so many classes,
 * or the network takes every image for the same class.
 */
export function isAtChance({ accuracy, images, confusion }: Evaluation): boolean {
  const chance = 1 / confusion.length;
  if (confusion.length < 2) return false;
  const predicted = confusion[0]!.map((_, c) => confusion.reduce((sum, row) => sum + row[c]!, 0));
  const noise = Math.sqrt((chance * (1 - chance)) / images);
  return predicted.filter((count) => count > 0).length === 1 || accuracy <= chance + NOISE * noise;
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** What is wrong with a finished run, one sentence a kind, and what to try: nothing where nothing is wrong. */
export function verdict(
  settings: RunSettings,
  evaluation: Evaluation,
  probed: ProbeReport,
): { warnings: string[]; advice?: string } {
  const atChance = isAtChance(evaluation);
  const { accuracy, images, confusion } = evaluation;
  const chance = `the network is no better than chance: ${percent(accuracy)} of ${images.toLocaleString('en-US')} test images, where guessing gives ${percent(1 / confusion.length)}`;
  const warnings = [...(atChance ? [chance] : []), ...probed.warnings];
  const isSilent = probed.layers.some(({ rate }) => rate === 0);
  return atChance || isSilent ? { warnings, advice: advice(settings) } : { warnings };
}

/**
 * The options that mend it most often, as they are typed: the set's defaults, with which it learns, where the run had
 * others.
 */
function advice(settings: RunSettings): string {
  const { dataset, batch, lr, epochs, limit, continued } = settings;
  const circumstances = circumstancesOf(settings);
  const good = <Name extends 'batch' | 'lr' | 'epochs' | 'limit'>(name: Name) =>
    defaultOf(name, dataset, circumstances);
  const images = good('limit');
  const trained = continued?.at(-1)?.epochs ?? epochs;
  const options = [
    ...(batch > good('batch') ? [`--batch ${good('batch')}`] : []),
    ...(lr === good('lr') ? [] : [`--lr ${good('lr')}`]),
    `--epochs ${trained < good('epochs') ? good('epochs') : 2 * trained}`,
    ...(images !== null && (limit ?? 0) < images ? [`--limit ${images}`] : []),
  ];
  const few = images === null && limit !== null ? ', and more images (--limit)' : '';
  return `try ${options.join(' ')}${few}`;
}
