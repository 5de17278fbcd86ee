// `spikegrad doctor`: whether this machine, its backend and its disk do what a run relies on.

import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { version } from '../../../package.json';
import { SpikegradError } from '../../errors';
import { createBackend } from '../../init';
import { BACKEND_CHECKS, type BackendCheck, type CheckRow, checkBackend } from '../../testing/check';
import { type BackendChoice, backendOptions, listOf } from '../arguments';
import { EXIT } from '../exit';
import { describeBackend } from '../run/backend';
import { print, say } from '../terminal';
import { counted, textTable } from '../terminal/table';
import { checkFiles, type FileRow } from './file-checks';

interface DoctorWords extends BackendChoice {
  checks: BackendCheck[];
  out: string;
  json?: boolean;
}

const EXAMPLES = `
It takes less than a minute, ends with 0 when all holds and with 1 when something fails, and leaves nothing behind.

Examples:
  $ spikegrad doctor
  $ spikegrad doctor --backend cpu
  $ spikegrad doctor --out /mnt/share/runs --json`;

export function doctorCommand(): Command {
  const command = new Command('doctor');
  for (const option of backendOptions()) command.addOption(option);
  return command
    .addOption(new Option('--out <folder>', 'a folder that runs are to be written to').default('.'))
    .addOption(
      new Option(
        '--checks <names>',
        `what to try of the backend, joined by commas: ${BACKEND_CHECKS.join(', ')}`,
      )
        .argParser(listOf(checkNamed))
        .default([...BACKEND_CHECKS], 'all'),
    )
    .option('--json', 'print one JSON object instead of text')
    .addHelpText('after', EXAMPLES)
    .action(async (words: DoctorWords) => {
      process.exitCode = await examine(words);
    });
}

function checkNamed(text: string): BackendCheck {
  const found = BACKEND_CHECKS.find((name) => name === text);
  if (found === undefined)
    throw new InvalidArgumentError(`Allowed choices are ${BACKEND_CHECKS.join(', ')}.`);
  return found;
}

async function examine({ backend: name, threads, checks, out, json }: DoctorWords): Promise<number> {
  const folder = resolve(out);
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new SpikegradError('doctor', `--out ${out}: there is no such folder`);
  const notices: string[] = [];
  const backend = await createBackend({ backend: name, threads, onNotice: (text) => notices.push(text) });
  const rows: (CheckRow | FileRow)[] = [];
  const show = (row: CheckRow | FileRow) => {
    rows.push(row);
    if (process.stderr.isTTY) say(`${row.check}: ${row.verdict}`);
  };
  await checkBackend(backend, { checks, onRow: show });
  for (const row of await checkFiles(folder)) show(row);
  const ok = rows.every(({ verdict }) => verdict !== 'fails');
  const about = describeBackend(backend);
  if (json === true)
    process.stdout.write(
      `${JSON.stringify({ spikegrad: version, node: process.version, backend: about, folder, notices, ok, rows })}\n`,
    );
  else print(asText({ about, folder, notices, rows }));
  if ('close' in backend && typeof backend.close === 'function') backend.close();
  return ok ? EXIT.done : EXIT.failed;
}

interface Examined {
  readonly about: string;
  readonly folder: string;
  readonly notices: readonly string[];
  readonly rows: readonly (CheckRow | FileRow)[];
}

function asText({ about, folder, notices, rows }: Examined): string {
  const failed = rows.filter(({ verdict }) => verdict === 'fails').map(({ check }) => check);
  const end =
    failed.length === 0
      ? 'Nothing failed.'
      : `${counted(failed.length, 'check')} failed: ${failed.join(', ')}.`;
  return [
    `spikegrad ${version} on Node ${process.version}: ${about}; files in ${folder}`,
    ...notices.map((text) => `note: ${text}`),
    '',
    textTable(
      ['check', 'verdict', 'seconds', 'found'],
      rows.map(({ check, verdict, seconds, found }) => [check, verdict, seconds.toFixed(1), found]),
    ),
    '',
    end,
  ].join('\n');
}
