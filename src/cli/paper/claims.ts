// `spikegrad paper claims`: each claim of the paper with what was measured and a verdict, from the cells and gradients
// of a folder. Nothing is trained here.

import { resolve } from 'node:path';
import { Command } from 'commander';
import { claims } from '../../paper/claims';
import { claimPictures } from '../../paper/claims/pictures';
import { claimsMarkdown, claimsReport } from '../../paper/claims/report';
import { CLAIMS_HEAD, claimsRows } from '../../paper/claims/words';
import { refuseForeign } from '../../paper/node/ours';
import { readResults } from '../../paper/node/results';
import { EXIT } from '../exit';
import { writeFile } from '../files';
import { print, say } from '../terminal';
import { counted, textTable } from '../terminal/table';

interface ClaimsWords {
  results: string;
  out?: string;
}

const EXAMPLES = `
Examples:
  $ spikegrad paper claims
  $ spikegrad paper claims --results table1 --out claims

Takes every record in a folder \`cells\` and every gradients.json, however deep below --results, and says of each claim
whether it holds, does not hold, or cannot be told; what is not measured yet is said to be so. With more cells the same command
makes the page anew. The rules stand on the page.`;

export function claimsCommand(): Command {
  return new Command('claims')
    .option(
      '--results <dir>',
      'folder with grids of paper table1 and results of paper gradients',
      'bench/results/paper',
    )
    .option(
      '--out <dir>',
      'folder for claims.html, claims.md and their pictures (default: that of --results)',
    )
    .addHelpText('after', EXAMPLES)
    .action(async ({ results, out = results }: ClaimsWords) => {
      process.exitCode = await judge(results, out);
    });
}

async function judge(results: string, out: string): Promise<number> {
  const place = (name: string) => resolve(out, name);
  await refuseForeign(['claims.html', 'claims.md'].map(place));
  const { cells, studies } = await readResults(resolve(results));
  say(
    `${counted(cells.length, 'cell')} and ${counted(studies.length, 'measurement')} of gradients in ${results}`,
  );
  const judged = claims(cells, studies);
  const pictures = claimPictures(judged);
  const page = { claims: judged, cells, pictures };
  const files: string[] = [];
  for (const { name, svg } of pictures) files.push(await writeFile(place(`claims-${name}.svg`), `${svg}\n`));
  files.push(
    await writeFile(
      place('claims.md'),
      claimsMarkdown(page, ({ name }) => `claims-${name}.svg`),
    ),
    await writeFile(place('claims.html'), claimsReport(page)),
  );
  print(`${textTable(CLAIMS_HEAD, claimsRows(judged))}\n\n${files.join('\n')}`);
  return EXIT.done;
}
