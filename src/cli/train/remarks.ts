// What is odd about the settings of a run that can be trained all the same: told before it starts, since it may take
// hours.

import type { RunSettings } from '../../train';
import { counted, thousands } from '../terminal/table';

/** @param images of training */
export function remarksOn(settings: RunSettings, images: number): string[] {
  const { batch, lr, momentum, timesteps, epochs, warmup = 0 } = settings;
  return [
    batch > images &&
      `--batch ${batch} is more than the ${counted(images, 'training image')}: an epoch is one step over all of them, ${counted(epochs, 'step')} in all`,
    lr === 0 && '--lr 0 changes no weight: this run measures the network as it was drawn',
    momentum >= 1 && `--momentum ${momentum} never forgets a step: weights grow without end; below 1 it is`,
    warmup >= epochs &&
      `--warmup ${warmup} is all of the ${counted(epochs, 'epoch')}: the rate never reaches ${lr}`,
    timesteps > 64 && `${thousands(timesteps)} time steps take as many times the time and memory of one`,
  ].filter((remark) => remark !== false);
}
