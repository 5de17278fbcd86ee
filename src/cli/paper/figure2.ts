// `spikegrad paper figure2`: response curves of φ and the effective surrogate.

import { Command, Option } from 'commander';
import { figure2 } from '../../paper/figure2';
import { arctan, fastSigmoid, rectangular, type Surrogate, sigmoidal, triangular } from '../../snn';
import { realNumber } from '../arguments';
import { EXIT } from '../exit';
import { print, printJson } from '../terminal';
import { textTable } from '../terminal/table';
import { steepnesses } from './k-list';
import { type PictureOptions, pictureOptions, pngRenderer, writePicture } from './picture';

interface Figure2Words extends PictureOptions {
  k: number[];
  vth: number;
  surrogate: keyof typeof surrogates;
  width?: number;
  json?: boolean;
}

/** Those with a window take its whole width; the others reach everywhere. */
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
  $ spikegrad paper figure2 --k 1..20 --out curves.svg --png
  $ spikegrad paper figure2 --surrogate triangular --width 2

φ'(vth) is how much steeper than the identity φ is at the threshold, φ'(vth ± 1/2) what is left of that where the two meet
again. The area under s(φ(H) - vth)·φ'(H) is 1 for a rectangle of width 1, whatever k is.`;

export function figure2Command(): Command {
  const command = new Command('figure2')
    .option('--k <list>', 'steepnesses of MPR, such as 1,3,5,7 or 1..20', steepnesses, [1, 3, 5, 7])
    .option('--vth <x>', 'threshold, on which φ is centred', realNumber(0, false), 0.5)
    .addOption(
      new Option('--surrogate <name>', 'surrogate gradient')
        .choices(Object.keys(surrogates))
        .default('rectangular'),
    )
    .option(
      '--width <x>',
      'width of Ĥ that has a gradient, of rectangular and triangular (default: 1, 2)',
      realNumber(0, false),
    )
    .option('--json', 'print one JSON object instead of text');
  for (const option of pictureOptions('figure2.svg')) command.addOption(option);
  return command.addHelpText('after', EXAMPLES).action(async (options: Figure2Words) => {
    const { surrogate, width } = options;
    if (width !== undefined && !WINDOWED.includes(surrogate))
      command.error(
        `error: --width is for ${WINDOWED.join(' and ')}; ${surrogate} has a gradient everywhere`,
      );
    process.exitCode = await draw(options);
  });
}

async function draw({ k, vth, surrogate, width, out, png, json }: Figure2Words): Promise<number> {
  const render = png ? await pngRenderer() : undefined;
  const { svg, rows } = figure2({ k, vth, surrogate: surrogates[surrogate](width) });
  const files = await writePicture(svg, out, render);
  if (json) {
    printJson({ surrogate, width, vth, rows, files });
    return EXIT.done;
  }
  const table = textTable(
    ['k', "φ'(vth)", "φ'(vth ± 1/2)", "s·φ' at vth", 'area'],
    rows.map((row) => [
      String(row.k),
      ...[row.slope, row.edge, row.effective, row.area].map((x) => x.toFixed(4)),
    ]),
  );
  print(`${table}\n\n${files.join('\n')}`);
  return EXIT.done;
}
