// Weight gradients as sums over the images: each chunk of images has a sum of its own, so that the result does not
// depend on the threads.

import type { ConvGeometry } from '../../geometry';
import { type Address, counter, entire, entireOut, part } from '../argument';
import type { Buffer } from '../buffer';
import type { Engine } from '../engine';
import type { Images } from '../images';
import { kernelCall } from '../kernel-call';
import type { KernelCall } from '../schedule/chain';
import { chunksOf } from '../threads/program';

/**
 * Sums over the images.
 * @param calls of which each adds one image's part, or one of its terms, to the chunk's sum
 * @param grouped the geometry where sums lie in the spikes' order of channels, which the last addition undoes
 */
export function sumOverChunks(
  engine: Engine,
  images: Images,
  size: number,
  out: Buffer,
  calls: (to: Address) => readonly KernelCall[],
  grouped?: ConvGeometry,
): void {
  const { scheduler } = engine;
  const bytes = size * 4;
  const chunks = chunksOf(images.images);
  const parts = engine.buffer(chunks * bytes);
  scheduler.schedule(images.images, [
    kernelCall('clear', 'chunk', { p: part(parts, bytes), bytes }),
    ...calls(part(parts, bytes)),
  ]);
  // the chunks' sums wait for the phase's end and are added beside the next phase's work
  scheduler.afterwards(out, () => {
    if (grouped === undefined) {
      engine.flat(size, 'sumParts', (read, write, count) => ({
        parts: read(parts),
        count: chunks,
        bytes,
        n: count,
        out: write(out),
      }));
    } else {
      const { channels, filters } = grouped;
      scheduler.schedule(channels / 8, [
        kernelCall('weightGradientSum', 'item', {
          parts: entire(parts),
          nParts: chunks,
          partBytes: bytes,
          cin: channels,
          cout: filters,
          dst: entireOut(out),
          cinFrom: counter(8),
          cinTo: counter(8, 8),
        }),
      ]);
    }
    scheduler.release(parts);
  });
}
