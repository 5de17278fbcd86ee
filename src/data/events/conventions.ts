// Columns, rows and polarities as other libraries give them, since they differ. For most formats all agree; where
// they do not, from the addresses of a file,
//            file                       tonic 1.7 (read_dvs_128)    SpikingJelly 2.0 (CIFAR10DVS)
//   DVS128   x, y, ON = bit 0 clear     y, x, 1 - ON                127 - y, 127 - x, ON
//   DAVIS    x, y, ON = bit 11          345 - x, 259 - y, ON        -
// with x in bits 1-7 and y in bits 8-14 (12-21 and 22-30 of a DAVIS). docs/data.md has the table that running them
// made.

import { check, SpikegradError } from '../../errors';
import type { Convention } from './convention-names';
import { EventList, type EventPieces } from './stream';

type Turn = (x: number, y: number, on: number) => readonly [x: number, y: number, polarity: number];

const TURNS: Readonly<Record<'dvs128' | 'davis', { readonly [C in Convention]?: Turn }>> = {
  dvs128: {
    tonic: (x, y, on) => [y, x, 1 - on],
    spikingjelly: (x, y, on) => [127 - y, 127 - x, on],
  },
  davis: { tonic: (x, y, on) => [345 - x, 259 - y, on] },
};

/** What a file of version 2 is of. */
interface Recorded {
  readonly format: 'dvs128' | 'davis';
  readonly chip: string | undefined;
}

/** @throws where that library does not read such a file */
export async function* converted(
  pieces: EventPieces,
  convention: Convention,
  { format, chip }: Recorded,
  where: string,
): EventPieces {
  if (convention === 'file') return yield* pieces;
  const turn = TURNS[format][convention];
  if (turn === undefined)
    throw new SpikegradError(
      where,
      "SpikingJelly does not read AEDAT 2.0 of a DAVIS; convention is 'file' or 'tonic'",
    );
  check(
    format !== 'davis' || chip === undefined || /davis346/i.test(chip),
    where,
    () =>
      `of the DAVIS cameras tonic reads the 346, its header names ${chip?.slice(0, 100)}; use convention: 'file'`,
  );
  for await (const { length, x, y, polarity, time } of pieces) {
    const turned = new EventList(length);
    for (let i = 0; i < length; i++) {
      const [column, row, on] = turn(x[i]!, y[i]!, polarity[i]!);
      turned.push(column, row, on, time[i]!);
    }
    yield turned.finish();
  }
}
