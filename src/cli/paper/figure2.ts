// `spikegrad paper figure2`: response curves of φ and the effective surrogate.

import { Command, Option } from 'commander';
import { figure2 } from '../../paper/figure2';
import { arctan, fastSigmoid, rectangular, type Surrogate, sigmoidal, triangular } from '../../snn';
import { asUsage, realNumber } from '../arguments';
import { EXIT } from '../exit';
import { textTable } from '../table';
import { parseSteepnesses } from './k-list';
import { type PictureOptions, pictureOptions, pngRenderer, writePicture } from './picture';

interface Figure2Words extends PictureOptions {
  k: number[];
  surrogate: keyof typeof surrogates;
  window?: number;
  json?: boolean;
}

/** Those with a window take it; the others reach everywhere. */
const surrogates = {
  rectangular: (window?: number) => rectangular({ window }),
  triangular: (window?: number) => triangular({ width: window === undefined ? undefined : window / 2 }),
  sigmoidal: () => sigmoidal(),
  arctan: () => arctan(),
  fastSigmoid: () => fastSigmoid(),
} satisfies Record<string, (window?: number) => Surrogate>;

const WINDOWED = ['rectangular', 'triangular'];

const EXAMPLES = `
Examples:
  $ spikegrad paper figure2
  $ spikegrad paper figure2 --k 1:20 --out curves.svg --png
  $ spikegrad paper figure2 --surrogate triangular --window 2

φ'(1/2) is how much steeper than the identity φ is at the threshold, φ'(0) what is left of that at the window's edge; the
area under s(φ(H) - 1/2)·φ'(H) stays the same for a rectangle of window 1, whatever k is.`;

export function figure2Command(): Command {
  const command = new Command('figure2')
    .description('draw φ over the spike function, and the surrogate gradient through it')
    .option(
      '--k <list>',
      'steepness of MPR, such as 1,3,5,7 or 1:20',
      asUsage(parseSteepnesses),
      [1, 3, 5, 7],
    )
    .addOption(
      new Option('--surrogate <name>', 'surrogate gradient')
        .choices(Object.keys(surrogates))
        .default('rectangular'),
    )
    .option(
      '--window <x>',
      'width of Ĥ with a gradient, of rectangular and triangular (default: 1, 2)',
      realNumber(0, false),
    )
    .option('--json', 'print one JSON object instead of text');
  for (const option of pictureOptions('figure2.svg')) command.addOption(option);
  return command.addHelpText('after', EXAMPLES).action(async (options: Figure2Words) => {
    const { surrogate, window } = options;
    if (window !== undefined && !WINDOWED.includes(surrogate)) {
      command.error(`error: --window is for ${WINDOWED.join(' and ')}; ${surrogate} has none`);
    }
    process.exitCode = await draw(options);
  });
}

async function draw({ k, surrogate, window, out, png, json }: Figure2Words): Promise<number> {
  const render = png ? await pngRenderer() : undefined;
  const { svg, rows } = figure2({ k, surrogate: surrogates[surrogate](window) });
  const files = await writePicture(svg, out, render);
  if (json) {
    process.stdout.write(`${JSON.stringify({ surrogate, window, rows, files })}\n`);
    return EXIT.done;
  }
  const table = textTable(
    ['k', "φ'(1/2)", "φ'(0) = φ'(1)", "s·φ' at 1/2", 'area'],
    rows.map((row) => [
      String(row.k),
      ...[row.slope, row.edge, row.effective, row.area].map((x) => x.toFixed(4)),
    ]),
  );
  process.stdout.write(`${table}\n\n${files.join('\n')}\n`);
  return EXIT.done;
}
