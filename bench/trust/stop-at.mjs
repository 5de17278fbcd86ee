// Loaded into a process before it starts (`node --import`): it stops itself before chosen calls of the file system,
// counted from 1, of those that change something or put it on the disk. SPIKEGRAD_STOP_AT lists them;
// SPIKEGRAD_COUNT_IN is a file that gets their number at the end.

import { appendFileSync, promises } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const stops = new Set((process.env.SPIKEGRAD_STOP_AT ?? '').split(',').filter(Boolean).map(Number));
const countIn = process.env.SPIKEGRAD_COUNT_IN;
let calls = 0;

function counted(owner, name) {
  const call = owner[name];
  owner[name] = function (...words) {
    calls++;
    if (stops.has(calls)) process.kill(process.pid, 'SIGSTOP');
    return call.apply(this, words);
  };
}

for (const name of ['mkdir', 'rename', 'rm']) counted(promises, name);
const some = await promises.open(process.execPath, 'r');
for (const name of ['writeFile', 'appendFile', 'sync', 'datasync'])
  counted(Object.getPrototypeOf(some), name);
await some.close();
syncBuiltinESMExports();
if (countIn) process.on('exit', () => appendFileSync(countIn, `${calls}\n`));
