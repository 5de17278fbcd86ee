// What `npm test` does before the tests: types, lint, the package and the playground, side by side as far as the
// processors go. A step that fails ends all of it with its output. `--quick`: types and lint alone.

import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** By name, an npm script each; `after` names those that must be done before. The longest stand first. */
const steps = {
  'build:code': { after: [] },
  types: { after: [] },
  'build:types': { after: ['build:code'] },
  'playground:build': { after: ['build:code'] },
  lint: { after: [] },
};
const quickSteps = { 'test:chosen': { after: [], tells: true }, types: steps.types, lint: steps.lint };
const wanted = process.argv.includes('--quick') ? quickSteps : steps;

const running = new Map();
const done = new Set();

function begin(name) {
  const began = performance.now();
  const child = spawn('npm', ['run', '--silent', name], { stdio: ['ignore', 'pipe', 'pipe'] });
  running.set(name, child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      said += text;
    });
  }
  child.on('close', (code) => {
    running.delete(name);
    if (code !== 0) {
      console.error(`${said}\n${name} failed; npm run ${name} does it alone`);
      for (const other of running.values()) other.kill();
      process.exit(1);
    }
    done.add(name);
    if (wanted[name].tells) console.log(said);
    console.log(`${name}: ${((performance.now() - began) / 1e3).toFixed(1)} s`);
    beginWhatCan();
  });
}

function beginWhatCan() {
  for (const [name, { after }] of Object.entries(wanted)) {
    if (running.size >= availableParallelism()) return;
    const isWaiting = !done.has(name) && !running.has(name);
    if (isWaiting && after.every((one) => done.has(one))) begin(name);
  }
}

beginWhatCan();
