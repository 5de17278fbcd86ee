// `paper gradients --epochs` as table, picture and page: the gain of each arm by epoch, measured and predicted.

import { htmlReport, type LineSeries, lineChart, panels, type ReportFigure } from '../../../plot';
import { armName, armWords } from '../../arm';
import { csv } from '../../csv';
import { type Compared, layerGain, spikeRatio } from '..';
import { comparedCells, STEEPNESS_LEGEND, short } from '../words';
import { furthestOutside, meanRate, type TrainedArm, type TrainedProfile, type TrainingStudy } from '.';

const SIZE = { width: 560, height: 340 } as const;

export const TRAINING_HEAD = [
  'arm',
  'epoch',
  'training accuracy',
  'firing rate',
  'layer gain',
  'predicted',
  'spikes first / last',
  'predicted',
];

const percent = (share: number | undefined) => (share === undefined ? '–' : `${(100 * share).toFixed(1)} %`);

/** A row for each arm and epoch under {@link TRAINING_HEAD}. */
export function trainingRows(arms: readonly TrainedArm[]): string[][] {
  return arms.flatMap((arm) =>
    arm.epochs.map((profile) => [
      armWords(arm),
      String(profile.epoch),
      percent(profile.trainAccuracy),
      percent(meanRate(profile)),
      ...comparedCells(layerGain(profile)),
      ...comparedCells(spikeRatio(profile)),
    ]),
  );
}

/** From the numbers only. */
export function trainingSentences(arms: readonly TrainedArm[]): string[] {
  const gain = (profile: TrainedProfile | undefined) => profile && layerGain(profile)?.measured;
  const moved = arms.flatMap((arm) => {
    const [from, to] = [gain(arm.epochs[0]), gain(arm.epochs.at(-1))];
    return from === undefined || to === undefined ? [] : [`${armWords(arm)} ${short(from)} → ${short(to)}`];
  });
  const outside = furthestOutside(arms);
  return [
    `Gain of a convolution with the neurons behind it, at the start and after the last epoch: ${moved.join('; ')}.`,
    outside === 0
      ? 'Every measured gain lies between the two that its firing rates predict.'
      : `Measured gains lie outside of what their firing rates predict by at most ${percent(outside)} of the bound.`,
    ...arms.flatMap((arm) => (arm.lost === undefined ? [] : [`${armWords(arm)} was lost: ${arm.lost}.`])),
  ];
}

function overEpochs(
  arms: readonly TrainedArm[],
  title: string,
  yLabel: string,
  yScale: 'linear' | 'log',
  of: (profile: TrainedProfile) => Compared | undefined,
): ReportFigure {
  const series = arms.map(
    (arm): LineSeries => ({
      name: armWords(arm),
      points: arm.epochs.map((profile): [number, number] => [
        profile.epoch,
        of(profile)?.measured ?? Number.NaN,
      ]),
      ranges: arm.epochs.map((profile) => of(profile)?.predicted ?? [Number.NaN, Number.NaN]),
    }),
  );
  return {
    svg: lineChart({ ...SIZE, title, xLabel: 'epochs of training', yLabel, yScale, series }),
    caption: "Shaded: what the layers' own firing rates predict at that moment, with nothing fitted.",
  };
}

function figures({ arms }: TrainingStudy): ReportFigure[] {
  return [
    overEpochs(arms, 'Gain of a layer through training', 'layer gain', 'linear', layerGain),
    overEpochs(arms, "First neurons' gradient over the last's", 'ratio of norms', 'log', spikeRatio),
  ];
}

function subtitle({ settings, dataset }: TrainingStudy): string {
  const { arch, width, timesteps, lr, epochs } = settings;
  return `${arch} of width ${width}, T = ${timesteps}, ${epochs} epochs from a rate of ${lr}; ${dataset}`;
}

export function trainingPicture(study: TrainingStudy): string {
  return panels({
    title: 'Gradients through training',
    subtitle: subtitle(study),
    charts: figures(study).map(({ svg }) => svg),
    columns: 2,
  });
}

export function trainingReport(study: TrainingStudy): string {
  return htmlReport({
    title: 'Gradients through training',
    subtitle: subtitle(study),
    facts: [
      { label: 'arms', value: study.arms.length },
      { label: 'epochs', value: study.settings.epochs },
      { label: 'images measured on', value: study.batches.count * study.batches.size },
    ],
    sections: [
      {
        heading: 'Measured and predicted gains',
        text: [...trainingSentences(study.arms), STEEPNESS_LEGEND].join('\n\n'),
        figures: figures(study),
        table: { head: TRAINING_HEAD, rows: trainingRows(study.arms) },
      },
      {
        heading: 'On what',
        pre: JSON.stringify(
          { dataset: study.dataset, batches: study.batches, settings: study.settings },
          null,
          2,
        ),
      },
    ],
  });
}

/** One line for each arm, epoch and path. */
export function trainingCsv(arms: readonly TrainedArm[]): string {
  const rows = arms.flatMap((arm) =>
    arm.epochs.flatMap(({ epoch, gains }) =>
      gains.paths.map(({ name, rates, gain, predicted }) => [
        armName(arm),
        epoch,
        name,
        rates[0] ?? '',
        rates[1],
        gain ?? '',
        predicted?.[0] ?? '',
        predicted?.[1] ?? '',
      ]),
    ),
  );
  return csv(
    ['arm', 'epoch', 'layer', 'rate before', 'rate behind', 'gain', 'predicted low', 'predicted high'],
    rows,
  );
}

export function trainingJson(study: TrainingStudy): string {
  return `${JSON.stringify({ ...study, sentences: trainingSentences(study.arms) }, null, 1)}\n`;
}
