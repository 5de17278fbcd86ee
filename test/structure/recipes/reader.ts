// "A reader" of CONTRIBUTING.md: events as lines of text.

import { type Edit, inFrontOf } from './edit';

export const reader: readonly Edit[] = [
  {
    file: 'src/magic/kinds.ts',
    replace: [
      inFrontOf(
        "  rosbag: { is: 'a bag of ROS' },\n",
        "  eventLines: { is: 'a list of events, each a line of text', way: 'readEvents reads it' },\n",
      ),
    ],
  },
  {
    file: 'src/magic/marks.ts',
    replace: [inFrontOf("  { kind: 'gzip', begins:", "  { kind: 'eventLines', begins: '#EVENTS\\n' },\n")],
  },
  {
    file: 'src/data/events/lines.ts',
    create: `// Events as lines of text: x, y, polarity and microseconds behind a first line #EVENTS.

import { check } from '../../errors';
import { eventsOf } from './columns';
import type { EventStream } from './stream';

/** @throws where a line has not four numbers */
export function lineEvents(bytes: Uint8Array, where: string): EventStream {
  const lines = new TextDecoder().decode(bytes).trimEnd().split('\\n').slice(1);
  const rows = lines.map((line, index) => {
    const numbers = line.split(' ').map(Number);
    check(numbers.length === 4, where, () => \`line \${index + 2} has \${numbers.length} numbers, it needs 4\`);
    return numbers as [number, number, number, number];
  });
  const column = (at: 0 | 1 | 2 | 3) => rows.map((row) => row[at]);
  return eventsOf({ x: column(0), y: column(1), p: column(2), t: column(3), unit: 1, of: 'the file' }, where);
}
`,
  },
  {
    file: 'src/data/events/read.ts',
    replace: [
      inFrontOf(
        "  } else if (kind === 'npz' || kind === 'npy' || kind === 'hdf5') {\n",
        `  } else if (kind === 'eventLines') {
    const { lineEvents } = await import('./lines');
    yield lineEvents(await restOf(reader, where), where);
`,
      ),
    ],
  },
];
