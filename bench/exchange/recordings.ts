// Recordings: what tonic and SpikingJelly read from files of real cameras and what is read here, event for event.

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEvents, readNpy, SpikegradError } from '../../src';
import { run } from './environment';

/** A file as one tool reads it. */
export interface RecordingRow {
  readonly file: string;
  readonly tool: 'tonic' | 'spikingjelly';
  /** What its users type. */
  readonly line: string;
  /** Events that it reads. */
  readonly events?: number;
  /** Whether its reader raised before a fault of its own was gone round. */
  readonly mended?: boolean;
  readonly error?: string;
  /** Events read here, of them those that are the same in x, y, polarity and time, one by one. */
  readonly ours?: number;
  readonly same?: number;
  /** The first that is not: theirs and ours. */
  readonly differs?: string;
}

/** @param files the folder with the recordings; rows of those that are not there are left out */
export async function recordingsTable(python: string, files: string, folder: string) {
  if (!existsSync(join(files, 'nmnist-sample.bin'))) return undefined;
  mkdirSync(folder, { recursive: true });
  run(python, 'recordings.py', files, folder);
  const { versions, rows } = JSON.parse(readFileSync(join(folder, 'recordings.json'), 'utf8')) as {
    versions: Record<string, string>;
    rows: RecordingRow[];
  };
  return { versions, rows: await Promise.all(rows.map((row) => compared(row, files, folder))) };
}

/** As the tool counts columns and rows; where it has no way of its own for the camera, as the file does. */
async function eventsOf(bytes: Uint8Array, tool: 'tonic' | 'spikingjelly') {
  try {
    return await readEvents(bytes, { convention: tool });
  } catch (error) {
    if (error instanceof SpikegradError) return readEvents(bytes);
    throw error;
  }
}

async function compared(row: RecordingRow, files: string, folder: string): Promise<RecordingRow> {
  const { x, y, polarity, time, length } = await eventsOf(readFileSync(join(files, row.file)), row.tool);
  if (row.events === undefined) return { ...row, ours: length };
  const theirs = (await readNpy(readFileSync(join(folder, `${row.file}.${row.tool}.npy`))))
    .data as BigInt64Array;
  const event = (i: number) => [x[i]!, y[i]!, polarity[i]!, time[i]!];
  const their = (i: number) => Array.from(theirs.subarray(4 * i, 4 * i + 4), Number);
  let same = 0;
  let differs: string | undefined;
  for (let i = 0; i < Math.max(length, row.events); i++) {
    const [mine, other] = [i < length ? event(i) : [], i < row.events ? their(i) : []];
    if (String(mine) === String(other)) same++;
    else differs ??= `event ${i}: [${other}] there, [${mine}] here`;
  }
  return { ...row, ours: length, same, differs };
}
