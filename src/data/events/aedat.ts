// AEDAT files of iniVation's cameras: text lines that begin with #, the first naming the version, then the events. Which bytes
// of a version are what stands in aedat2.ts, aedat3.ts and aedat4.ts.
// Formats: https://docs.inivation.com/software/software-advanced-usage/file-formats.

import { check } from '../../errors';
import { type OptionsOf, oneOf, option, optional, optionTable, whole } from '../../options';
import type { ByteReader, ByteSource } from '../bytes';
import { readHeader } from './aedat-header';
import { addresses, type Camera, cameraOf } from './aedat2';
import { packets } from './aedat3';
import { flatPackets } from './aedat4';
import { CONVENTIONS, type Convention, converted } from './conventions';
import { allEvents, type EventPieces, type EventStream } from './stream';

/** What {@link readAedat} is told. */
export interface AedatOptions {
  /** Whose addresses a file of version 2 holds. Default: the camera that its header names, else `dvs128`. */
  camera?: Camera;
  /** Of several streams of events in a file of version 4, which. Default: the first. */
  stream?: number;
  /** Whose columns, rows and polarities: those of the file, or what tonic or SpikingJelly give for it. Default `file`. */
  convention?: Convention;
}

export const aedatOptions = optionTable({
  camera: optional(oneOf(['dvs128', 'davis']), 'the camera that its header names, else `dvs128`'),
  stream: optional(whole({ least: 0 }), 'the first'),
  convention: option(oneOf(CONVENTIONS), 'file'),
} satisfies OptionsOf<AedatOptions>);

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

/**
 * Reads the events of an AEDAT 2.0, 3.1 or 4.0 file, as of jAER, DVS Gesture, CIFAR10-DVS and DV. Of a recording that was cut
 * off the events before that are read, with a notice.
 * @throws SpikegradError for another version, a header that names a camera of another kind, addresses that are not those
 * of the camera, a damaged file, or one without events
 */
export async function readAedat(source: ByteSource, options: AedatOptions = {}): Promise<EventStream> {
  const where = 'readAedat';
  const read = aedatOptions.read(where, options);
  return allEvents(source, where, (reader) => aedatPieces(reader, read, where));
}
