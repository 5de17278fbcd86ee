// A record of a cell from text that is not trusted: a file that somebody cut off or edited, a message of a queue.

import { check, SpikegradError } from '../../errors';
import { checkRunSettings, type RunSettings } from '../../train';
import { CELL_FORMAT, type CellRecord } from '.';

type Fields = Record<string, unknown>;

/**
 * @param where the file, or whatever else the text is from
 * @throws naming `where` and the first field that cannot be
 */
export function parseCell(text: string, where: string): CellRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SpikegradError('parseCell', `${where} is not JSON: ${String(cause)}`, { cause });
  }
  const { format, ...record } = fieldsOf(value);
  check(
    format === CELL_FORMAT,
    'parseCell',
    () => `${where} is no cell: "format" is ${JSON.stringify(format)}, expected "${CELL_FORMAT}"`,
  );
  const demand = (name: string, wanted: string, holds: boolean, got: unknown) =>
    check(holds, 'parseCell', () => `${where}: ${name} must be ${wanted}, got ${JSON.stringify(got)}`);
  const settings = settingsOf(record.settings, where);

  const images = fieldsOf(record.images);
  for (const split of ['train', 'test'])
    demand(`images.${split}`, 'a whole number >= 1', isCount(images[split]), images[split]);

  const summary = fieldsOf(record.summary);
  const { testAccuracy, testLoss, seconds, changes } = summary;
  demand('summary.testAccuracy', 'in [0, 1]', isShare(testAccuracy), testAccuracy);
  demand('summary.testLoss', 'a finite number', Number.isFinite(testLoss), testLoss);
  demand('summary.seconds', 'a number >= 0', Number.isFinite(seconds) && Number(seconds) >= 0, seconds);

  const { history, loss } = record;
  demand('history', 'a list of epochs', Array.isArray(history) && history.every(isEpoch), history);
  const epochs = (history as unknown[]).length;
  demand('history', `of ${settings.epochs} epochs`, epochs === settings.epochs, epochs);
  demand('loss', 'a list of [step, loss]', Array.isArray(loss) && loss.every(isPoint), loss);

  const environment = fieldsOf(record.environment);
  for (const name of ['processor', 'platform', 'node', 'spikegrad', 'backend'])
    demand(`environment.${name}`, 'a text', typeof environment[name] === 'string', environment[name]);
  const { build, simd } = environment;
  demand('environment.build', 'a text', isTextOrAbsent(build), build);
  demand(
    'environment.simd',
    "'plain' or 'relaxed'",
    [undefined, 'plain', 'relaxed'].includes(simd as string),
    simd,
  );
  const isList =
    changes === undefined || (Array.isArray(changes) && changes.every((line) => typeof line === 'string'));
  demand('summary.changes', 'a list of texts', isList, changes);
  demand('images.content', 'a text', isTextOrAbsent(images.content), images.content);
  demand('finished', 'a time', !Number.isNaN(Date.parse(String(record.finished))), record.finished);
  return value as CellRecord;
}

function settingsOf(value: unknown, where: string): RunSettings {
  try {
    return checkRunSettings(value, 'parseCell');
  } catch (cause) {
    if (!(cause instanceof SpikegradError)) throw cause;
    throw new SpikegradError('parseCell', `${where}: ${cause.problem}`, { cause });
  }
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}

function isShare(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= 1;
}

function isEpoch(value: unknown): boolean {
  const { trainLoss, testLoss, testAccuracy } = fieldsOf(value);
  return Number.isFinite(trainLoss) && Number.isFinite(testLoss) && isShare(testAccuracy);
}

function isPoint(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every(Number.isFinite);
}
