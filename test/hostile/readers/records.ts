// Readers of what runs write down: settings, metrics, records of cells.

import { SpikegradError } from '../../../src/errors';
import { parseCell } from '../../../src/paper/cell/parse';
import { checkRunSettings } from '../../../src/train';
import { parseMetrics } from '../../../src/train/metrics';
import { cell, SETTINGS } from '../../support/records';
import type { Reader } from '../attack';
import { asText, utf8 } from './files';

/** JSON.parse belongs to the caller of checkRunSettings; what is no JSON counts as refused. */
function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SpikegradError('settings', 'settings. is not JSON', { cause });
  }
}

export const recordReaders: readonly Reader[] = [
  {
    name: 'settings',
    files: [utf8(JSON.stringify(SETTINGS, null, 2))],
    read: ({ text }) => JSON.stringify(checkRunSettings(json(text), 'settings')).length,
    place: /settings\.\w*/,
    most: asText,
  },
  {
    name: 'metrics',
    files: [utf8('{"kind":"step","step":1,"loss":2.5}\n{"kind":"epoch","step":1,"epoch":0,"trainLoss":2}\n')],
    read: ({ text }) => {
      const lines = parseMetrics(text);
      for (const { kind, step } of lines)
        if (!['step', 'epoch'].includes(kind) || typeof step !== 'number')
          throw new Error('no line of metrics');
      return JSON.stringify(lines).length;
    },
    place: /./,
    most: asText,
  },
  {
    name: 'records of cells',
    files: [utf8(JSON.stringify(cell({}, 0.5), null, 1))],
    read: ({ text }) => JSON.stringify(parseCell(text, 'cell.json')).length,
    place: /cell\.json/,
    most: asText,
  },
];
