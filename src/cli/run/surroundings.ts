// What this process computes a run with, and whether a run that was begun may go on with it.

import { version } from '../../../package.json';
import type { Backend } from '../../backends/backend';
import type { TrainingData } from '../../data/stream/dataset';
import { isWasm } from '../../init';
import type { Checkpoint } from '../../train';
import { contentOf } from '../../train/node/run/images';
import { changesOf } from '../../train/settings/resume';
import type { Surroundings } from '../../train/surroundings';
import type { BackendChoice } from '../arguments';

/** The backend and SIMD flavour that a run goes on with where none is asked for: its own. */
export function choiceOf(
  { backend: asked, threads, simd }: BackendChoice,
  checkpoint: Checkpoint | undefined,
): BackendChoice {
  const own = checkpoint?.surroundings;
  const backend = asked === 'auto' && own !== undefined ? (own.backend as BackendChoice['backend']) : asked;
  // relaxed SIMD is the default where it runs; where it does not, the run is told so
  const plain = backend === 'wasm' && own?.simd === 'plain' ? own.simd : undefined;
  return { backend, threads, simd: simd ?? plain };
}

/** Which build computes: the version, on wasm with a hash of the kernels, `0.1.0+4b99c155dc24`. */
function buildOf(backend: Backend): string {
  return isWasm(backend) ? `${version}+${backend.kernels}` : version;
}

function surroundingsOf(backend: Backend, train: TrainingData, test: TrainingData): Surroundings {
  return {
    version,
    build: buildOf(backend),
    backend: backend.name,
    ...(isWasm(backend) && { simd: backend.flavour }),
    images: {
      name: train.name,
      train: train.length,
      test: test.length,
      content: contentOf(train, test),
    },
  };
}

/**
 * For a run's checkpoints and its report: what it is computed with, and what is new in that.
 * @throws for what may not change (train/resume.ts), with both values
 */
export function inSurroundings(
  backend: Backend,
  { train, test, checkpoint }: { train: TrainingData; test: TrainingData; checkpoint?: Checkpoint },
  force = false,
): { surroundings: Surroundings; changes: string[] } {
  const surroundings = surroundingsOf(backend, train, test);
  const changes = checkpoint === undefined ? [] : changesOf(checkpoint.surroundings, surroundings, force);
  return { surroundings, changes };
}
