// AEDAT files of iniVation's cameras: what is asked of their reader. How they are read is loaded when one is
// (pieces.ts).

import { type OptionsOf, oneOf, option, optional, optionTable, whole } from '../../../options';
import type { ByteSource } from '../../bytes';
import { CONVENTIONS, type Convention } from '../convention-names';
import { allEvents, type EventStream } from '../stream';
import type { Camera } from './version2';

/** What {@link readAedat} is told. */
export interface AedatOptions {
  /** Whose addresses a file of version 2 holds. Default: the camera that its header names, else `dvs128`. */
  camera?: Camera;
  /** Of several streams of events in a file of version 4, which. Default: the first. */
  stream?: number;
  /**
   * Whose columns, rows and polarities: those of the file, or what tonic or SpikingJelly give for it. Default `file`.
   */
  convention?: Convention;
}

export const aedatOptions = optionTable({
  camera: optional(oneOf(['dvs128', 'davis']), 'the camera that its header names, else `dvs128`'),
  stream: optional(whole({ least: 0 }), 'the first'),
  convention: option(oneOf(CONVENTIONS), 'file'),
} satisfies OptionsOf<AedatOptions>);

/**
 * Reads the events of an AEDAT 2.0, 3.1 or 4.0 file, as of jAER, DVS Gesture, CIFAR10-DVS and DV. Of a recording that
 * was cut off the events before that are read, with a notice.
 * @throws SpikegradError for another version, a header that names a camera of another kind, addresses that are not
 * those of the camera, a damaged file, or one without events
 */
export async function readAedat(source: ByteSource, options: AedatOptions = {}): Promise<EventStream> {
  const where = 'readAedat';
  const read = aedatOptions.read(where, options);
  const { aedatPieces } = await import('./pieces');
  return allEvents(source, where, (reader) => aedatPieces(reader, read, where));
}
