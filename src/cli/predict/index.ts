// `spikegrad predict`: what a saved model takes pictures for.

import { Command } from 'commander';
import { SpikegradError } from '../../errors';
import { init } from '../../init';
import { type Prediction, predict } from '../../train';
import { wholeNumber } from '../arguments';
import { EXIT } from '../exit';
import { openModel } from '../model';
import { addWeightsWords, RUN, type WeightsWords } from '../model/weights';
import { columnsOf, print, printJson, say } from '../terminal';
import { percent } from '../terminal/table';
import { type OpenedPicture, openPicture } from './pictures';

interface PredictWords extends WeightsWords {
  checkpoint?: string;
  top: number;
  json?: boolean;
}

const EXAMPLES = `
Pictures of any size are taken, PNG or JPEG: the whole picture is brought to the size of the images that the model was
trained on, and normalised as they were.

Examples:
  $ spikegrad predict runs/k3 cat.png
  $ spikegrad predict --checkpoint runs/k3/model.safetensors cat.png dog.jpg --top 3
  $ spikegrad predict runs/k3 cat.png --json`;

export function predictCommand(): Command {
  return addWeightsWords(new Command('predict'))
    .argument('<files...>', `${RUN}, unless --checkpoint gives it; and pictures, PNG or JPEG`)
    .option('--checkpoint <run>', RUN)
    .option('--top <n>', 'classes to show for each picture', wholeNumber(1), 5)
    .option('--json', 'print one JSON object instead of text')
    .addHelpText('after', EXAMPLES)
    .action(async (files: string[], words: PredictWords, command: Command) => {
      const [run, pictures] =
        words.checkpoint === undefined ? [files[0]!, files.slice(1)] : [words.checkpoint, files];
      if (isPicture(run))
        command.error(
          `error: say with which run: 'spikegrad predict runs/k3 ${run}', or '--checkpoint runs/k3'`,
        );
      if (pictures.length === 0) command.error(`error: name pictures: 'spikegrad predict ${run} cat.png'`);
      await predictPictures(run, pictures, words);
      process.exitCode = EXIT.done;
    });
}

const isPicture = (path: string) => /\.(png|jpe?g)$/i.test(path);

async function predictPictures(path: string, files: readonly string[], words: PredictWords): Promise<void> {
  const model = await openModel(path, words);
  const known = model.metadata;
  if (model.steps !== undefined)
    throw new SpikegradError(
      'predict',
      `${path} takes recordings of events, and pictures are none: spikegrad eval judges it on recordings`,
    );
  const { inputShape } = known;
  if (inputShape === undefined)
    throw new SpikegradError(
      'predict',
      `neither ${path} nor a map says what images its network takes: give --map names.json with { "inputShape": [32, 32, 3], "classes": ["cat", "dog"], "mean": … } (docs/weights.md)`,
    );
  const pictures: OpenedPicture[] = [];
  for (const file of files) pictures.push(await openPicture(file, inputShape));
  await init();
  const network = await model.build();
  if (known.mean === undefined)
    say(
      'note: the file does not say how its images were normalised; pixels from 0 to 1 are taken as they are',
    );
  const size = pictures[0]!.pixels.length;
  const pixels = new Float64Array(pictures.length * size);
  pictures.forEach((picture, i) => {
    pixels.set(picture.pixels, i * size);
  });
  const predictions = await predict(network, pixels, known);
  const names = known.classes ?? predictions[0]!.probabilities.map((_, index) => String(index));
  const shown = pictures.map((picture, i) => ({ picture, prediction: predictions[i]! }));
  if (words.json === true) printJson({ checkpoint: path, pictures: shown.map((one) => asJson(one, names)) });
  else print(shown.map((one) => asText(one, names, words.top)).join('\n\n'));
}

interface Shown {
  readonly picture: OpenedPicture;
  readonly prediction: Prediction;
}

function asJson({ picture, prediction }: Shown, names: readonly string[]): unknown {
  const { file, width, height, changes } = picture;
  const { index, name, probability, probabilities } = prediction;
  return {
    file,
    width,
    height,
    changes,
    index,
    class: name,
    probability,
    probabilities: Object.fromEntries(names.map((name, i) => [name, probabilities[i]!])),
  };
}

/** Columns that a bar may take at most. */
const LONGEST_BAR = 40;
/** `100.0 %`, and what stands between the columns. */
const BESIDE_BAR = 13;

/** The most likely classes, a line and a bar each. */
function asText({ picture, prediction }: Shown, names: readonly string[], top: number): string {
  const { file, width, height, changes } = picture;
  const ranked = names
    .map((name, i) => ({ name, probability: prediction.probabilities[i]! }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, top);
  const longest = Math.max(...ranked.map(({ name }) => name.length));
  const room = Math.max(5, Math.min(LONGEST_BAR, columnsOf(process.stdout) - longest - BESIDE_BAR));
  const lines = ranked.map(({ name, probability }) =>
    `  ${name.padEnd(longest)}  ${percent(probability).padStart(7)}  ${bar(probability, room)}`.trimEnd(),
  );
  return [`${file}: ${[`${width}x${height}`, ...changes].join(', ')}`, ...lines].join('\n');
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

function bar(share: number, columns: number): string {
  const eighths = Math.round(8 * columns * share);
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]!;
}
