// Recordings that end too early: a camera that lost its power, a disk that was full, half a download. What is whole
// is read, and the rest told, once for each kind of file.

import { notice } from '../../notices';

/** @param place `inside the packet that begins at byte 800` */
export function tellCut(where: string, place: string): void {
  notice(
    `${where}: the recording ends ${place}; it was cut off, and the events before that are read`,
    `${where} cut`,
  );
}
