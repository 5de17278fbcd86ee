// Deaths of a cell: of workers, which BullMQ counts as stalls, and of the cell's own process under a worker that lives.
// A cell that has written a new checkpoint since its last death begins to count anew, so that only one that dies again
// and again at the same place is given up.

import { anObject, type Kind, kind, type OptionsOf, option, optionTable, whole } from '../../../options';

/** How often a cell may die without a new checkpoint before it is given up, where nobody says. */
export const MOST_DEATHS = 5;

/** A checkpoint that the cell would go on from. */
export interface SavedAt {
  /** The run that it belongs to: folders of machines that share none hold runs of their own. */
  readonly run: string;
  readonly step: number;
}

/** What is kept with a job between its deaths. */
export interface Deaths {
  /** Processes of the cell that died while their worker lived. */
  readonly processes?: number;
  /** Deaths of workers and processes that were followed by a new checkpoint. */
  readonly outlived?: number;
  /** The furthest step that was seen saved, of each run. */
  readonly steps?: Readonly<Record<string, number>>;
}

const stepsByRun: Kind<Readonly<Record<string, number>>> = kind(
  'steps by run',
  (value) => anObject.holds(value) && Object.values(value).every(Number.isSafeInteger),
);

/** Comes from a queue: checked like a user's options. */
export const deathsOptions = optionTable({
  processes: option(whole({ least: 0 }), 0),
  outlived: option(whole({ least: 0 }), 0),
  steps: option(stepsByRun, (): Readonly<Record<string, number>> => ({}), 'none'),
} satisfies OptionsOf<Deaths>);

/** One more of the cell's own processes has died. */
export function processDied(deaths: Deaths): Deaths {
  return { ...deaths, processes: (deaths.processes ?? 0) + 1 };
}

/**
 * Looks at a cell that is taken up.
 * @param workers deaths of its workers so far
 * @param saved the checkpoint that it will go on from, where there is one
 * @returns what to keep, and how often it has died since its last new checkpoint
 */
export function lookAt(
  before: Deaths,
  workers: number,
  saved: SavedAt | undefined,
): { readonly kept: Deaths; readonly inVain: number } {
  const { processes, outlived, steps } = deathsOptions.read('queue', before);
  const all = workers + processes;
  const isNew = saved !== undefined && saved.step > (Object.hasOwn(steps, saved.run) ? steps[saved.run]! : 0);
  if (!isNew) return { kept: { processes, outlived, steps }, inVain: Math.max(0, all - outlived) };
  return { kept: { processes, outlived: all, steps: { ...steps, [saved.run]: saved.step } }, inVain: 0 };
}
