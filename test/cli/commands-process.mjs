// A process that runs the built command line over and over, as often as its parent asks: the parts of the program
// that all commands share are loaded and compiled once. Each command begins as in a process of its own, and ends both
// streams with a NUL.

import { pathToFileURL } from 'node:url';

const main = process.argv[2];
const own = { ...process.env };
let count = 0;

process.on('message', async ({ words, cwd, env }) => {
  process.argv = [process.execPath, main, ...words];
  process.chdir(cwd);
  for (const key of Object.keys(process.env)) if (!(key in own) && !(key in env)) delete process.env[key];
  Object.assign(process.env, own, env);
  process.exitCode = undefined;
  const before = process.stdout.listeners('error');
  await import(`${pathToFileURL(main)}?${++count}`);
  for (const one of process.stdout.listeners('error'))
    if (!before.includes(one)) process.stdout.off('error', one);
  const code = process.exitCode ?? 0;
  process.exitCode = undefined;
  process.stdout.write('\0');
  process.stderr.write('\0');
  process.send({ code });
});
process.on('disconnect', () => process.exit());
