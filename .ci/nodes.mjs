// Fetches the Node versions that the built package is tried on (test/package/nodes.test.ts) into .cache/nodes: the
// newest of each major version that npm has as a binary. What cannot be had is named and left out.
// Run: node .ci/nodes.mjs, or: node .ci/nodes.mjs 20.19.0 24
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const wanted = process.argv.length > 2 ? process.argv.slice(2) : ['20.19.0', '22', '24', '26'];
const names = { linux: 'linux', darwin: 'darwin' };
const system = names[process.platform];
const name = `node-${system}-${process.arch}`;
for (const version of wanted) {
  const folder = join('.cache/nodes', version);
  if (existsSync(join(folder, 'bin/node'))) continue;
  try {
    if (system === undefined) throw new Error(`no binary of ${process.platform}`);
    mkdirSync(folder, { recursive: true });
    const run = (command, ...words) =>
      execFileSync(command, words, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
    const file = run('npm', 'pack', '--silent', '--ignore-scripts', `${name}@${version}`).trim();
    run('tar', '-xzf', file, '--strip-components=1');
    rmSync(join(folder, file));
    console.log(`node ${version}: ${run(join(process.cwd(), folder, 'bin/node'), '--version').trim()}`);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    console.log(
      `node ${version} could not be had: ${
        String(error.stderr || error.message)
          .trim()
          .split('\n')[0]
      }`,
    );
  }
}
