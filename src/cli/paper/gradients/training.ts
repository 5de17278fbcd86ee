// `paper gradients --epochs`: each arm trained, and its gradients measured on the way. An arm that is done is kept in
// `arms/`, so that the same command goes on with the next one.

import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Dataset } from '../../../data/dataset';
import { type Arm, armName, armWords } from '../../../paper/arm';
import type { GradientBatches } from '../../../paper/gradients';
import { type TrainedArm, type TrainingStudy, trainedArm } from '../../../paper/gradients/training';
import {
  TRAINING_HEAD,
  trainingCsv,
  trainingJson,
  trainingPicture,
  trainingReport,
  trainingRows,
  trainingSentences,
} from '../../../paper/gradients/training/report';
import { refuseForeign } from '../../../paper/node/ours';
import type { RunSettings } from '../../../train';
import { EXIT } from '../../exit';
import { writeFile } from '../../files';
import { print, say } from '../../terminal';
import { onInterrupt } from '../../terminal/interrupt';
import { startProgress } from '../../terminal/progress';
import { counted, textTable } from '../../terminal/table';
import { type Renderer, writePicture } from '../picture';

interface Measurement {
  readonly settings: RunSettings;
  readonly images: Dataset;
  readonly batches: GradientBatches;
  readonly arms: readonly Arm[];
  readonly out: string;
  readonly render: Renderer | undefined;
}

export async function measureTraining({ arms, out, render, ...what }: Measurement): Promise<number> {
  const { settings, images, batches } = what;
  const { mpr: _, gradientScale: __, ...shared } = settings;
  const about = { settings: shared, dataset: images.name, batches };
  const fileOf = (arm: Arm) => resolve(out, 'arms', `${armName(arm)}.json`);
  const endings = ['csv', 'json', 'svg', 'html', ...(render === undefined ? [] : ['png'])];
  await refuseForeign([...arms.map(fileOf), ...endings.map((ending) => join(out, `training.${ending}`))]);
  const kept = await Promise.all(arms.map((arm) => keptArm(fileOf(arm), about)));
  const left = kept.filter((arm) => arm === undefined).length;
  say(
    `training ${counted(left, 'network')} for ${counted(settings.epochs, 'epoch')}, ${arms.length - left} done before`,
  );
  const interrupt = onInterrupt('stopping after this step; arms that are done are kept…');
  const steps = settings.epochs * Math.ceil(images.length / settings.batch);
  const bar = startProgress('gradients', Math.max(1, left * steps));
  const done: TrainedArm[] = [];
  let before = 0;
  try {
    for (const [i, arm] of arms.entries()) {
      const known = kept[i];
      const trained =
        known ??
        (await trainedArm(settings, arm, images, batches, {
          signal: interrupt.signal,
          onStep: (step) => bar.update(before + step, [armWords(arm)]),
        }));
      if (trained === undefined) return EXIT.interrupted;
      if (known === undefined) {
        before += steps;
        await writeFile(fileOf(arm), `${JSON.stringify({ ...about, arm: trained })}\n`);
      }
      done.push(trained);
    }
  } finally {
    bar.stop();
    interrupt.release();
  }
  await report({ ...about, arms: done }, out, render);
  return EXIT.done;
}

/** An arm of the same measurement that is done; undefined where there is none. */
async function keptArm(file: string, about: Omit<TrainingStudy, 'arms'>): Promise<TrainedArm | undefined> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw cause;
  });
  if (text === undefined) return undefined;
  const { arm, ...of } = parsed(text) as Omit<TrainingStudy, 'arms'> & { arm: TrainedArm };
  return JSON.stringify(of) === JSON.stringify(about) ? arm : undefined;
}

/** What is no JSON is nobody's measurement, and is measured again. */
function parsed(text: string): object {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

async function report(study: TrainingStudy, out: string, render: Renderer | undefined): Promise<void> {
  const files = [
    await writeFile(join(out, 'training.csv'), trainingCsv(study.arms)),
    await writeFile(join(out, 'training.json'), trainingJson(study)),
    ...(await writePicture(trainingPicture(study), join(out, 'training.svg'), render)),
    await writeFile(join(out, 'training.html'), trainingReport(study)),
  ];
  const table = textTable(TRAINING_HEAD, trainingRows(study.arms));
  print(`${table}\n\n${trainingSentences(study.arms).join('\n')}\n\n${files.join('\n')}`);
}
