// One vitest in this process, which runs test files in a thread, again and again, with whatever the plugin shows.

import { resolve } from 'node:path';
import { BaseSequencer, createVitest, type TestModule, type TestSpecification } from 'vitest/node';
import tsconfig from '../../tsconfig.json';
import { mutated, type Shown } from './plugin';

export interface Tests {
  /** In one thread, in this order, up to the first failure (in the first pass: a thread for each file, to the end). */
  run(files: readonly string[]): Promise<Run>;
  /** The text of a file has become another. */
  changed(file: string): void;
  close(): Promise<void>;
}

export interface Run {
  readonly modules: readonly TestModule[];
  /** What failed beside the tests: a promise that nobody waited for, a thread that ended. */
  readonly errors: readonly unknown[];
}

/** As they are given. */
class AsGiven extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files;
  }
}

/**
 * @param first whether it is the first pass
 * @param patience milliseconds that one test may take
 */
export async function startTests(
  root: string,
  shown: Shown,
  first: boolean,
  patience: number,
): Promise<Tests> {
  const names = Object.entries(tsconfig.compilerOptions.paths).map(([name, [path]]) => ({
    find: new RegExp(`^${name}$`),
    replacement: resolve(root, path!),
  }));
  const vitest = await createVitest(
    'test',
    {
      config: false,
      root,
      watch: false,
      pool: 'threads',
      isolate: first,
      maxWorkers: 1,
      fileParallelism: false,
      include: ['test/**/*.test.ts'],
      setupFiles: ['test/support/fresh.ts', ...(first ? ['bench/mutants/probe.ts'] : [])],
      bail: first ? 0 : 1,
      reporters: [{}],
      silent: true,
      testTimeout: patience,
      hookTimeout: patience,
      sequence: { sequencer: AsGiven },
    },
    { resolve: { alias: names }, plugins: [mutated(root, shown)] },
  );
  const project = vitest.getRootProject();
  return {
    async run(files) {
      const specifications = files.map((file) => project.createSpecification(resolve(root, file)));
      vitest.state.filesMap.clear(); // or the outcomes of earlier runs come along
      const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications, false);
      return { modules: testModules, errors: unhandledErrors };
    },
    changed: (file) => vitest.invalidateFile(resolve(root, file)),
    close: () => vitest.close(),
  };
}
