// `npm run bench:frames -- RECORDING PYTHON`: how many events a second become frames here, in tonic and in
// SpikingJelly: the same recording, from lists in memory, by processor time, one after another and again, so that a
// busy moment falls on all of them. And what a recording costs that is longer than memory, from its bytes to its
// frames.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
import {
  type EventStream,
  eventFrameStream,
  eventFrames,
  eventPieces,
  init,
  paddedEventFrames,
  readEvents,
  type Tensor,
} from '../../src';
import { textTable } from '../../src/cli/terminal/table';
import { median } from '../peers/statistics';
import { machine, record } from '../record';

const [recording, python = 'python3'] = process.argv.slice(2);
if (recording === undefined) {
  console.error('usage: npm run bench:frames -- RECORDING PYTHON');
  process.exit(2);
}
const [FRAMES, SPAN, ROUNDS, REPETITIONS] = [16, 10_000, 7, 5];
/** Events of the recording that is made up, and their bytes. */
const [LONG, EVENT] = [40_000_000, 8];

/** An array of NumPy in its file. */
function npy(descr: string, list: Uint16Array | Uint8Array | BigInt64Array): Uint8Array {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${list.length},), }`;
  const header = `${text.padEnd(117, ' ')}\n`;
  const head = Buffer.from(`\x93NUMPY\x01\0${String.fromCharCode(header.length)}\0${header}`, 'latin1');
  return Buffer.concat([head, new Uint8Array(list.buffer, list.byteOffset, list.byteLength)]);
}

await init({ backend: 'cpu' });
const bytes = readFileSync(recording);
const events = await readEvents(bytes);
const { length, x, y, polarity, time } = events;
const width = events.width ?? x.reduce((most, column) => Math.max(most, column + 1), 1);
const height = events.height ?? y.reduce((most, row) => Math.max(most, row + 1), 1);
const first = time.reduce((least, t) => Math.min(least, t), Number.POSITIVE_INFINITY);
const folder = mkdtempSync(join(tmpdir(), 'spikegrad-frames-'));
const file = join(folder, 'events.npz');
const times = BigInt64Array.from(time, (t) => BigInt(t - first));
writeFileSync(
  file,
  zipSync(
    {
      't.npy': npy('<i8', times),
      'x.npy': npy('<u2', x),
      'y.npy': npy('<u2', y),
      'p.npy': npy('|u1', polarity),
    },
    { level: 0 },
  ),
);

const size = { height, width };
const OURS: Readonly<Record<string, () => Tensor>> = {
  'by count': () => eventFrames([events], { ...size, timesteps: FRAMES, by: 'count' }),
  'by time': () => eventFrames([events], { ...size, timesteps: FRAMES }),
  spans: () => paddedEventFrames([events], { ...size, span: SPAN }).frames,
};

interface Measured {
  readonly seconds: number;
  readonly sum: number;
  readonly shape: readonly number[];
}

async function ours(work: string): Promise<Measured> {
  const before = process.cpuUsage();
  let frames: Tensor | undefined;
  for (let i = 0; i < REPETITIONS; i++) {
    frames?.dispose();
    frames = OURS[work]!();
  }
  const { user, system } = process.cpuUsage(before);
  const data = await frames!.data();
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i]!;
  const { shape } = frames!;
  frames!.dispose();
  return { seconds: (user + system) / 1e6 / REPETITIONS, sum, shape };
}

const script = fileURLToPath(new URL('./frames.py', import.meta.url));
const child = spawn(python, [script, file, ...[width, height, FRAMES, SPAN].map(String)], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
const answer = async () => JSON.parse((await lines.next()).value as string) as unknown;
const versions = (await answer()) as Record<string, string>;
async function theirs(work: string): Promise<Measured> {
  child.stdin.write(`${JSON.stringify({ work, repetitions: REPETITIONS })}\n`);
  return (await answer()) as Measured;
}

interface Result {
  readonly work: string;
  readonly name: string;
  readonly eventsPerSecond: number;
  readonly shape: readonly number[];
  /** Events that the frames hold. */
  readonly counted: number;
}
const results: Result[] = [];
for (const work of Object.keys(OURS)) {
  const entrants = {
    spikegrad: () => ours(work),
    tonic: () => theirs(`tonic ${work}`),
    spikingjelly: () => theirs(`spikingjelly ${work}`),
  };
  const seconds = Object.fromEntries(Object.keys(entrants).map((name): [string, number[]] => [name, []]));
  const made: Record<string, Measured> = {};
  for (let round = 0; round <= ROUNDS; round++)
    for (const [name, run] of Object.entries(entrants)) {
      made[name] = await run();
      // the first is for warming up
      if (round > 0) seconds[name]!.push(made[name].seconds);
    }
  for (const name of Object.keys(entrants)) {
    const { sum, shape } = made[name]!;
    results.push({
      work,
      name,
      eventsPerSecond: Math.round(length / median(seconds[name]!)),
      shape,
      counted: sum,
    });
    console.log(results.at(-1));
  }
}
child.stdin.end();
rmSync(folder, { recursive: true });

/** Bytes of a .dat of so many events on a sensor of 1280x720, 1 µs apart, made while they are read. */
async function* longRecording(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('% Version 2\n% Width 1280\n% Height 720\n\x0c\x08', 'latin1');
  const words = new Uint32Array(2 ** 15);
  for (let at = 0; at < LONG; at += words.length / 2) {
    for (let i = 0; i < words.length / 2; i++) {
      words[2 * i] = at + i;
      words[2 * i + 1] = (((((at + i) * 40_503) % 720) << 14) | (((at + i) * 2_654_435) % 1280)) >>> 0;
    }
    yield new Uint8Array(words.buffer.slice(0));
  }
}

async function streamed(
  pieces: AsyncIterable<EventStream>,
  span: number,
  of: { height: number; width: number },
) {
  const [before, start] = [process.cpuUsage(), process.memoryUsage.rss()];
  let [frames, most] = [0, start];
  for await (const frame of eventFrameStream(pieces, { ...of, span })) {
    frame.dispose();
    if (++frames % 16 === 0) most = Math.max(most, process.memoryUsage.rss());
  }
  const { user, system } = process.cpuUsage(before);
  return { frames, seconds: (user + system) / 1e6, megabytes: Math.round((most - start) / 1e6) };
}
await streamed(eventPieces(bytes), SPAN, size);
const short = await streamed(eventPieces(bytes), SPAN, size);
const long = await streamed(eventPieces(longRecording()), 100_000, { height: 720, width: 1280 });
const stream = {
  recording: { events: length, ...short, eventsPerSecond: Math.round(length / short.seconds) },
  long: { events: LONG, bytes: LONG * EVENT, ...long, eventsPerSecond: Math.round(LONG / long.seconds) },
};
console.log(stream);

const millions = (perSecond: number) => (perSecond / 1e6).toPrecision(3);
const table = textTable(
  ['frames', 'spikegrad', 'tonic', 'SpikingJelly', 'shape here'],
  Object.keys(OURS).map((work) => {
    const of = (name: string) => results.find((one) => one.work === work && one.name === name)!;
    const each = ['spikegrad', 'tonic', 'spikingjelly'].map((name) => millions(of(name).eventsPerSecond));
    return [work, ...each, of('spikegrad').shape.join('x')];
  }),
  200,
);
const text = `# Events to frames

${machine()}; ${Object.entries(versions)
  .map(([name, version]) => `${name} ${version}`)
  .join(
    ', ',
  )}. Millions of events a second of one thread's processor time, medians of ${ROUNDS} rounds in turn.

The recording has ${length.toLocaleString('en-US')} events on ${width}x${height} pixels; it lies in memory, as lists here and there. By count and by time it becomes
${FRAMES} frames, spans are of ${SPAN / 1000} ms.

\`\`\`
${table}
\`\`\`

As a stream, from the bytes of the file to frames of ${SPAN / 1000} ms: ${millions(stream.recording.eventsPerSecond)} million events a second. A .dat that is made up
while it is read, ${LONG / 1e6} million events of a sensor of 1280x720 (${(LONG * EVENT) / 1e6} MB of file, ${(13 * LONG) / 1e6} MB as lists), in ${long.frames} frames of 100 ms:
${millions(stream.long.eventsPerSecond)} million events a second, and at most ${long.megabytes} MB more memory than before.
`;
record('frames', { versions, results, stream }, text);
