// Loaded into a process before it starts (`node --import`): once a file called SPIKEGRAD_HOLD_AFTER has got its name,
// it does no more, until somebody ends it or asks it to end. So what is stopped in the middle is stopped there,
// however slow the machine is.

import { promises } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';

const { rename } = promises;
let mayGoOn = false;
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    mayGoOn = true; // when all who listen have heard it
  });

promises.rename = async (from, to) => {
  await rename(from, to);
  if (basename(String(to)) !== process.env.SPIKEGRAD_HOLD_AFTER) return;
  while (!mayGoOn) await new Promise((later) => setTimeout(later, 5));
};
syncBuiltinESMExports();
