// The order of the test files: those that take longest begin, so that none of them is left for one worker at the end.
// Those that share a process stand side by side, since a worker keeps its process only from one to the next: pages and
// commands first, computing last.

import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** By what they took on two cores; all others are shorter than these, and come in the order of their paths. */
const LONGEST = [
  'browser/web',
  'playground/page',
  'cli/train',
  'playground/network.',
  'playground/resnet',
  'playground/neuron',
  'package/',
  'backends/gpu/convolution',
  'backends/gpu/',
  'examples/',
  'cli/',
  'paper/',
  'browser/',
  'train/',
];

/** Waits for its peers' patience more than it computes, so that others may compute meanwhile. */
const WAITING = '/test/cli/queue.';

/** Projects by name; all others are pure computing. */
const PLACES: Readonly<Record<string, number>> = { pages: 0, commands: 1, all: 2 };

/** Places of the projects, then of the files in them. */
function rank({ moduleId, project }: TestSpecification): number {
  if (moduleId.includes(WAITING)) return -1;
  const place = PLACES[project.name] ?? 3;
  const found = LONGEST.findIndex((part) => moduleId.includes(`/test/${part}`));
  return 100 * place + (found === -1 ? LONGEST.length : found);
}

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const keyOf = (file: TestSpecification) => [file.project.name, file.moduleId].join();
    return [...files].sort((a, b) => rank(a) - rank(b) || (keyOf(a) < keyOf(b) ? -1 : 1));
  }
}
