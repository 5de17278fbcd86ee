// AEDAT files: text lines that begin with #, the first naming the version, then the events. Which bytes of a version
// are what stands in version2.ts, version3.ts and version4/. Formats:
// https://docs.inivation.com/software/software-advanced-usage/file-formats.

import { check } from '../../../errors';
import type { ByteReader } from '../../bytes';
import { converted } from '../conventions';
import type { EventPieces } from '../stream';
import { type AedatOptions, aedatOptions } from '.';
import { readHeader } from './header';
import { addresses, cameraOf } from './version2';
import { packets } from './version3';
import { flatPackets } from './version4';

/** The pieces of a file of any version. */
export async function* aedatPieces(reader: ByteReader, options: AedatOptions, where: string): EventPieces {
  const { camera, stream, convention } = aedatOptions.read(where, options);
  const header = await readHeader(reader, where);
  const { version, chip } = header;
  check(
    stream === undefined || version === '4.0',
    where,
    () => `a file of version ${version} has one stream; stream is for version 4.0`,
  );
  if (version === '2.0') {
    const whose = camera ?? cameraOf(chip, where);
    yield* converted(addresses(reader, header, whose, where), convention, { format: whose, chip }, where);
  } else yield* version === '3.1' ? packets(reader, where) : flatPackets(reader, stream, where);
}
