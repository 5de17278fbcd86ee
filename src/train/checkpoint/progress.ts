// Where a run stands, from a file that is not trusted.

import { check } from '../../errors';
import type { BestEpoch } from '../best';
import type { TrainerProgress } from '../trainer/events';

const COUNTS = ['epoch', 'batch', 'step', 'correct', 'images'] as const;

/** @throws naming `where` and the first field that cannot be */
export function checkProgress(value: unknown, where: string): TrainerProgress {
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const demand = (name: string, wanted: string, holds: boolean) =>
    check(holds, where, () => `progress.${name} must be ${wanted}, got ${JSON.stringify(fields[name])}`);
  for (const name of COUNTS)
    demand(name, 'a whole number >= 0', Number.isSafeInteger(fields[name]) && Number(fields[name]) >= 0);
  demand('lossSum', 'a finite number', Number.isFinite(fields.lossSum));
  const { history, best } = fields;
  demand(
    'history',
    'a list of epochs',
    Array.isArray(history) && history.every((epoch) => typeof epoch === 'object' && epoch !== null),
  );
  const { epoch, accuracy, loss } = (best ?? {}) as Partial<BestEpoch>;
  demand(
    'best',
    '{ epoch, accuracy, loss }',
    best === undefined || (Number.isSafeInteger(epoch) && Number.isFinite(accuracy) && Number.isFinite(loss)),
  );
  return value as TrainerProgress;
}
