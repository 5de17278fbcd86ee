// `paper dynamics` as pictures and a page: how both forms learn, fire and pass gradients back.

import { heatmap, htmlReport, type LineSeries, lineChart, panels, type ReportFigure } from '../../plot';
import { shortLayer } from '../gradients/report';
import { meanCurve } from '../table1/report';
import { budgetWords } from '../table1/words';
import { armView, type DynamicsArm, type DynamicsStudy, type NetworkView, networkRates } from '.';
import {
  ACCURACY_HEAD,
  accuracyRows,
  CHARGE,
  dynamicsSentences,
  NORM_HEAD,
  normRows,
  RATE_HEAD,
  rateRows,
} from './words';

const SIZE = { width: 560, height: 320 } as const;

/** A line for each form whose weights are there. */
function seen(study: DynamicsStudy, points: (view: NetworkView) => [number, number][]): LineSeries[] {
  return study.arms.flatMap((arm) => {
    const view = armView(arm);
    return view === undefined ? [] : [{ name: CHARGE[arm.dynamics], points: points(view) }];
  });
}

function layerNames(
  study: DynamicsStudy,
  names: (view: NetworkView) => readonly { name: string }[],
): string[] {
  const view = study.arms.map(armView).find((one) => one !== undefined);
  return view === undefined ? [] : names(view).map(({ name }) => shortLayer(name));
}

function learning({ arms }: DynamicsStudy): ReportFigure[] {
  const curves = (title: string, yLabel: string, value: Parameters<typeof meanCurve>[1]) =>
    lineChart({
      ...SIZE,
      title,
      xLabel: 'epoch',
      yLabel,
      series: arms
        .filter(({ runs }) => runs.length > 0)
        .map(({ dynamics, runs }) => ({
          name: CHARGE[dynamics],
          points: meanCurve(
            runs.map(({ record }) => record),
            value,
          ),
        })),
    });
  return [
    {
      svg: curves('Test accuracy', '%', ({ testAccuracy }) =>
        testAccuracy === undefined ? undefined : 100 * testAccuracy,
      ),
      caption: 'Share of test images classified rightly, mean over seeds.',
    },
    {
      svg: curves('Training loss', 'cross-entropy', ({ trainLoss }) => trainLoss),
      caption: 'Mean over each epoch and over seeds.',
    },
  ];
}

function firing(study: DynamicsStudy): ReportFigure[] {
  return [
    {
      svg: lineChart({
        ...SIZE,
        title: 'Firing rate by layer',
        xLabel: 'layer, from the image to the logits',
        yLabel: '% of neuron-steps',
        xNames: layerNames(study, ({ rates }) => rates),
        series: seen(study, ({ rates }) => rates.map(({ rate }, i): [number, number] => [i, 100 * rate])),
      }),
      caption: 'Share of neurons that fire on test images, over all time steps, mean over seeds.',
    },
    {
      svg: lineChart({
        ...SIZE,
        title: 'Firing rate by time step',
        xLabel: 'time step',
        yLabel: '% of neurons',
        series: seen(study, (view) =>
          networkRates(view).map((rate, t): [number, number] => [t + 1, 100 * rate]),
        ),
      }),
      caption: 'The same over all layers, step by step.',
    },
  ];
}

function steps({ dynamics, ...arm }: DynamicsArm): ReportFigure[] {
  const view = armView({ dynamics, ...arm });
  if (view === undefined) return [];
  const { rates } = view;
  return [
    {
      svg: heatmap({
        title: CHARGE[dynamics],
        rows: rates.map(({ name }) => shortLayer(name)),
        columns: rates[0]!.ratePerStep.map((_, t) => `t = ${t + 1}`),
        values: rates.map(({ ratePerStep }) => ratePerStep),
        format: (rate) => `${(100 * rate).toFixed(1)} %`,
      }),
      caption: 'Firing rate by layer and time step, mean over seeds.',
    },
  ];
}

function gradients(study: DynamicsStudy): ReportFigure {
  return {
    svg: lineChart({
      ...SIZE,
      title: 'Gradient norm by layer',
      xLabel: 'layer, from the image to the logits',
      yLabel: '‖∂L/∂W‖',
      yScale: 'log',
      xNames: layerNames(study, (view) => view.gradients.layers),
      series: seen(study, (view) => view.gradients.layers.map(({ norm }, i): [number, number] => [i, norm])),
    }),
    caption: 'On the same training images, with the trained weights, mean over batches and seeds.',
  };
}

function window(study: DynamicsStudy): ReportFigure {
  return {
    svg: lineChart({
      ...SIZE,
      title: 'Neuron-steps with a gradient',
      xLabel: 'layer, from the image to the logits',
      yLabel: '% of neuron-steps',
      xNames: layerNames(study, (view) => view.gradients.neurons),
      series: seen(study, (view) =>
        view.gradients.neurons.map(({ open }, i): [number, number] => [i, 100 * open]),
      ),
    }),
    caption: "Share of membranes in the surrogate's window, the only ones with a gradient from their spike.",
  };
}

function setting({ settings: { dataset, arch, width, timesteps, mpr } }: DynamicsStudy): string {
  return `${dataset}, ${arch} of width ${width}, T = ${timesteps}, MPR ${mpr === null ? 'none' : `k = ${mpr}`}`;
}

/** All charts in one picture. */
export function dynamicsPicture(study: DynamicsStudy): string {
  return panels({
    title: 'Eq. 4 as printed against the leak form',
    subtitle: `${setting(study)}; ${budgetWords(study.settings)}`,
    charts: [...learning(study), ...firing(study), gradients(study), window(study)].map(({ svg }) => svg),
    columns: 2,
  });
}

/** One HTML page with everything in it. */
export function dynamicsReport(study: DynamicsStudy): string {
  const { arms, batches, settings } = study;
  const { dynamics, seed, ...shared } = settings;
  return htmlReport({
    title: 'Eq. 4 as printed against the leak form',
    subtitle: `${setting(study)}; ${budgetWords(settings)}`,
    facts: arms.map(({ dynamics: form, accuracy }) => ({
      label: `test accuracy, ${form}`,
      value: accuracy === undefined ? '–' : `${(100 * accuracy).toFixed(2)} %`,
    })),
    sections: [
      {
        heading: 'Accuracy',
        text: `${dynamicsSentences(study).join('\n\n')}\n\nBoth forms of a seed share initial weights, order of images and augmentation.`,
        figures: learning(study),
        table: { head: ACCURACY_HEAD, rows: accuracyRows(study) },
      },
      {
        heading: 'Firing',
        figures: [...firing(study), ...arms.flatMap(steps)],
        table: { head: RATE_HEAD, rows: rateRows(study) },
      },
      {
        heading: 'Gradients',
        figures: [gradients(study), window(study)],
        table: { head: NORM_HEAD, rows: normRows(study) },
      },
      { heading: 'On what', pre: JSON.stringify({ batches, settings: shared }, null, 2) },
    ],
  });
}
