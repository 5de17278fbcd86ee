// A process that holds a lock until it is told otherwise: `tsx holder.ts PATH BEAT SILENCE [BUSY]`. It says `held`,
// then `lost` when its lock was taken; BUSY milliseconds keep its main thread from doing anything else, as a long
// step does.

import { takeLock } from '../../src/disk/lock';

const [path, beat, silence, busy = 0] = process.argv.slice(2);
const lock = await takeLock(path!, { timing: { beat: Number(beat), silence: Number(silence) } });
console.log('held');
lock.lost.addEventListener('abort', () => {
  let refused = 'no';
  try {
    lock.check();
  } catch (error) {
    refused = String(error);
  }
  console.log(`lost ${refused}`);
  process.exit();
});
setInterval(() => {
  const end = performance.now() + Number(busy);
  while (performance.now() < end);
}, 400);
