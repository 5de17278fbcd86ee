// A batch that is handed over to be made: by a worker, or where its records were read. Loaded when there is one.

import type { PictureForm } from '../float-dataset';
import { type BatchMaking, imagesFrom } from './make';
import { type Packed, unpacked } from './unpack';

/** What a batch is made of. */
export interface Job {
  readonly form: PictureForm;
  /** Of the batch's records alone, in their order: their numbers, or pictures as they were packed. */
  readonly raw: Uint8Array | Float32Array | readonly Packed[];
  /** Which records of the data set they are. */
  readonly indices: Uint32Array;
  readonly making: BatchMaking;
}

/** Numbers of a batch, [n,...] or [T,n,...]. @throws for a picture that cannot be read, naming its file */
export async function imagesOfJob({ form, raw, indices, making }: Job): Promise<Float32Array<ArrayBuffer>> {
  const pixels = ArrayBuffer.isView(raw) ? raw : await unpacked(raw, form);
  return imagesFrom({ ...form, pixels }, (i) => i, indices, making);
}
